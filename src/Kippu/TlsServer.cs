using Kippu.Handshake;

namespace Kippu;

/// <summary>The server side of TLS: validated, immutable, thread-safe, shared by all connections. Makes one <see cref="TlsConnection"/> for each.</summary>
public sealed class TlsServer
{
    private readonly ServerPolicy _policy;

    /// <summary>Validates and copies the options.</summary>
    /// <exception cref="ArgumentException">An option is missing or contradicts another; the message says which and what to do.</exception>
    public TlsServer(TlsServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _policy = ServerPolicyBuilder.Build(options);
        HandshakeTimeout = options.HandshakeTimeout;
    }

    /// <summary>The policy under which sessions of the default host may be resumed, as a digest: servers of one fleet must agree on it, besides sharing the ring.</summary>
    public SessionScope SessionScope => _policy.Hosts.Default.Scope;

    internal TimeSpan HandshakeTimeout { get; }

    internal TimeProvider TimeProvider => _policy.Time;

    /// <summary>A host for <see cref="TlsServerOptions.HostSelector"/>. Sessions of hosts with an equal policy (the scope) are shared, whichever call made them.</summary>
    /// <exception cref="ArgumentException">An option is missing or contradicts another.</exception>
    public TlsHost CreateHost(TlsHostOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new TlsHost(ServerPolicyBuilder.BuildHost(options, _policy));
    }

    /// <summary>A new connection, waiting for a ClientHello.</summary>
    public TlsConnection CreateConnection() => TlsConnection.ForServer(_policy);
}
