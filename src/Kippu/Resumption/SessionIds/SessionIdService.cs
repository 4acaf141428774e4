using System.Buffers.Binary;
using System.Security.Cryptography;
using Kippu.Wire;

namespace Kippu.Resumption;

/// <summary>
/// Sessions named by session ID (RFC 5246 §7.4.1.2), by the same rules as tickets. The cache sees a digest and a sealed value; its keys are other than
/// those of tickets and its MAC covers the digest, so values can be neither presented as tickets nor exchanged for each other.
/// </summary>
/// <remarks>Thread-safe. One for each scope. It never throws: what the application's cache throws ends here.</remarks>
internal sealed class SessionIdService : IDisposable
{
    /// <summary>RFC 5246 §7.4.1.2: <c>opaque SessionID&lt;0..32&gt;</c>.</summary>
    public const int MaxSessionIdLength = 32;

    private const int CacheKeyLength = 32;

    private readonly ISessionCache _cache;
    private readonly IRingSource _ring;
    private readonly SessionRules _rules;
    private readonly TicketCipher _cipher;
    private volatile bool _isOn = true;

    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public SessionIdService(ISessionCache cache, SessionScope scope, IRingSource ring, TicketOptions options)
    {
        _cache = cache;
        _ring = ring;
        _rules = new SessionRules(scope, options);
        _cipher = new TicketCipher(scope, SealingPurpose.SessionId);
    }

    /// <summary>
    /// The session of this ID. RFC 5077 §3.4: "If a ticket is presented by the client, the server MUST NOT attempt to use the Session ID in the ClientHello
    /// for stateful session resumption": that is the caller's to keep.
    /// </summary>
    /// <returns>False with a reason: <see cref="TicketRefusal.UnknownSession"/> if the cache does not hold it.</returns>
    public bool TryLookUp(ReadOnlySpan<byte> sessionId, TlsVersion version, DateTimeOffset now, out SessionState? state, out TicketRefusal refusal)
    {
        state = null;
        refusal = Find(sessionId, version, now, out var found);
        if (refusal != TicketRefusal.None)
        {
            return false;
        }

        refusal = _rules.Judge(found!, version, now);
        if (refusal != TicketRefusal.None)
        {
            found!.Dispose();
            return false;
        }

        state = found;
        return true;
    }

    /// <summary>Whether a session ID is worth giving: a key seals.</summary>
    public bool MayStore(DateTimeOffset now) => _isOn && _ring.Current.SealingKey(now) is not null;

    /// <summary>Keeps a session under the ID that the server gave it. False if it cannot be kept; the client then gets a full handshake next time.</summary>
    public bool Store(ReadOnlySpan<byte> sessionId, SessionState state, DateTimeOffset now)
    {
        if (sessionId.Length is 0 or > MaxSessionIdLength || !_isOn || !_rules.MayKeep(state))
        {
            return false;
        }

        var ring = _ring.Current;
        if (ring.SealingKey(now) is not { } sealingKey)
        {
            return false;
        }

        var lifetime = _rules.Times.LifetimeOf(state, now, ring.MaxTicketLifetime, sealingKey.EraseAt);
        Span<byte> key = stackalloc byte[CacheKeyLength];
        ComputeCacheKey(sessionId, state.Version, ring.Epoch, key);
        using var value = new WireBuffer();
        if (lifetime == TimeSpan.Zero
            || !SealedState.TrySeal(_cipher, ring, sealingKey, state, new SessionStamp(now, lifetime, _rules.Scope.Digest), key, value))
        {
            return false;
        }

        try
        {
            _cache.Set(key, value.Written, now + lifetime + _rules.Times.ClockSkew);
            return true;
        }
        catch (Exception)
        {
            // The application's cache is out of order: the session is not kept, the handshake goes on.
            return false;
        }
    }

    /// <summary>Forgets a session. RFC 5246 §7.2.2: after a fatal alert "servers and clients MUST forget any session-identifiers ... associated with a failed connection".</summary>
    public void Remove(ReadOnlySpan<byte> sessionId, TlsVersion version)
    {
        if (sessionId.Length is 0 or > MaxSessionIdLength)
        {
            return;
        }

        Span<byte> key = stackalloc byte[CacheKeyLength];
        ComputeCacheKey(sessionId, version, _ring.Current.Epoch, key);
        try
        {
            _cache.Remove(key);
        }
        catch (Exception)
        {
            // As above: it is gone for us or will expire.
        }
    }

    /// <summary>Clears the keys that were derived. From here on no session is kept or found; nothing else happens to handshakes that are under way.</summary>
    public void Dispose()
    {
        _isOn = false;
        _cipher.Dispose();
    }

    private TicketRefusal Find(ReadOnlySpan<byte> sessionId, TlsVersion version, DateTimeOffset now, out SessionState? state)
    {
        state = null;
        if (!_isOn)
        {
            return TicketRefusal.Disabled;
        }

        if (sessionId.Length is 0 or > MaxSessionIdLength)
        {
            return TicketRefusal.UnknownSession;
        }

        Span<byte> key = stackalloc byte[CacheKeyLength];
        ComputeCacheKey(sessionId, version, _ring.Current.Epoch, key);
        ReadOnlyMemory<byte> value;
        try
        {
            if (!_cache.TryGet(key, out value))
            {
                return TicketRefusal.UnknownSession;
            }
        }
        catch (Exception)
        {
            return TicketRefusal.ApplicationFailed;
        }

        return SealedState.Open(_cipher, _ring, now, version, value.Span, key, out state, out _, out _);
    }

    /// <summary>
    /// SHA-256(version ‖ scope ‖ epoch ‖ session ID): three fields of fixed length and one more, so no two quadruples give the same bytes. A revocation begins a
    /// new epoch, and no session that was kept before it is found again.
    /// </summary>
    private void ComputeCacheKey(ReadOnlySpan<byte> sessionId, TlsVersion version, long epoch, Span<byte> destination)
    {
        const int FixedLength = sizeof(ushort) + SessionScope.Length + sizeof(long);
        Span<byte> source = stackalloc byte[FixedLength + MaxSessionIdLength];
        BinaryPrimitives.WriteUInt16BigEndian(source, (ushort)version);
        _rules.Scope.Digest.CopyTo(source[sizeof(ushort)..]);
        BinaryPrimitives.WriteInt64BigEndian(source[(sizeof(ushort) + SessionScope.Length)..], epoch);
        sessionId.CopyTo(source[FixedLength..]);
        SHA256.HashData(source[..(FixedLength + sessionId.Length)], destination);
    }
}
