using Kippu.Wire;

namespace Kippu.Resumption;

/// <summary>
/// Tickets as a handshake sees them: one service for each scope, whatever protects the tickets. Opening one returns a session or a reason and never
/// throws: a ticket that cannot be used is ordinary life, and costs one full handshake.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class TicketService : IDisposable
{
    private readonly IRingSource _ring;
    private readonly TicketCipher _cipher;
    private readonly ProtectorSealing? _protector;
    private volatile bool _isOn;

    /// <param name="options">All but their ring.</param>
    /// <param name="scope">Whose sessions these are.</param>
    /// <param name="ring">The keys; several scopes of one server share them.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public TicketService(TicketOptions options, SessionScope scope, IRingSource ring)
    {
        _ring = ring;
        Rules = new SessionRules(scope, options);
        _cipher = new TicketCipher(scope, SealingPurpose.Ticket);
        _protector = options.Protector is { } protector ? new ProtectorSealing(protector, scope) : null;
        _isOn = options.Enabled;
        IssueOnRejection = options.IssueOnRejection;
    }

    /// <summary>Which sessions may come back.</summary>
    public SessionRules Rules { get; }

    /// <summary>A full handshake that follows a refused ticket gives a new one.</summary>
    public bool IssueOnRejection { get; }

    /// <summary>
    /// Whether a full handshake may promise a ticket: tickets are on, and a key seals. What only the session itself shows (its client certificate) may still
    /// lead to none.
    /// </summary>
    public bool MayIssue(TlsVersion version, bool extendedMasterSecret, DateTimeOffset now) =>
        _isOn && Rules.IsSafe(version, extendedMasterSecret) && (_protector is not null || _ring.Current.SealingKey(now) is not null);

    /// <summary>
    /// Opens a ticket and checks all that does not depend on the rest of the hello: format, key, scope, version, times. Server name, suite and extended
    /// master secret are the handshake's to compare. Never throws.
    /// </summary>
    public TicketOpening Open(ReadOnlySpan<byte> ticket, TlsVersion version, DateTimeOffset now)
    {
        if (!_isOn)
        {
            return TicketOpening.Refuse(TicketRefusal.Disabled);
        }

        var refusal = _protector is null
            ? OpenByRing(ticket, version, now, out var state, out var key)
            : OpenByProtector(ticket, version, now, out state, out key);
        var keyId = key.Key?.Id;
        if (refusal != TicketRefusal.None)
        {
            return TicketOpening.Refuse(refusal, keyId);
        }

        refusal = Rules.Judge(state!, version, now);
        if (refusal != TicketRefusal.None)
        {
            state!.Dispose();
            return TicketOpening.Refuse(refusal, keyId);
        }

        return TicketOpening.Use(state!, ShouldRenew(state!, key, now), keyId);
    }

    /// <summary>
    /// Appends a ticket for the session, issued now: the same session in a fresh envelope. False, and nothing appended, if there is none to give: no key
    /// seals, less than a second is left, the session is too large or must not be resumed, or the application declines. RFC 5077 §3.3: "If the server
    /// determines that it does not want to include a ticket after it has included the SessionTicket extension in the ServerHello, then it sends a
    /// zero-length ticket".
    /// </summary>
    /// <param name="state">The session. It is not changed: time of issue, lifetime and scope are set in what is sealed.</param>
    /// <param name="now">The time of issue.</param>
    /// <param name="destination">Where the ticket goes.</param>
    /// <param name="lifetime">What to advertise, in whole seconds; a second at least.</param>
    /// <param name="keyId">The ring key that sealed; null if the application did.</param>
    public bool TrySeal(SessionState state, DateTimeOffset now, WireBuffer destination, out TimeSpan lifetime, out TicketKeyId? keyId)
    {
        keyId = null;
        lifetime = TimeSpan.Zero;
        if (!_isOn || !Rules.MayKeep(state))
        {
            return false;
        }

        return _protector is null
            ? TrySealByRing(state, now, destination, ref lifetime, ref keyId)
            : TrySealByProtector(state, now, destination, ref lifetime);
    }

    /// <summary>Clears the keys that were derived. From here on tickets are off; nothing else happens to handshakes that are under way.</summary>
    public void Dispose()
    {
        _isOn = false;
        _cipher.Dispose();
    }

    private bool TrySealByRing(SessionState state, DateTimeOffset now, WireBuffer destination, ref TimeSpan lifetime, ref TicketKeyId? keyId)
    {
        var ring = _ring.Current;
        if (TrySealBy(ring, state, now, destination, ref lifetime, ref keyId))
        {
            return true;
        }

        // The ring may have been swapped, and the old one cleared, between our reading it and using it.
        return _ring.Current is var newer && !ReferenceEquals(newer, ring) && TrySealBy(newer, state, now, destination, ref lifetime, ref keyId);
    }

    private bool TrySealBy(
        TicketKeyRing ring, SessionState state, DateTimeOffset now, WireBuffer destination, ref TimeSpan lifetime, ref TicketKeyId? keyId)
    {
        if (ring.SealingKey(now) is not { } key)
        {
            return false;
        }

        var granted = Rules.Times.LifetimeOf(state, now, ring.MaxTicketLifetime, key.EraseAt);
        if (granted == TimeSpan.Zero
            || !SealedState.TrySeal(_cipher, ring, key, state, new SessionStamp(now, granted, Rules.Scope.Digest), [], destination))
        {
            return false;
        }

        lifetime = granted;
        keyId = key.Id;
        return true;
    }

    private bool TrySealByProtector(SessionState state, DateTimeOffset now, WireBuffer destination, ref TimeSpan lifetime)
    {
        var granted = Rules.Times.LifetimeOf(state, now, ringLifetime: null, keyOpensUntil: null);
        if (granted == TimeSpan.Zero || !_protector!.TrySeal(state, new SessionStamp(now, granted, Rules.Scope.Digest), destination))
        {
            return false;
        }

        lifetime = granted;
        return true;
    }

    private TicketRefusal OpenByRing(ReadOnlySpan<byte> ticket, TlsVersion version, DateTimeOffset now, out SessionState? state, out UsedKey used)
    {
        var refusal = SealedState.Open(_cipher, _ring, now, version, ticket, [], out state, out var ring, out var key);
        used = new UsedKey(ring, key, RenewalAsked: false);
        return refusal;
    }

    private TicketRefusal OpenByProtector(ReadOnlySpan<byte> ticket, TlsVersion version, DateTimeOffset now, out SessionState? state, out UsedKey used)
    {
        var refusal = _protector!.Open(ticket, version, now, out state, out var renew);
        used = new UsedKey(null, null, renew);
        return refusal;
    }

    private bool ShouldRenew(SessionState state, in UsedKey used, DateTimeOffset now)
    {
        if (used.Ring is null)
        {
            var fresh = Rules.Times.LifetimeOf(state, now, ringLifetime: null, keyOpensUntil: null);
            return (used.RenewalAsked && fresh > TimeSpan.Zero) || Rules.Times.ShouldRenew(state, now, keyIsCurrent: true, fresh);
        }

        return used.Ring.SealingKey(now) is { } current
            && Rules.Times.ShouldRenew(
                state, now, current.Id == used.Key!.Id, Rules.Times.LifetimeOf(state, now, used.Ring.MaxTicketLifetime, current.EraseAt));
    }

    private readonly record struct UsedKey(TicketKeyRing? Ring, TicketKey? Key, bool RenewalAsked);
}
