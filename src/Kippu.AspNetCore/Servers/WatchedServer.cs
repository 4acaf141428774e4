using Kippu.AspNetCore.Certificates;
using Microsoft.AspNetCore.Connections;

namespace Kippu.AspNetCore.Servers;

/// <summary>A server for the certificates that are in force; when others are, another server, on the same ring: so sessions go on.</summary>
internal sealed class WatchedServer : IServerChoice
{
    private readonly CertificateWatch _watch;
    private readonly Func<IEnumerable<TlsCredential>, TlsServer> _make;
    private readonly Lock _lock = new();
    private volatile Made _current;
    private TlsServer? _previous;

    public WatchedServer(CertificateWatch watch, Func<IEnumerable<TlsCredential>, TlsServer> make)
    {
        _watch = watch;
        _make = make;
        _current = Make(watch.Current);
    }

    public bool NeedsHello => false;

    public ValueTask<TlsServer?> ChooseAsync(ConnectionContext connection, ClientHelloInfo? hello, CancellationToken cancellationToken)
    {
        var current = _current;
        return new(ReferenceEquals(current.From, _watch.Current) ? current.Server : Renew());
    }

    private TlsServer Renew()
    {
        lock (_lock)
        {
            if (!ReferenceEquals(_current.From, _watch.Current))
            {
                // Handshakes may be under way with the last one; those with the one before it are long over.
                _previous?.Dispose();
                _previous = _current.Server;
                _current = Make(_watch.Current);
            }

            return _current.Server;
        }
    }

    private Made Make(CertificateSet set) => new(set, _make(set.Credentials));

    private sealed record Made(CertificateSet From, TlsServer Server);
}
