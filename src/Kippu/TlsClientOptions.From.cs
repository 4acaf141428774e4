using System.Net.Security;
using Kippu.Certificates;

namespace Kippu;

public sealed partial class TlsClientOptions
{
    /// <summary>The options of <see cref="SslStream"/> in our words. Every member is honoured, or refused by its name; what only we have is at its default and can be changed.</summary>
    /// <param name="source">Read once; certificates stay in use.</param>
    /// <param name="target">Whom to connect to, from <see cref="SslClientAuthenticationOptions.TargetHost"/>. Sessions are kept by host and port: change the port if it is not 443.</param>
    /// <remarks>
    /// <para><see cref="SslClientAuthenticationOptions.RemoteCertificateValidationCallback"/> gets the <see cref="CertificateVerificationContext"/> as its sender; it has no id, so sessions are neither
    /// kept nor resumed, and it is asked in every handshake, unless <see cref="CertificateVerificationOptions.CallbackId"/> is set afterwards. <see cref="SslClientAuthenticationOptions.AllowRenegotiation"/> is a permission (by
    /// default it is given) of which no use is made: renegotiation is always refused.</para>
    /// <para>Make one <see cref="TlsClient"/> of them, for all connections: sessions belong to it, and one for each connection never resumes. Where <see cref="SslStream"/> throws an
    /// <see cref="System.Security.Authentication.AuthenticationException"/>, a <see cref="TlsException"/> is thrown, which is an <see cref="IOException"/>.</para>
    /// <para>Without a <see cref="SslClientAuthenticationOptions.CertificateChainPolicy"/> the verification is ours: nothing is downloaded, so a server must send its intermediates.</para>
    /// </remarks>
    /// <exception cref="NotSupportedException">A member demands what cannot be honoured; the message begins with its name.</exception>
    /// <exception cref="ArgumentException">The target host is neither a DNS name nor an address.</exception>
    public static TlsClientOptions From(SslClientAuthenticationOptions source, out TlsTarget target)
    {
        ArgumentNullException.ThrowIfNull(source);
        CheckHonoured(source);
        target = new TlsTarget(source.TargetHost!);
        var options = new TlsClientOptions
        {
            ServerVerification = RemoteValidation.TranslateForClient(source.CertificateChainPolicy, source.CertificateRevocationCheckMode, source.RemoteCertificateValidationCallback),
            UseTickets = source.AllowTlsResume,
            UseSessionIds = source.AllowTlsResume,
        };
        SslOptions.AddProtocols(source.ApplicationProtocols, options.ApplicationProtocols);
        SslOptions.AddSuites(source.CipherSuitesPolicy, options.CipherSuites);
        SslOptions.AddSchemes(source.AllowRsaPssPadding, source.AllowRsaPkcs1Padding, options.SignatureSchemes);
        AddCredentials(source, options);
        return options;
    }

    private static void AddCredentials(SslClientAuthenticationOptions source, TlsClientOptions options)
    {
        if (source.ClientCertificateContext is { } context)
        {
            options.Credentials.Add(SslOptions.Credential(context, nameof(source.ClientCertificateContext)));
            return;
        }

        foreach (var certificate in source.ClientCertificates ?? [])
        {
            options.Credentials.Add(SslOptions.Credential(certificate, nameof(source.ClientCertificates)));
        }
    }

    private static void CheckHonoured(SslClientAuthenticationOptions source)
    {
        SslOptions.CheckProtocols(source.EnabledSslProtocols);
        SslOptions.CheckEncryption(source.EncryptionPolicy);
        if (string.IsNullOrEmpty(source.TargetHost))
        {
            throw SslOptions.Refused(nameof(source.TargetHost), "a client must know whom it connects to; give the name or the address");
        }

        if (source.LocalCertificateSelectionCallback is not null)
        {
            throw SslOptions.Refused(
                nameof(source.LocalCertificateSelectionCallback), "put the certificates into Credentials: the first one that fits the server's request is sent");
        }
    }
}
