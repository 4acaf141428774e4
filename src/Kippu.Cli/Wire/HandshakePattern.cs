namespace Kippu.Cli.Wire;

/// <summary>
/// The patterns of a handshake: in TLS 1.2 by what stands on the wire (RFC 5077 §3.1 and figures 1 to 4; RFC 5246 §7.3). In TLS 1.3 (RFC 8446 §2, figures 1 to 4) the
/// wire tells as much as the hellos do; what becomes of early data can be seen with the keys only.
/// </summary>
internal enum HandshakePattern
{
    /// <summary>The handshake has not come to its end.</summary>
    Incomplete,

    /// <summary>Complete, and in none of the ways that the RFCs know.</summary>
    Irregular,

    /// <summary>1: full handshake, a ticket is issued (figure 1).</summary>
    FullTicketIssued,

    /// <summary>2: abbreviated handshake, the ticket is renewed (figure 2).</summary>
    AbbreviatedTicketRenewed,

    /// <summary>2b: abbreviated handshake, the ticket is kept.</summary>
    AbbreviatedTicketKept,

    /// <summary>3: full handshake after a ticket that was not accepted, and no other (figure 3).</summary>
    FullTicketRefused,

    /// <summary>4: full handshake after a ticket that was not accepted, and a new one (figure 4).</summary>
    FullTicketReplaced,

    /// <summary>5: abbreviated handshake by session ID; the client does not speak of tickets.</summary>
    AbbreviatedSessionId,

    /// <summary>5b: abbreviated handshake by session ID; the client asks for a ticket.</summary>
    AbbreviatedSessionIdAsking,

    /// <summary>A zero-length ticket: the server promised one and thought better of it (RFC 5077 §3.3).</summary>
    ZeroLengthTicket,

    /// <summary>Full handshake; the client asked for a ticket, and the server issues none.</summary>
    FullNoTicketIssued,

    /// <summary>Full handshake; the client does not speak of tickets.</summary>
    FullWithoutTickets,

    /// <summary>TLS 1.3, full handshake without a pre-shared key (figure 1).</summary>
    Full13,

    /// <summary>TLS 1.3, a pre-shared key that was taken (figure 3).</summary>
    Psk,

    /// <summary>TLS 1.3, full handshake after a pre-shared key that was not taken.</summary>
    PskRefused,

    /// <summary>TLS 1.3, full handshake after a HelloRetryRequest (figure 2).</summary>
    RetriedFull,

    /// <summary>TLS 1.3, a pre-shared key that was taken after a HelloRetryRequest.</summary>
    RetriedPsk,

    /// <summary>TLS 1.3, full handshake after a HelloRetryRequest; a pre-shared key was not taken.</summary>
    RetriedPskRefused,

    /// <summary>TLS 1.3, a pre-shared key that was taken, and early data: whether that was taken too cannot be seen without keys (figure 4).</summary>
    EarlyData,

    /// <summary>The same, and the early data was accepted.</summary>
    EarlyDataAccepted,

    /// <summary>The same, and the early data was refused.</summary>
    EarlyDataRefused,

    /// <summary>TLS 1.3, a first flight with early data, the server's answer, and nothing more from the client: a replay looks like that, because only the client has the keys.</summary>
    FirstFlight,

    /// <summary>The same, and the early data was accepted.</summary>
    FirstFlightAccepted,

    /// <summary>The same, and the early data was refused.</summary>
    FirstFlightRefused,
}
