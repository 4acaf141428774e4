using Kippu.Handshake;

namespace Kippu;

/// <summary>The client side of TLS: validated, immutable, thread-safe, shared by all connections. Keeps the sessions that it may resume.</summary>
public sealed class TlsClient
{
    private readonly ClientPolicy _policy;

    /// <summary>Validates and copies the options.</summary>
    /// <exception cref="ArgumentException">An option is missing or contradicts another; the message says which and what to do.</exception>
    public TlsClient(TlsClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _policy = ClientPolicyBuilder.Build(options);
        HandshakeTimeout = options.HandshakeTimeout;
    }

    /// <summary>The sessions that this client may resume.</summary>
    public ClientSessionStore SessionStore => _policy.Sessions;

    internal TimeSpan HandshakeTimeout { get; }

    internal TimeProvider TimeProvider => _policy.Time;

    /// <summary>A new connection to <paramref name="target"/>, its ClientHello waiting to be drained.</summary>
    public TlsConnection CreateConnection(TlsTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return TlsConnection.ForClient(_policy, target);
    }
}
