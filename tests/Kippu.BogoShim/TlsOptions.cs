using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Kippu.BogoShim;

/// <summary>The runner's flags as options of a server or a client.</summary>
internal static class TlsOptions
{
    /// <summary>What <c>-enable-early-data</c> promises in tickets.</summary>
    private const int MaxEarlyData = 14336;

    private static readonly X509Certificate2 s_nobody = Nobody();

    public static SslProtocols Protocols(FlagSet flags)
    {
        var lowest = flags.Int("min-version") ?? 0x0303;
        var highest = flags.Int("max-version") ?? 0x0304;
        var protocols = SslProtocols.None;
        if (lowest <= 0x0303 && highest >= 0x0303 && !flags.Has("no-tls12"))
        {
            protocols |= SslProtocols.Tls12;
        }

        if (lowest <= 0x0304 && highest >= 0x0304 && !flags.Has("no-tls13"))
        {
            protocols |= SslProtocols.Tls13;
        }

        return protocols == SslProtocols.None ? throw new UnimplementedException("versions before TLS 1.2") : protocols;
    }

    public static TlsServerOptions ForServer(FlagSet flags, ShimState state)
    {
        var options = new TlsServerOptions
        {
            Protocols = Protocols(flags),
            TimeProvider = state.Clock,
            SessionCache = state.SessionCache,
            ScopeName = "bogo",
            Observer = state.Trace,
            ClientCertificate = flags.Has("require-any-client-certificate") ? ClientCertificateRequirement.Required
                : flags.Has("verify-peer") ? ClientCertificateRequirement.Optional
                : ClientCertificateRequirement.None,
            ClientVerification = Verification(flags),
            Tickets =
            {
                Ring = state.Ring,
                Enabled = !flags.Has("no-ticket"),
                Protector = flags.Has("use-ticket-callback") || flags.Has("use-ticket-aead-callback") ? new ShimTicketProtector(flags, state.ProtectorKey) : null,
            },
        };
        if (flags.Has("enable-early-data"))
        {
            options.EarlyData = new EarlyDataOptions { MaxSize = MaxEarlyData, FreshnessWindow = TimeSpan.FromSeconds(60), ReplayGuard = state.FirstFlights };
        }

        AddGroups(options.Groups, flags);
        AddAll(options.SignatureSchemes, VerifyPreferences(flags));
        AddAll(options.Credentials, Credentials(flags));
        AddAll(options.ApplicationProtocols, flags.Has("reject-alpn") ? [new SslApplicationProtocol("no client offers this")]
            : flags.Value("select-alpn") is { Length: > 0 } selected ? [new SslApplicationProtocol(Latin1(selected))] : []);
        if (flags.Value("expect-advertised-alpn") is { } expected)
        {
            options.HostSelector = (hello, _) =>
            {
                var offered = string.Concat(hello.ApplicationProtocols.Select(protocol => (char)protocol.Protocol.Length + Encoding.Latin1.GetString(protocol.Protocol.Span)));
                return offered == expected ? ValueTask.FromResult<TlsHost?>(null) : throw new ShimFailure($"advertised ALPN: '{offered}'");
            };
        }

        return options;
    }

    public static TlsClientOptions ForClient(FlagSet flags, ShimState state)
    {
        var options = new TlsClientOptions
        {
            Protocols = Protocols(flags),
            TimeProvider = state.Clock,
            SessionStore = state.Store,
            Observer = state.Trace,
            ServerVerification = Verification(flags),
            UseTickets = !flags.Has("no-ticket"),
            EnableEarlyData = flags.Has("enable-early-data"),
        };
        AddGroups(options.Groups, flags);
        AddAll(options.SignatureSchemes, VerifyPreferences(flags));
        AddAll(options.Credentials, Credentials(flags));
        AddAll(options.ApplicationProtocols, AlpnList(flags.Value("advertise-alpn") ?? ""));
        return options;
    }

    /// <summary>The number of a credential: -1 is the default one.</summary>
    public static int NumberOf(TlsCredential? credential, FlagSet flags) => flags.Credentials.FindIndex(each => each.Load() is { } loaded && loaded == credential) - 1;

