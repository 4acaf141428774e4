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
        Paragraph(
            "Two servers of one service. They share nothing but a ring of ticket keys: no memory, no certificate, no session. A client goes through every pattern of "
            + "RFC 5077 across both, over real sockets, and then through those of TLS 1.3. The patterns are inferred from the bytes on the wire, and where TLS 1.3 hides what "
            + "matters, from the decrypted trace, which is said. The times are those of this machine, after a few handshakes to warm up.");
        screen.WriteBlank();
    }

    public void WriteStep(DemoStep step)
    {
        screen.WriteHeading($"{InferredPattern.NumberOf(step.Intended)}  {InferredPattern.TitleOf(step.Intended)}".TrimStart('-', ' '));
        Paragraph(step.Story);
        screen.Write([Line.Empty, .. step.Trace.LadderLines(screen.Width, step.IsReplay ? "Replay" : "Client", $"Node {step.Node}"), .. Refusal(step), .. Agreement(step), Line.Empty]);
        screen.Write(withFields ? step.Trace.FieldLines(screen.Width) : []);
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
        Paragraph("Both tickets, opened with the ring: the one that A issued in pattern 1, and the one that B gave for it in pattern 2.");
        screen.WriteBlank();
        var grid = new Grid(screen.Width, indent: 2);
        grid.Add(("", Tone.Quiet), ($"1: from node A, {comparison.FirstLength} bytes", Tone.Quiet), ("", Tone.Quiet), ($"2: from node B, {comparison.RenewedLength} bytes", Tone.Quiet));
        foreach (var row in comparison.Rows)
        {
            var name = row.Field == "master secret" ? "secret's fingerprint" : row.Field;
            grid.Add((name, Tone.Quiet), (Short(row.First), Tone.Plain), (row.IsSame ? "=" : "new", row.IsSame ? Tone.Good : Tone.Client), (row.IsSame ? "" : Short(row.Renewed), Tone.Plain));
        }

        screen.Write([.. grid.ToLines(), Line.Empty]);
        Paragraph(
            "So: a fresh envelope of the same session. Master secret, suite, identity and the time of the original handshake are the same; new are the time of issue, the IV, and "
            + "the key that seals. No new secret arises, so forward secrecy is not renewed.");
        screen.WriteBlank();
    }

    private void WriteTable(IReadOnlyList<DemoStep> steps)
    {
        screen.WriteHeading("All patterns");
        var grid = new Grid(screen.Width, indent: 2).AlignRight(3, 4, 5);
        grid.Add(("", Tone.Quiet), ("pattern", Tone.Quiet), ("nodes", Tone.Quiet), ("round trips", Tone.Quiet), ("bytes", Tone.Quiet), ("ms", Tone.Quiet));
        foreach (var step in steps)
        {
            var isAsIntended = step.Disagreements().Count == 0;
            grid.Add(
                (step.Pattern.Number, isAsIntended ? Tone.Good : Tone.Bad),
                (InferredPattern.TitleOf(step.Pattern.Pattern), Tone.Plain),
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

    private void WriteFinding(string text) => screen.Write(new Line("finding  ", Tone.Bad).Add(text));

    private static IEnumerable<Line> Refusal(DemoStep step)
    {
        if (step.Server.Report is { Refusal: { } refusal } report)
        {
            yield return new Line($"  refused      ", Tone.Quiet).Add($"{refusal}, says node {step.Node}: {report.TicketKey ?? "unknown key"}");
        }
    }

    private static IEnumerable<Line> Agreement(DemoStep step)
    {
        var problems = step.Disagreements();
        var line = new Line(step.IsReplay ? "  application  " : "  both ends    ", Tone.Quiet);
        yield return problems.Count > 0 ? line.Add(string.Join("; ", problems), Tone.Bad) : line.Add(Result(step));
        if (step.Server.Report is { EarlyData: not null } report)
        {
            yield return new Line("  early data   ", Tone.Quiet).Add(report.EarlyDataText());
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

    private static string Short(string value) => value.Replace("TLS_ECDHE_", "", StringComparison.Ordinal);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private void Paragraph(string text)
    {
        var line = new Line();
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > screen.Width)
            {
                screen.Write(line);
                line = new Line();
            }

            line.Add(line.Length > 0 ? " " + word : word);
        }

        screen.Write(line);
    }
}
