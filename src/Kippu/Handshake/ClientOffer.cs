using Kippu.Crypto;
using Kippu.KeySchedule;
using Kippu.Resumption;
using Kippu.Wire.Messages;

namespace Kippu.Handshake;

/// <summary>What this client's hello said, as far as the answer depends on it.</summary>
internal sealed class ClientOffer : IDisposable
{
    public required TlsTarget Target { get; init; }

    public required string? ServerName { get; init; }

    /// <summary>Where the sessions of this target are kept.</summary>
    public required ClientSessionKey SessionKey { get; init; }

    /// <summary>The session that is offered, of TLS 1.2 or TLS 1.3; null if none is.</summary>
    public ClientSession? Session { get; init; }

    /// <summary>The early secret of the session of TLS 1.3 that is offered; null if none is.</summary>
    public PskEarlySecret? Psk { get; set; }

    /// <summary>The keys of the shares that were sent, for TLS 1.3.</summary>
    public List<KeyShare> Shares { get; } = [];

    /// <summary>The hello that the server's answer is about: the second one after a HelloRetryRequest.</summary>
    public ClientHello Hello { get; set; } = null!;

    /// <summary>What there is to send before the handshake is complete.</summary>
    public EarlyDataWish EarlyDataWish { get; init; }

    /// <summary>Early data is offered, and may be being written.</summary>
    public bool EarlyData { get; set; }

    /// <summary>The ChangeCipherSpec of middlebox compatibility was sent (RFC 8446 appendix D.4).</summary>
    public bool CompatibilitySent { get; set; }

    public byte[] Random => _random ??= Hello.Random.ToArray();

    public byte[] SessionId => _sessionId ??= Hello.SessionId.ToArray();

    private byte[]? _random;

    private byte[]? _sessionId;

    /// <summary>The session is of no more use: it was refused, or the handshake that offered it failed. Offering it again could fail again, for ever.</summary>
    public void Forget(ClientSessionStore sessions)
    {
        if (Session is not null)
        {
            sessions.Remove(SessionKey, Session);
        }
    }

    public void Dispose()
    {
        Session?.Dispose();
        Psk?.Dispose();
        foreach (var share in Shares)
        {
            share.Dispose();
        }
    }
}
