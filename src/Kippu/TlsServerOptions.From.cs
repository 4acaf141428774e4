using System.Net.Security;
using Kippu.Certificates;

namespace Kippu;

public sealed partial class TlsServerOptions
{
    /// <summary>The options of <see cref="SslStream"/> in our words. Every member is honoured, or refused by its name; what only we have is at its default and can be changed.</summary>
    /// <param name="source">Read once; certificates stay in use.</param>
    /// <remarks>
    /// <para>Some members mean more here. <see cref="SslServerAuthenticationOptions.ClientCertificateRequired"/> refuses a client without a certificate, without asking the callback.
    /// <see cref="SslServerAuthenticationOptions.RemoteCertificateValidationCallback"/> gets the <see cref="CertificateVerificationContext"/> as its sender; it has no id, so sessions with a
    /// client certificate are neither kept nor resumed unless <see cref="CertificateVerificationOptions.CallbackId"/> is set afterwards. The trust that a
    /// <see cref="SslStreamCertificateContext"/> may announce, and its OCSP responses, cannot be read from it and are not sent.</para>
    /// <para>Make one <see cref="TlsServer"/> of them, for all connections. Where <see cref="SslStream"/> throws an
    /// <see cref="System.Security.Authentication.AuthenticationException"/>, a <see cref="TlsException"/> is thrown, which is an <see cref="IOException"/>.</para>
    /// <para>Without a <see cref="SslServerAuthenticationOptions.CertificateChainPolicy"/> the verification is ours: nothing is downloaded.</para>
    /// </remarks>
    /// <exception cref="NotSupportedException">A member demands what cannot be honoured; the message begins with its name.</exception>
    public static TlsServerOptions From(SslServerAuthenticationOptions source)
    {
        ArgumentNullException.ThrowIfNull(source);
        CheckHonoured(source);
        var options = new TlsServerOptions
        {
            ClientCertificate = source.ClientCertificateRequired ? ClientCertificateRequirement.Required : ClientCertificateRequirement.None,
            ClientVerification = RemoteValidation.TranslateForServer(source.CertificateChainPolicy, source.CertificateRevocationCheckMode, source.RemoteCertificateValidationCallback),
        };
        options.Tickets.Enabled = source.AllowTlsResume;
        SslOptions.AddProtocols(source.ApplicationProtocols, options.ApplicationProtocols);
        SslOptions.AddSuites(source.CipherSuitesPolicy, options.CipherSuites);
        SslOptions.AddSchemes(source.AllowRsaPssPadding, source.AllowRsaPkcs1Padding, options.SignatureSchemes);
        if (source.ServerCertificateContext is { } context)
        {
            options.Credentials.Add(SslOptions.Credential(context, nameof(source.ServerCertificateContext)));
        }
        else if (source.ServerCertificate is { } certificate)
        {
            options.Credentials.Add(SslOptions.Credential(certificate, nameof(source.ServerCertificate)));
        }

        return options;
    }

    private static void CheckHonoured(SslServerAuthenticationOptions source)
    {
        SslOptions.CheckProtocols(source.EnabledSslProtocols);
        SslOptions.CheckEncryption(source.EncryptionPolicy);
        if (source.AllowRenegotiation)
        {
            throw SslOptions.Refused(nameof(source.AllowRenegotiation), "renegotiation is always refused; set it to false");
        }

        if (source.ServerCertificateSelectionCallback is not null)
        {
            throw SslOptions.Refused(
                nameof(source.ServerCertificateSelectionCallback),
                "put the certificates into Credentials, which are chosen by their names, or their hosts into Hosts; or choose a host by HostSelector");
        }

        if (source is { ClientCertificateRequired: false, RemoteCertificateValidationCallback: not null })
        {
            throw SslOptions.Refused(
                nameof(source.RemoteCertificateValidationCallback), "no client is asked for a certificate that it could validate; set ClientCertificateRequired, or take the callback away");
        }
    }
}
