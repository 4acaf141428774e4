using Kippu.Handshake;

namespace Kippu;

/// <summary>The client side of TLS: validated, immutable, thread-safe, shared by all connections. Keeps the sessions that it may resume.</summary>
/// <remarks>
/// Make one and keep it: its sessions are its own (<see cref="SessionStore"/>), not the process's as with <see cref="System.Net.Security.SslStream"/>. A client that is made for
/// each connection makes a full handshake each time, unless they are all given one <see cref="TlsClientOptions.SessionStore"/>.
/// </remarks>
public sealed class TlsClient
{
    private readonly ClientPolicy _policy;

    /// <summary>Validates and copies the options.</summary>
    /// <exception cref="ArgumentException">An option is missing or contradicts another; the message says which and what to do.</exception>
    public TlsClient(TlsClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        HandshakeTimeout = Preferences.HandshakeTimeout(options.HandshakeTimeout);
        _policy = ClientPolicyBuilder.Build(options);
    }

    /// <summary>The sessions that this client may resume.</summary>
    public ClientSessionStore SessionStore => _policy.Sessions;

    internal TimeSpan HandshakeTimeout { get; }

    internal TimeProvider TimeProvider => _policy.Time;

    /// <summary>A new connection to <paramref name="target"/>, its ClientHello waiting to be drained.</summary>
    public TlsConnection CreateConnection(TlsTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return TlsConnection.ForClient(_policy, target, EarlyDataWish.Any);
    }

    /// <summary>The same for a transport, which knows whether there is early data to send; null: there is none.</summary>
    /// <exception cref="ArgumentException">The early data does not say which of the client's application protocols it is written in.</exception>
    internal TlsConnection CreateConnection(TlsTarget target, ClientEarlyData? earlyData)
    {
        ArgumentNullException.ThrowIfNull(target);
        return TlsConnection.ForClient(_policy, target, earlyData is null ? EarlyDataWish.None : WishFor(earlyData));
    }

    private EarlyDataWish WishFor(ClientEarlyData earlyData)
    {
        var offered = _policy.ApplicationProtocols;
        if (earlyData.ApplicationProtocol is { } protocol ? !offered.Contains(protocol) : offered.Count > 1)
        {
            throw new ArgumentException(
                "set ApplicationProtocol to the one of TlsClientOptions.ApplicationProtocols that the early data is written in: the server may choose any of them", nameof(earlyData));
        }

        return new EarlyDataWish(!earlyData.Content.IsEmpty, earlyData.ApplicationProtocol);
    }
}
