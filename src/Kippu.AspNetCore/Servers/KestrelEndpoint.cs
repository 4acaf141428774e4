using System.Security.Cryptography.X509Certificates;
using Kippu.AspNetCore.Hosting;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Kippu.AspNetCore.Servers;

/// <summary>Which <see cref="TlsServer"/> answers to a connection of one endpoint.</summary>
internal sealed class KestrelEndpoint
{
    private readonly KippuProfile _profile;
    private readonly HttpsConnectionAdapterOptions _https;
    private readonly HttpProtocols _protocols;
    private readonly TlsServer? _only;

    /// <exception cref="NotSupportedException">A member of <paramref name="https"/> cannot be honoured.</exception>
    public KestrelEndpoint(KippuProfile profile, HttpsConnectionAdapterOptions https, HttpProtocols protocols)
    {
        HttpsOptions.Check(https);
        _profile = profile;
        _https = https;
        _protocols = protocols;
        if (https.ServerCertificate is { } certificate)
        {
            _only = MakeServer(certificate, https.ServerCertificateChain);
        }
    }

    /// <summary>How long a client may take.</summary>
    public TimeSpan HandshakeTimeout => _https.HandshakeTimeout;

    public TlsServer Choose(ConnectionContext connection) => _only!;

    private TlsServer MakeServer(X509Certificate2 certificate, X509Certificate2Collection? chain)
    {
        var options = HttpsOptions.Translate(_https, _profile, _protocols);
        options.Credentials.Add(HttpsOptions.Credential(certificate, chain));
        _profile.Options.Server?.Invoke(options);
        return new TlsServer(options);
    }
}
