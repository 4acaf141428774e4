namespace Kippu.Alerts;

/// <summary>
/// The one exception inside the core: thrown where a fault is seen, caught in one place (<c>TlsConnection</c>), where the alert is derived from
/// <see cref="Fault"/> and the public <see cref="TlsException"/> is made. <paramref name="detail"/> says what was wrong in words for a person and holds no secret.
/// </summary>
internal sealed class TlsFaultException(TlsFault fault, string detail, Exception? inner = null) : Exception(detail, inner)
{
    public TlsFault Fault { get; } = fault;

    /// <summary>The alert that the peer sent, for <see cref="TlsFault.PeerAlert"/>.</summary>
    public AlertDescription? PeerAlert { get; private init; }

    /// <summary>The peer ended the connection with a fatal alert.</summary>
    public static TlsFaultException FromPeer(AlertDescription alert) =>
        new(TlsFault.PeerAlert, $"the peer ended the connection with the alert {alert} ({(byte)alert})") { PeerAlert = alert };
}
