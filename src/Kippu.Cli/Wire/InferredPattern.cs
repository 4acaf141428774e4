namespace Kippu.Cli.Wire;

/// <summary>A pattern with what is to be said of it.</summary>
/// <param name="Pattern">Which one.</param>
/// <param name="Remark">What the pattern leaves open ("a ticket was issued", "the alert was handshake_failure"); may be empty.</param>
internal sealed record InferredPattern(HandshakePattern Pattern, string Remark = "")
{
    /// <summary>The number that the patterns of TLS 1.2 have in Kippu's documentation, and the short name of those of TLS 1.3; "-" for those without.</summary>
    public string Number => NumberOf(Pattern);

    /// <summary>True if it has a number of RFC 5077's table; a short name only repeats the title.</summary>
    public bool IsNumbered => Pattern is >= HandshakePattern.FullTicketIssued and <= HandshakePattern.ZeroLengthTicket;

    /// <summary>What this rests on, where it needs to be said: in TLS 1.3 little can be seen. May be empty.</summary>
    public string Evidence { get; init; } = "";

    /// <summary>True if a session was resumed.</summary>
    public bool IsResumption => Pattern is HandshakePattern.AbbreviatedTicketRenewed or HandshakePattern.AbbreviatedTicketKept
        or HandshakePattern.AbbreviatedSessionId or HandshakePattern.AbbreviatedSessionIdAsking
        or HandshakePattern.Psk or HandshakePattern.RetriedPsk
        or HandshakePattern.EarlyData or HandshakePattern.EarlyDataAccepted or HandshakePattern.EarlyDataRefused;

    /// <summary>True if it is in order: complete, and as an RFC knows it.</summary>
    public bool IsSound => Pattern is not (HandshakePattern.Incomplete or HandshakePattern.Irregular
        or HandshakePattern.FirstFlight or HandshakePattern.FirstFlightAccepted or HandshakePattern.FirstFlightRefused);

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
        HandshakePattern.Full13 => "full",
        HandshakePattern.Psk => "psk",
        HandshakePattern.PskRefused => "psk-refused",
        HandshakePattern.RetriedFull => "hrr",
        HandshakePattern.RetriedPsk => "hrr-psk",
        HandshakePattern.RetriedPskRefused => "hrr-psk-refused",
        HandshakePattern.EarlyData => "0rtt",
        HandshakePattern.EarlyDataAccepted => "0rtt-accepted",
        HandshakePattern.EarlyDataRefused => "0rtt-refused",
        HandshakePattern.FirstFlight => "flight",
        HandshakePattern.FirstFlightAccepted => "flight-accepted",
        HandshakePattern.FirstFlightRefused => "flight-refused",
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
        HandshakePattern.AbbreviatedSessionIdAsking => "abbreviated, by session ID, ticket wanted",
        HandshakePattern.ZeroLengthTicket => "full, zero-length ticket",
        HandshakePattern.FullNoTicketIssued => "full, ticket asked for, none issued",
        HandshakePattern.FullWithoutTickets => "full, without tickets",
        HandshakePattern.Full13 => "TLS 1.3, without PSK",
        HandshakePattern.Psk => "resumed by PSK",
        HandshakePattern.PskRefused => "PSK refused, full",
        HandshakePattern.RetriedFull => "HelloRetryRequest, without PSK",
        HandshakePattern.RetriedPsk => "HelloRetryRequest, resumed by PSK",
        HandshakePattern.RetriedPskRefused => "HelloRetryRequest, PSK refused, full",
        HandshakePattern.EarlyData => "resumed by PSK, with early data",
        HandshakePattern.EarlyDataAccepted => "resumed by PSK, early data accepted",
        HandshakePattern.EarlyDataRefused => "resumed by PSK, early data refused",
        HandshakePattern.FirstFlight => "a first flight alone, with early data",
        HandshakePattern.FirstFlightAccepted => "a first flight alone, early data accepted",
        HandshakePattern.FirstFlightRefused => "a first flight alone, early data refused",
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
