using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kippu.AspNetCore.Configuration;

namespace Kippu.AspNetCore.Hosting;

/// <summary>What the options of an endpoint may not be, said before the first connection and by their place in the configuration.</summary>
internal static class KippuRules
{
    public static void Check(string name, KippuOptions options)
    {
        if (options is { RingFile: not null, Tickets.Ring: not null })
        {
            throw Refused(name, nameof(KippuOptions.RingFile), "Tickets.Ring is given too; give one of the two");
        }

        if (options is { RotateRing: true, RingFile: null })
        {
            throw Refused(name, nameof(KippuOptions.RotateRing), "there is no RingFile to rotate");
        }

        if (options.MaxConcurrentHandshakes < 1)
        {
            throw Refused(name, nameof(KippuOptions.MaxConcurrentHandshakes), $"{options.MaxConcurrentHandshakes} is less than 1");
        }

        if (options.ScopeName is { Length: 0 })
        {
            throw Refused(name, nameof(KippuOptions.ScopeName), "is empty; leave it out, and the application's name is taken");
        }
    }

    /// <summary>Whatever the library refuses is refused here, with a certificate of no account, so that it is said with its place.</summary>
    public static void CheckServer(string name, KippuOptions options, string scopeName, TimeProvider time)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=none", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1));
        using var credential = TlsCredential.FromCertificate(certificate);
        try
        {
            new TlsServer(new TlsServerOptions
            {
                Credentials = { credential },
                Tickets = options.Tickets,
                EarlyData = options.EarlyData,
                ScopeName = scopeName,
                PolicyVersion = options.PolicyVersion,
                TimeProvider = time,
            }).Dispose();
        }
        catch (ArgumentException wrong)
        {
            throw ConfiguredValue.Refused(KippuSection.Path(name, PathIn(wrong.Message)));
        }
    }

    /// <summary>The library names the member, and the configuration has it under the same name.</summary>
    private static string PathIn(string message) =>
        message.Replace("TicketOptions.", "Tickets:", StringComparison.Ordinal).Replace("Tickets.", "Tickets:", StringComparison.Ordinal).Replace("EarlyData.", "EarlyData:", StringComparison.Ordinal);

    private static Microsoft.Extensions.Options.OptionsValidationException Refused(string name, string option, string reason) =>
        ConfiguredValue.Refused($"{KippuSection.Path(name, option)}: {reason}");
}
