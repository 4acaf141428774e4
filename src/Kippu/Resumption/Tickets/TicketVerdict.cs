namespace Kippu;

/// <summary>An <see cref="ITicketProtector"/>'s answer to a ticket.</summary>
public readonly record struct TicketVerdict
{
    private TicketVerdict(TicketRefusal refusal, bool renew)
    {
        Refusal = refusal;
        Renew = renew;
    }

    /// <summary>The state was written; use it. The library's own rule decides whether the ticket is renewed.</summary>
    public static TicketVerdict Use { get; } = new(TicketRefusal.None, false);

    /// <summary>The state was written; use it and give the client a fresh ticket.</summary>
    public static TicketVerdict UseAndRenew { get; } = new(TicketRefusal.None, true);

    /// <summary>Why the ticket was refused; <see cref="TicketRefusal.None"/> if it was not.</summary>
    public TicketRefusal Refusal { get; }

    /// <summary>The client shall be given a fresh ticket.</summary>
    public bool Renew { get; }

    /// <summary>Do not use the ticket.</summary>
    /// <param name="reason">The reason that is counted. <see cref="TicketRefusal.None"/> is no reason and stands for <see cref="TicketRefusal.ApplicationRefused"/>.</param>
    public static TicketVerdict Refuse(TicketRefusal reason = TicketRefusal.ApplicationRefused) =>
        new(reason == TicketRefusal.None ? TicketRefusal.ApplicationRefused : reason, false);
}
