namespace Kippu.Resumption;

/// <summary>A session as its client keeps it: the state, and what to show the server for it, a ticket or a session ID.</summary>
/// <remarks>Immutable apart from dispose and <see cref="IsServerNameChecked"/>. It owns the state.</remarks>
internal sealed class ClientSession : IDisposable
{
    /// <summary>
    /// The longest ticket that is kept, in bytes. RFC 5077 §3.3 allows 65,535, but all extensions of a hello together have no more (RFC 5246 §7.4.1.4), so that
    /// one could never be offered; this leaves room for the others.
    /// </summary>
    public const int MaxTicketLength = 48 * 1024;

    /// <summary>RFC 5246 §F.1.4: "An upper limit of 24 hours is suggested for session ID lifetimes"; we take it for tickets of unspecified lifetime too.</summary>
    private static readonly TimeSpan s_unspecifiedLifetime = TimeSpan.FromHours(24);

    /// <summary>RFC 8446 §4.6.1: "Clients MUST NOT cache tickets for longer than 7 days, regardless of the ticket_lifetime".</summary>
    private static readonly TimeSpan s_longestLifetime = TimeSpan.FromDays(7);

    private readonly bool _checksValidity;
    private readonly DateTimeOffset _validFrom;
    private readonly DateTimeOffset _validUntil;

    /// <param name="state">Taken over.</param>
    /// <param name="ticket">Empty: the session is offered by its session ID.</param>
    /// <param name="sessionId">What the server gave; empty if there is a ticket (RFC 5077 §3.4: "it discards any Session ID that was sent in the ServerHello").</param>
    /// <param name="received">The time.</param>
    /// <param name="expires">See <see cref="ExpiryOf"/>.</param>
    public ClientSession(SessionState state, byte[] ticket, byte[] sessionId, DateTimeOffset received, DateTimeOffset expires)
    {
        State = state;
        Ticket = ticket;
        SessionId = sessionId;
        Received = received;
        Expires = expires;
        if (state.PeerCertificate is { } der && CertificateTimes.TryRead(der, out _validFrom, out _validUntil))
        {
            // A certificate that was out of its time when it was accepted all the same was accepted as it is.
            _checksValidity = _validFrom <= received && received <= _validUntil;
        }
    }

    public SessionState State { get; }

    public byte[] Ticket { get; }

    public byte[] SessionId { get; }

    public DateTimeOffset Received { get; }

    public DateTimeOffset Expires { get; }

    /// <summary>
    /// The certificate was found to be for the host that the session is kept for. True for what a handshake of this process has stored after verifying, false
    /// for what was imported: before offering it the handshake checks (RFC 8446 §4.6.1) and says so here.
    /// </summary>
    public bool IsServerNameChecked { get; set; }

    /// <summary>Which session of the store this is; clones have the same. Zero if it is in none.</summary>
    public long Number { get; set; }

    /// <summary>An estimate of the memory it holds.</summary>
    public int Cost =>
        1024 + Ticket.Length + SessionId.Length + State.ApplicationData.Length + (State.PeerCertificate?.Length ?? 0)
        + State.PeerChain.Sum(static der => der.Length);

    /// <summary>When a client forgets a session. RFC 5077 §3.3: a hint of zero means "that the lifetime of the ticket is unspecified".</summary>
    public static DateTimeOffset ExpiryOf(DateTimeOffset received, uint lifetimeHintSeconds)
    {
        var lifetime = lifetimeHintSeconds == 0 ? s_unspecifiedLifetime : TimeSpan.FromSeconds(lifetimeHintSeconds);
        return received + (lifetime < s_longestLifetime ? lifetime : s_longestLifetime);
    }

    /// <summary>Neither it nor the certificate it rests on has expired.</summary>
    public bool IsUsable(DateTimeOffset now) => now < Expires && (!_checksValidity || (_validFrom <= now && now <= _validUntil));

    /// <summary>For another owner.</summary>
    public ClientSession Clone() =>
        new(State.Clone(), Ticket, SessionId, Received, Expires) { IsServerNameChecked = IsServerNameChecked, Number = Number };

    public void Dispose() => State.Dispose();
}
