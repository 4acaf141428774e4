using Kippu.Cli.Tls;
using Kippu.Cli.Wire;

namespace Kippu.Cli.Connecting;

/// <summary>Judges what <c>kippu connect</c> saw: whatever is here makes its exit code 1.</summary>
internal static class ConnectFindings
{
    public static IReadOnlyList<string> Of(ConnectOptions options, IReadOnlyList<ConnectionOutcome> outcomes) =>
        [.. outcomes.SelectMany(outcome => Of(options, outcome))];

    private static IEnumerable<string> Of(ConnectOptions options, ConnectionOutcome outcome)
    {
        var pattern = outcome.Trace.Pattern;
        if (outcome.Negotiated is not { } negotiated)
        {
            yield return $"#{outcome.Number} failed: {FaultAdvice.Explain(options, outcome)}";
            yield break;
        }

        if (pattern.Pattern == HandshakePattern.Irregular)
        {
            yield return $"#{outcome.Number} does not keep to the RFCs: {pattern.Remark}";
        }
        else if (pattern.IsResumption != negotiated.Resumed)
        {
            yield return $"#{outcome.Number}: Kippu says resumed={negotiated.Resumed}, the wire says {pattern}. Please report this.";
        }

        var isExpected = options.MayResume(outcome.Trace.IsTls13) && (outcome.Number > 1 || options.SessionIn is not null);
        if (isExpected && !negotiated.Resumed)
        {
            yield return $"#{outcome.Number} was not resumed: {WhyNot(options, outcome)}";
        }
        else if (isExpected && options.EarlyData && outcome.EarlyData != EarlyDataOutcome.Accepted)
        {
            yield return $"#{outcome.Number} had no early data: {WhyNoEarlyData(outcome)}";
        }
    }

    private static string WhyNoEarlyData(ConnectionOutcome outcome) => outcome switch
    {
        { Trace.IsTls13: false } => "the server speaks TLS 1.2",
        { EarlyData: EarlyDataOutcome.NotOffered } => "the server's tickets allow none",
        { Trace.Pattern.Pattern: HandshakePattern.RetriedPsk } => "the server asked for another key share, and it was sent again after the handshake",
        _ => "the server refused it, and it was sent again after the handshake",
    };

    private static string WhyNot(ConnectOptions options, ConnectionOutcome outcome) => outcome.Trace.Pattern.Pattern switch
    {
        HandshakePattern.FullTicketRefused => "the server did not accept its ticket, and gave no other",
        HandshakePattern.FullTicketReplaced => "the server did not accept its ticket, and gave a new one (do its nodes share ticket keys?)",
        HandshakePattern.PskRefused or HandshakePattern.RetriedPskRefused => "the server did not accept its ticket (do its nodes share ticket keys?)",
        _ when outcome.Number == 1 => $"{options.SessionIn} holds no session for this server, name, port and verification",
        HandshakePattern.Full13 or HandshakePattern.RetriedFull => "the server gave no ticket",
        HandshakePattern.FullNoTicketIssued => "the server issues no tickets",
        HandshakePattern.ZeroLengthTicket => "the server promised a ticket and gave none",
        _ => "the server gave nothing to resume by",
    };
}
