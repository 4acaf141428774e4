using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Kippu.AspNetCore.Diagnostics;

/// <summary>
/// Kestrel's own instruments for TLS: a meter and its instruments are found by name, so what is recorded here stands in the same series as what Kestrel's HTTPS middleware
/// records, with the same tags.
/// </summary>
internal sealed class KestrelTlsMetrics
{
    private readonly Histogram<double> _duration;
    private readonly UpDownCounter<long> _active;

    public KestrelTlsMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Microsoft.AspNetCore.Server.Kestrel");
        _duration = meter.CreateHistogram<double>("kestrel.tls_handshake.duration", "s", "The duration of TLS handshakes on the server.");
        _active = meter.CreateUpDownCounter<long>("kestrel.active_tls_handshakes", "{handshake}", "Number of TLS handshakes that are currently in progress on the server.");
    }

    public void Started(ConnectionContext connection)
    {
        if (_active.Enabled)
        {
            _active.Add(1, TagsOf(connection));
        }
    }

    /// <param name="connection">The connection.</param>
    /// <param name="duration">Of the handshake.</param>
    /// <param name="version">As Kestrel writes it, "1.3"; null if the handshake failed.</param>
    /// <param name="error">The type of exception; null if the handshake did not fail.</param>
    public void Ended(ConnectionContext connection, TimeSpan duration, string? version, string? error)
    {
        if (!_active.Enabled && !_duration.Enabled)
        {
            return;
        }

        var tags = TagsOf(connection);
        _active.Add(-1, tags);
        if (version is not null)
        {
            tags.Add("tls.protocol.version", version);
        }

        if (error is not null)
        {
            tags.Add("error.type", error);
        }

        _duration.Record(duration.TotalSeconds, tags);
    }

    private static TagList TagsOf(ConnectionContext connection)
    {
        var tags = default(TagList);
        switch (connection.LocalEndPoint)
        {
            case IPEndPoint ip:
                tags.Add("server.address", ip.Address.ToString());
                tags.Add("server.port", ip.Port);
                tags.Add("network.type", ip.AddressFamily == AddressFamily.InterNetworkV6 ? "ipv6" : "ipv4");
                tags.Add("network.transport", "tcp");
                break;
            case UnixDomainSocketEndPoint unix:
                tags.Add("server.address", unix.ToString());
                tags.Add("network.transport", "unix");
                break;
            case NamedPipeEndPoint pipe:
                tags.Add("server.address", pipe.ToString());
                tags.Add("network.transport", "pipe");
                break;
            case { } other:
                tags.Add("server.address", other.ToString());
                tags.Add("network.transport", other.AddressFamily.ToString());
                break;
        }

        return tags;
    }
}
