namespace Kippu.Resumption;

/// <summary>What came of a ticket: a session, or the reason why not.</summary>
internal readonly struct TicketOpening
{
    private TicketOpening(TicketRefusal refusal, SessionState? state, bool renew, TicketKeyId? keyId)
    {
        Refusal = refusal;
        State = state;
        Renew = renew;
        KeyId = keyId;
    }

    /// <summary><see cref="TicketRefusal.None"/> if the ticket opened.</summary>
    public TicketRefusal Refusal { get; }

    /// <summary>The session, if the ticket opened; the caller disposes it.</summary>
    public SessionState? State { get; }

    /// <summary>The client should get a fresh ticket, and one can be issued.</summary>
    public bool Renew { get; }

    /// <summary>The ring key that is named in the ticket, if the ring lists it.</summary>
    public TicketKeyId? KeyId { get; }

    public static TicketOpening Refuse(TicketRefusal refusal, TicketKeyId? keyId = null) => new(refusal, null, false, keyId);

    public static TicketOpening Use(SessionState state, bool renew, TicketKeyId? keyId) => new(TicketRefusal.None, state, renew, keyId);
}
