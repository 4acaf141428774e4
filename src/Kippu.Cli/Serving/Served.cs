using Kippu.Cli.Ladders;
using Kippu.Cli.Output;
using Kippu.Cli.Tls;

namespace Kippu.Cli.Serving;

/// <summary>What came of one connection of <c>kippu serve</c>.</summary>
/// <param name="Number">Counts from 1.</param>
/// <param name="Peer">Address and port of the client.</param>
/// <param name="Report">Null if the handshake failed.</param>
/// <param name="Problem">Why it failed.</param>
/// <param name="Trace">What was recorded of it.</param>
/// <param name="EarlyBytes">How much early data was accepted.</param>
internal sealed record Served(int Number, string Peer, ConnectionReport? Report, Exception? Problem, HandshakeTrace Trace, int EarlyBytes)
{
    private EarlyDataOutcome EarlyData => Trace.EarlyData;

    public ServedConnection ToJson(HandshakeTrace? trace) => new(
        Number,
        Peer,
        Report,
        EarlyData == EarlyDataOutcome.NotOffered ? null : ConnectionReport.NameOf(EarlyData),
        EarlyData == EarlyDataOutcome.Accepted ? EarlyBytes : null,
        (Problem as TlsException)?.Fault.ToString(),
        Problem?.Message,
        trace is null ? null : TraceJson.Of(trace));

    public Line ToLine()
    {
        var line = new Line($"#{Number} {Peer}  ", Tone.Quiet);
        if (Report is null)
        {
            return line.Add(Problem is TlsException { Fault: var fault } ? $"failed: {fault}: {Problem.Message}" : $"failed: {Problem?.Message}", Tone.Bad).Add(EarlyDataText());
        }

        return line.Add(Report.Resumed ? "resumed" : "full   ", Report.Resumed ? Tone.Good : Tone.Plain).Add($"  {Report.CipherSuite}").Add(RemarkOn(Report) + EarlyDataText(), Tone.Quiet);
    }

    private static string RemarkOn(ConnectionReport report)
    {
        var resumption = report.Resumed || report.Refusal is not null ? $"  {report.ResumptionText()}" : "";
        var retry = report.RetriedHello ? "  HelloRetryRequest" : "";
        var ticket = report.NewTickets > 1 ? $"  {report.NewTickets} tickets issued" : report.NewTicket ? "  ticket issued" : "";
        var client = report.PeerCertificate is { } certificate ? $"  client: {certificate.Subject}" : "";
        return $"{resumption}{retry}{ticket}{client}";
    }

    private string EarlyDataText() => EarlyData switch
    {
        EarlyDataOutcome.NotOffered => "",
        EarlyDataOutcome.Accepted => $"  early data: accepted, {Quantities.Bytes(EarlyBytes)}",
        _ => "  early data: refused",
    };
}
