namespace Kippu.Bench.Scenarios;

/// <summary>How the handshakes of a scenario end up.</summary>
internal enum HandshakeKind
{
    /// <summary>Full handshakes, in which a ticket is issued.</summary>
    Full,

    /// <summary>Resumed from a ticket; no new one comes.</summary>
    Ticket,

    /// <summary>Resumed from a ticket; a new one comes each time, and the next handshake uses it.</summary>
    RenewedTicket,

    /// <summary>Resumed by session ID; there are no tickets.</summary>
    SessionId,
}
