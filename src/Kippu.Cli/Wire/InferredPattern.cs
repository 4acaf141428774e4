namespace Kippu.Cli.Wire;

/// <summary>A pattern with what is to be said of it.</summary>
/// <param name="Pattern">Which one.</param>
/// <param name="Remark">What the pattern leaves open ("a ticket was issued", "the alert was handshake_failure"); may be empty.</param>
internal sealed record InferredPattern(HandshakePattern Pattern, string Remark = "")
{
    /// <summary>The number that the patterns have in Kippu's documentation; "-" for those without.</summary>
    public string Number => NumberOf(Pattern);

    /// <summary>True if the handshake was abbreviated: a session was resumed.</summary>
    public bool IsAbbreviated => Pattern is HandshakePattern.AbbreviatedTicketRenewed or HandshakePattern.AbbreviatedTicketKept
        or HandshakePattern.AbbreviatedSessionId or HandshakePattern.AbbreviatedSessionIdAsking;

    public static string NumberOf(HandshakePattern pattern) => pattern switch
    {
        HandshakePattern.FullTicketIssued => "1",
        HandshakePattern.AbbreviatedTicketRenewed => "2",
        HandshakePattern.AbbreviatedTicketKept => "2b",
        HandshakePattern.FullTicketRefused => "3",
        HandshakePattern.FullTicketReplaced => "4",
        HandshakePattern.AbbreviatedSessionId => "5",
        HandshakePattern.AbbreviatedSessionIdAsking => "5b",
        HandshakePattern.ZeroLengthTicket => "zero",
        _ => "-",
    };

    public static string TitleOf(HandshakePattern pattern) => pattern switch
    {
        HandshakePattern.FullTicketIssued => "full, ticket issued",
        HandshakePattern.AbbreviatedTicketRenewed => "abbreviated, ticket renewed",
        HandshakePattern.AbbreviatedTicketKept => "abbreviated, ticket kept",
        HandshakePattern.FullTicketRefused => "full, ticket refused, none issued",
        HandshakePattern.FullTicketReplaced => "full, ticket refused, new one issued",
        HandshakePattern.AbbreviatedSessionId => "abbreviated, by session ID",
        HandshakePattern.AbbreviatedSessionIdAsking => "abbreviated, by session ID, ticket asked for",
        HandshakePattern.ZeroLengthTicket => "full, zero-length ticket",
        HandshakePattern.FullNoTicketIssued => "full, ticket asked for, none issued",
        HandshakePattern.FullWithoutTickets => "full, without tickets",
        HandshakePattern.Irregular => "irregular",
        _ => "incomplete",
    };

    /// <summary>"2: abbreviated, ticket renewed".</summary>
    public override string ToString()
    {
        var title = Number == "-" ? TitleOf(Pattern) : $"{Number}: {TitleOf(Pattern)}";
        return Remark.Length == 0 ? title : $"{title} ({Remark})";
    }
}
