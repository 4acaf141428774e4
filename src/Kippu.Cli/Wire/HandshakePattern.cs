namespace Kippu.Cli.Wire;

/// <summary>The patterns of a TLS 1.2 handshake, by what stands on the wire (RFC 5077 §3.1 and figures 1 to 4; RFC 5246 §7.3).</summary>
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
}
