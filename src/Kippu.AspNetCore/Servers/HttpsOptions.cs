using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Kippu.AspNetCore.Certificates;
using Kippu.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Kippu.AspNetCore.Servers;

/// <summary>Kestrel's options for HTTPS in our words: each member is honoured, or refused by its name.</summary>
internal static class HttpsOptions
{
    /// <exception cref="NotSupportedException">A member cannot be honoured.</exception>
    public static void Check(HttpsConnectionAdapterOptions https)
    {
        const SslProtocols Spoken = SslProtocols.Tls12 | SslProtocols.Tls13;
        if ((https.SslProtocols & ~Spoken) != 0)
        {
            throw Refused(nameof(https.SslProtocols), $"{https.SslProtocols & ~Spoken} is not spoken");
        }

        if (https.OnAuthenticate is { } callback && callback.Target is not CertificateFallback)
        {
            throw Refused(nameof(https.OnAuthenticate), $"there is no SslServerAuthenticationOptions to change; {nameof(KippuOptions)}.{nameof(KippuOptions.Server)} changes what Kippu has instead");
        }

        if (https.ClientCertificateMode == ClientCertificateMode.DelayCertificate)
        {
            throw DelayedCertificate($"{nameof(HttpsConnectionAdapterOptions)}.{nameof(https.ClientCertificateMode)}");
        }
    }

    public static TlsServerOptions Translate(HttpsConnectionAdapterOptions https, KippuProfile profile, HttpProtocols protocols)
    {
        var validation = https.ClientCertificateValidation;
        var options = TlsServerOptions.From(new SslServerAuthenticationOptions
        {
            ClientCertificateRequired = https.ClientCertificateMode != ClientCertificateMode.NoCertificate,
            CertificateRevocationCheckMode = https.CheckCertificateRevocation ? X509RevocationMode.Online : X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = validation is null || https.ClientCertificateMode == ClientCertificateMode.NoCertificate
                ? null
                : (_, certificate, chain, errors) => validation((X509Certificate2)certificate!, chain, errors),
        });
        if (https.ClientCertificateMode == ClientCertificateMode.AllowCertificate)
        {
            options.ClientCertificate = ClientCertificateRequirement.Optional;
        }

        options.ClientVerification.CallbackId = profile.Options.ClientCertificateValidationId;
        options.Protocols = https.SslProtocols;
        options.HandshakeTimeout = https.HandshakeTimeout;
        AddProtocols(protocols, options.ApplicationProtocols);
        ApplyProfile(options, profile);
        return options;
    }

    /// <summary>What a callback of Kestrel gives for one connection.</summary>
    public static TlsServerOptions Translate(SslServerAuthenticationOptions ssl, TimeSpan handshakeTimeout, KippuProfile profile, HttpProtocols protocols)
    {
        var options = TlsServerOptions.From(ssl);
        options.ClientVerification.CallbackId = profile.Options.ClientCertificateValidationId;
        options.HandshakeTimeout = handshakeTimeout;
        if (ssl.ApplicationProtocols is null)
        {
            AddProtocols(protocols, options.ApplicationProtocols);
        }

        ApplyProfile(options, profile);
        return options;
    }

    public static NotSupportedException DelayedCertificate(string member) =>
        new($"{member}: DelayCertificate needs a renegotiation, or its successor in TLS 1.3; AllowCertificate asks in the handshake");

    /// <summary>What SslStream would send: the chain that is given, completed from the machine's stores. Nothing is downloaded.</summary>
    public static TlsCredential Credential(X509Certificate2 certificate, X509Certificate2Collection? chain)
    {
        var context = SslStreamCertificateContext.Create(certificate, chain, offline: true);
        return TlsCredential.FromCertificate(certificate, context.IntermediateCertificates);
    }

    public static NotSupportedException Refused(string member, string reason) => new($"{nameof(HttpsConnectionAdapterOptions)}.{member}: {reason}");

    private static void ApplyProfile(TlsServerOptions options, KippuProfile profile)
    {
        options.Tickets = profile.Options.Tickets;
        options.EarlyData = profile.Options.EarlyData;
        options.ScopeName = profile.ScopeName;
        options.PolicyVersion = profile.Options.PolicyVersion;
        options.TimeProvider = profile.Runtime.Time;
    }

    /// <summary>As Kestrel has them: HTTP/2 before HTTP/1.1. HTTP/3 is not for this transport.</summary>
    private static void AddProtocols(HttpProtocols protocols, IList<SslApplicationProtocol> to)
    {
        if (protocols.HasFlag(HttpProtocols.Http2))
        {
            to.Add(SslApplicationProtocol.Http2);
        }

        if (protocols.HasFlag(HttpProtocols.Http1))
        {
            to.Add(SslApplicationProtocol.Http11);
        }
    }
}
