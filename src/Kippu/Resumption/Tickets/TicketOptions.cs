namespace Kippu;

/// <summary>Session tickets on a server (RFC 5077).</summary>
/// <remarks>Plain data, read once when the server is made. Not thread-safe.</remarks>
public sealed class TicketOptions
{
    /// <summary>Issues and accepts tickets. Default: true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// The keys, shared by all nodes that shall resume each other's sessions. Null (the default): an <see cref="InProcessRing"/>, whose tickets no other
    /// process opens. With a ring the scope must be named, so that two services on one ring never meet.
    /// </summary>
    public IRingSource? Ring { get; set; }

    /// <summary>
    /// The lifetime that a ticket is given at most; the ring, the client certificate and <see cref="MaxLineage"/> may shorten it. One second to 7 days;
    /// default 12 hours.
    /// </summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(12);

    /// <summary>
    /// How long after its original full handshake a session may be resumed, however often its ticket was renewed. One second to 366 days; default 7 days.
    /// </summary>
    public TimeSpan MaxLineage { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// How far the clocks of the fleet may differ: a ticket is honoured that much past its lifetime, and that much before its time of issue. Zero to 1 day;
    /// default 2 minutes.
    /// </summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>When a resumed session is given a fresh ticket. Default: <see cref="TicketRenewal.PastHalfLife"/>.</summary>
    public TicketRenewal Renewal { get; set; } = TicketRenewal.PastHalfLife;

    /// <summary>
    /// TLS 1.3: how many tickets a full handshake yields, unless the client says otherwise (RFC 9149). 0 to 8; default 2: clients use a ticket once
    /// (RFC 8446 appendix C.4), and often open two connections.
    /// </summary>
    public int PerFullHandshake { get; set; } = 2;

    /// <summary>TLS 1.3: how many tickets a resumed handshake yields, unless the client says otherwise. 0 to 8; default 1: with none the clients run dry.</summary>
    public int PerResumption { get; set; } = 1;

    /// <summary>Issues a new ticket in the full handshake that follows a refused one. Default: true.</summary>
    public bool IssueOnRejection { get; set; } = true;

    /// <summary>
    /// Issues tickets for sessions without extended master secret too, which are open to the attack that RFC 7627 closes. Default: false.
    /// </summary>
    public bool AllowLegacyResumption { get; set; }

    /// <summary>
    /// The application's own key handling and sealing, in the place of the ring. Null (the default): the library's. With a protector the scope must be named, as
    /// with a ring.
    /// </summary>
    /// <remarks>
    /// It seals tickets only. Values in <see cref="TlsServerOptions.SessionCache"/> are sealed by <see cref="Ring"/>, and without one by a ring of this process
    /// alone: then no other process can use them, even if the cache is shared.
    /// </remarks>
    public ITicketProtector? Protector { get; set; }
}
