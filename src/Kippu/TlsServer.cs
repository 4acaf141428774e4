using Kippu.Handshake;

namespace Kippu;

/// <summary>The server side of TLS: validated, immutable, thread-safe, shared by all connections. Makes one <see cref="TlsConnection"/> for each.</summary>
/// <remarks>It holds keys of sessions: dispose it when no more connections are to be made.</remarks>
public sealed class TlsServer : IDisposable
{
    private readonly ServerPolicy _policy;

    /// <summary>Validates and copies the options.</summary>
    /// <exception cref="ArgumentException">An option is missing or contradicts another; the message says which and what to do.</exception>
    public TlsServer(TlsServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        HandshakeTimeout = Preferences.HandshakeTimeout(options.HandshakeTimeout);
        _policy = ServerPolicyBuilder.Build(options);
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
        return new TlsHost(ServerPolicyBuilder.BuildHost(options, _policy), _policy);
    }

    /// <summary>A new connection, waiting for a ClientHello.</summary>
    /// <exception cref="ObjectDisposedException">The server was disposed.</exception>
    public TlsConnection CreateConnection()
    {
        ObjectDisposedException.ThrowIf(_policy.Services.IsDisposed, this);
        return TlsConnection.ForServer(_policy);
    }

    /// <summary>
    /// Whether a ticket of this hello opens here, so that its handshake is likely to be a short one: for those who put connections in order before they begin. It promises nothing, and
    /// changes nothing; the handshake opens the ticket again.
    /// </summary>
    /// <param name="hello">A hello that <see cref="ClientHelloReader"/> has read.</param>
    /// <remarks>With a <see cref="TlsServerOptions.HostSelector"/>, which is not asked here, only tickets of the default host's scope open.</remarks>
    public bool CanOpenTicket(ClientHelloInfo hello)
    {
        ArgumentNullException.ThrowIfNull(hello);
        return hello.Hello is { } whole && TicketPeek.Opens(whole, _policy);
    }

    /// <summary>
    /// Clears the keys of sessions: those derived from the ring, and the ring if it is the server's own. A ring that was given in the options, a session cache
    /// and the credentials are their owner's. Connections that exist go on; they neither resume a session nor issue a ticket any more. May be called more than once.
    /// </summary>
    public void Dispose() => _policy.Services.Dispose();
}
