using Kippu.Resumption;

namespace Kippu.Handshake;

/// <summary>What this client's hello said, as far as the answer depends on it.</summary>
internal sealed class ClientOffer : IDisposable
{
    public required TlsTarget Target { get; init; }

    public required byte[] Random { get; init; }

    /// <summary>The session ID of the hello: the session's own, or fresh and random beside a ticket, or empty.</summary>
    public required byte[] SessionId { get; init; }

    public required string? ServerName { get; init; }

    /// <summary>Where the sessions of this target are kept.</summary>
    public required ClientSessionKey SessionKey { get; init; }

    /// <summary>The session that is offered, or null.</summary>
    public required ClientSession? Session { get; init; }

    /// <summary>The extensions that were sent: an answer to any other is a fault.</summary>
    public required Wire.UInt16List ExtensionTypes { get; init; }

    /// <summary>The session is of no more use: it was refused, or the handshake that offered it failed. Offering it again could fail again, for ever.</summary>
    public void Forget(ClientSessionStore sessions)
    {
        if (Session is not null)
        {
            sessions.Remove(SessionKey, Session);
        }
    }

    public void Dispose() => Session?.Dispose();
}