    public static byte[] Latin1(string text) => Encoding.Latin1.GetBytes(text);

    /// <summary>The runner's certificates have no chain worth a verdict: the test says what the verdict is.</summary>
    private static CertificateVerificationOptions Verification(FlagSet flags)
    {
        return new CertificateVerificationOptions
        {
            CustomTrustRoots = [Root(flags)],
            RequestOcspResponse = flags.Has("enable-ocsp-stapling"),
            RequestSignedCertificateTimestamps = flags.Has("enable-signed-cert-timestamps"),
            CallbackId = "bogo",
            Callback = (context, _) =>
            {
                ExpectStaple(flags.Bytes("expect-ocsp-response"), context.OcspResponse, "OCSP response");
                ExpectStaple(flags.Bytes("expect-signed-cert-timestamps"), context.SignedCertificateTimestamps, "SCT list");
                var isAsked = flags.Has("verify-peer") || flags.Has("use-custom-verify-callback") || flags.Has("require-any-client-certificate");
                return ValueTask.FromResult(!(isAsked && flags.Has("verify-fail")));
            },
        };
    }

    private static void ExpectStaple(byte[]? expected, byte[]? actual, string what)
    {
        if (expected is not null && !expected.AsSpan().SequenceEqual(actual))
        {
            throw new ShimFailure($"another {what}");
        }
    }

    /// <summary>Some root, so that no process of thousands reads the roots of the system; where the runner names none, one that has signed nothing.</summary>
    private static X509Certificate2 Root(FlagSet flags)
    {
        if (flags.Value("trust-cert") is { Length: > 0 } file)
        {
            return X509Certificate2.CreateFromPem(File.ReadAllText(file));
        }

        return s_nobody;
    }

    private static X509Certificate2 Nobody()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest("CN=nobody", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1));
    }

    /// <summary>The runner's default leaves P-521 out.</summary>
    private static IEnumerable<SignatureScheme> VerifyPreferences(FlagSet flags) => flags.Has("verify-prefs")
        ? flags.Numbers("verify-prefs").Select(ShimArguments.Scheme)
        :
        [
            SignatureScheme.EcdsaSecp256r1Sha256, SignatureScheme.RsaPssRsaeSha256, SignatureScheme.RsaPkcs1Sha256,
            SignatureScheme.EcdsaSecp384r1Sha384, SignatureScheme.RsaPssRsaeSha384, SignatureScheme.RsaPkcs1Sha384,
            SignatureScheme.RsaPssRsaeSha512, SignatureScheme.RsaPkcs1Sha512,
        ];

    /// <summary>Those with a number come first, then the default one.</summary>
    private static IEnumerable<TlsCredential> Credentials(FlagSet flags)
    {
        foreach (var credential in flags.Credentials.Skip(1).Append(flags.Credentials[0]).Select(each => each.Load(flags.Has("server"))).OfType<TlsCredential>())
        {
            // What BoringSSL asks a callback for is a property here, which an application sets when it likes.
            credential.OcspResponse = flags.Has("decline-ocsp-callback") ? null : credential.OcspResponse;
            yield return credential;
        }
    }

    private static void AddGroups(IList<NamedGroup> groups, FlagSet flags)
    {
        foreach (var number in flags.Numbers("curves"))
        {
            groups.Add(Enum.IsDefined((NamedGroup)number) && number != (ushort)NamedGroup.X25519MLKem768
                ? (NamedGroup)number
                : throw new UnimplementedException($"group {number}"));
        }
    }

    private static IEnumerable<SslApplicationProtocol> AlpnList(string wire)
    {
        var bytes = Latin1(wire);
        for (var at = 0; at < bytes.Length; at += 1 + bytes[at])
        {
            yield return new SslApplicationProtocol(bytes.AsSpan(at + 1, bytes[at]).ToArray());
        }
    }

    private static void AddAll<T>(IList<T> target, IEnumerable<T> items)
    {
        foreach (var item in items)
        {
            target.Add(item);
        }
    }
}
