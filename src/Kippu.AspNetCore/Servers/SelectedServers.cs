using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;

namespace Kippu.AspNetCore.Servers;

/// <summary>Kestrel's <c>ServerCertificateSelector</c>: it is asked for each connection, and a certificate that it gives again gets the same server again.</summary>
internal sealed class SelectedServers(Func<ConnectionContext?, string?, X509Certificate2?> selector, Func<X509Certificate2, TlsServer> make) : IServerChoice
{
    /// <summary>A selector that makes a new certificate for each connection must not fill the memory.</summary>
    private const int MostServers = 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, TlsServer> _servers = [];
    private readonly Queue<string> _order = new();

    public bool NeedsHello => true;

    public ValueTask<TlsServer?> ChooseAsync(ConnectionContext connection, ClientHelloInfo? hello, CancellationToken cancellationToken) =>
        new(selector(connection, hello?.ServerName) is { } certificate ? For(certificate) : null);

    private TlsServer For(X509Certificate2 certificate)
    {
        var thumbprint = certificate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256);
        lock (_lock)
        {
            if (!_servers.TryGetValue(thumbprint, out var server))
            {
                if (_order.Count == MostServers && _servers.Remove(_order.Dequeue(), out var oldest))
                {
                    oldest.Dispose();
                }

                _servers.Add(thumbprint, server = make(certificate));
                _order.Enqueue(thumbprint);
            }

            return server;
        }
    }
}
