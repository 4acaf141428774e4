using System.Globalization;
using Kippu.Cli.Output;
using Kippu.Cli.Wire;

namespace Kippu.Cli.Demo;

/// <summary>The demo for people.</summary>
internal sealed class DemoText(Screen screen, bool withFields)
{
    public void WriteOpening(DemoFleet fleet)
    {
        screen.Write(
            new Line($"node {fleet.A.Name} listening on {fleet.A.Address}"),
            new Line($"node {fleet.B.Name} listening on {fleet.B.Address}"),
            Line.Empty);
        screen.WriteProse(
            "Two servers of one service. They share nothing but a ring of ticket keys: no memory, no certificate, no session. A client goes through every pattern of "
            + "RFC 5077 across both, over real sockets, and then through those of TLS 1.3. The patterns are inferred from the bytes on the wire, and where TLS 1.3 hides what "
            + "matters, from the decrypted trace, which is said. The times are those of this machine, after a few handshakes to warm up.");
        screen.WriteBlank();
    }

    public void WriteStep(DemoStep step)
    {
        screen.WriteHeading($"{InferredPattern.NumberOf(step.Intended)}  {InferredPattern.TitleOf(step.Intended)}".TrimStart('-', ' '));
        screen.WriteProse(step.Story);
        screen.Write([Line.Empty, .. step.Trace.LadderLines(screen.Width, step.IsReplay ? "Replay" : "Client", $"Node {step.Node}"), .. Refusal(step), .. Agreement(step), Line.Empty]);
        screen.Write(withFields ? step.Trace.FieldLines() : []);
    }

    public void WriteEnd(DemoScript script)
    {
        WriteAnswer(script.Comparison!);
        WriteTable(script.Steps);
        WriteVerdict(script);
    }

    private void WriteAnswer(TicketComparison comparison)
    {
        screen.WriteHeading("What does the NewSessionTicket of pattern 2 hold?");
        screen.WriteProse("Both tickets, opened with the ring: the one that A issued in pattern 1, and the one that B gave for it in pattern 2.");
        screen.WriteBlank();
        var grid = new Grid(indent: 2);
        grid.Add(("", Tone.Quiet), ($"1: node A, {comparison.FirstLength} bytes", Tone.Quiet), ("", Tone.Quiet), ($"2: node B, {comparison.RenewedLength} bytes", Tone.Quiet));
        foreach (var row in comparison.Rows)
        {
            grid.Add((NameOf(row.Field), Tone.Quiet), (Short(row.First), Tone.Plain), (row.IsSame ? "=" : "new", row.IsSame ? Tone.Good : Tone.Client), (row.IsSame ? "" : Short(row.Renewed), Tone.Plain));
        }

        screen.Write([.. grid.ToLines(), Line.Empty]);
        screen.WriteProse(
            "So: a fresh envelope of the same session. Master secret, suite, identity and the time of the original handshake are the same; new are the time of issue, the IV, and "
            + "the key that seals. No new secret arises, so forward secrecy is not renewed.");
        screen.WriteBlank();
    }

    private void WriteTable(IReadOnlyList<DemoStep> steps)
    {
        screen.WriteHeading("All patterns, with their round trips, bytes and milliseconds");
        var grid = new Grid(indent: 2).AlignRight(3, 4, 5);
        grid.Add(("", Tone.Quiet), ("pattern", Tone.Quiet), ("nodes", Tone.Quiet), ("trips", Tone.Quiet), ("bytes", Tone.Quiet), ("ms", Tone.Quiet));
        foreach (var step in steps)
        {
            var tone = step.Disagreements().Count == 0 ? Tone.Good : Tone.Bad;
            grid.Add(
                (step.Pattern.IsNumbered ? step.Pattern.Number : "", tone),
                (InferredPattern.TitleOf(step.Pattern.Pattern), step.Pattern.IsNumbered ? Tone.Plain : tone),
                (step.Nodes, Tone.Plain),
                (Number(step.Trace.RoundTrips), Tone.Plain),
                (Number(step.Trace.BytesFromClient + step.Trace.BytesFromServer), Tone.Plain),
                (Quantities.Milliseconds(step.Time), Tone.Plain));
        }

        screen.Write([.. grid.ToLines(), Line.Empty]);
    }

    private void WriteVerdict(DemoScript script)
    {
        foreach (var step in script.Steps)
        {
            foreach (var problem in step.Disagreements())
            {
                WriteFinding($"{InferredPattern.NumberOf(step.Intended)}: {problem}");
            }
        }

        if (script.Comparison is { IsAsItShould: false })
        {
            WriteFinding("the renewed ticket does not keep, or does not change, what it must");
        }

        if (script.IsAsIntended)
        {
            screen.Write(new Line($"{script.Steps.Count} handshakes: each followed the pattern that was intended, and both ends agree on all of them.", Tone.Good));
        }
    }

    private void WriteFinding(string text) => screen.Write("finding  ", Tone.Bad, text);

    private static IEnumerable<Line> Refusal(DemoStep step)
    {
        if (step.Server.Report is { Refusal: { } refusal } report)
        {
            yield return new Line("  refused      ", Tone.Quiet).HangHere().Add($"{refusal}, says node {step.Node}{(report.TicketKey is { } key ? $": {key}" : "")}");
        }
    }

    private static IEnumerable<Line> Agreement(DemoStep step)
    {
        var problems = step.Disagreements();
        var line = new Line(step.IsReplay ? "  application  " : "  both ends    ", Tone.Quiet).HangHere();
        yield return problems.Count > 0 ? line.Add(string.Join("; ", problems), Tone.Bad) : line.Add(Result(step));
        if (step.Server.Report is { EarlyData: not null } report)
        {
            yield return new Line("  early data   ", Tone.Quiet).HangHere().Add(report.EarlyDataText());
        }
    }

    private static string Result(DemoStep step) => step.Server.Report switch
    {
        null => step.Server.EarlyBytes == 0
            ? $"node {step.Node} was given nothing of the {Quantities.Bytes(step.Replayed.Length)} that were replayed"
            : $"node {step.Node} was given {Quantities.Bytes(step.Server.EarlyBytes)} of early data, once more",
        { Resumed: true } report => $"agree; resumed: {report.ResumptionText()}",
        _ => "agree; not resumed",
    };

    private static string NameOf(string field) => field switch
    {
        "master secret" => "secret's fingerprint",
        "extended master secret" => "bound to handshake", // RFC 7627; as it is called, it would push the tickets off the screen
        _ => field,
    };

    private static string Short(string value) => value.Split("_WITH_")[^1];

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
