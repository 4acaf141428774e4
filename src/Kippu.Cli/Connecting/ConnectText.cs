using System.Globalization;
using Kippu.Cli.Output;

namespace Kippu.Cli.Connecting;

/// <summary>The outcome of <c>kippu connect</c> for people.</summary>
internal sealed class ConnectText(ConnectOptions options, Screen screen)
{
    public void Write(IReadOnlyList<ConnectionOutcome> outcomes, IReadOnlyList<string> findings)
    {
        var addresses = outcomes.Select(outcome => outcome.Address).Distinct();
        screen.Write(new Line($"{options.Target}", Tone.Heading).Add($"  at {string.Join(", ", addresses)}", Tone.Quiet), Line.Empty);
        foreach (var outcome in outcomes)
        {
            WriteOne(outcome, outcomes.Count > 1);
        }

        if (outcomes.Count > 1)
        {
            screen.Write([.. Table(outcomes), Line.Empty]);
        }

        foreach (var finding in findings)
        {
            screen.Write("finding  ", Tone.Bad, finding);
        }
    }

    private void WriteOne(ConnectionOutcome outcome, bool isOneOfMany)
    {
        if (options.Trace)
        {
            screen.WriteHeading($"#{outcome.Number}  {outcome.Trace.Pattern}");
            screen.Write([.. outcome.Trace.LadderLines(screen.Width), Line.Empty]);
            screen.Write([.. outcome.Trace.FieldLines()]);
            screen.Write([.. outcome.Trace.RecordLines(), Line.Empty]);
        }

        // All that is the same on every connection is told once.
        if (outcome.Negotiated is { } negotiated && outcome.Number == 1)
        {
            var grid = new Grid(indent: 2);
            foreach (var (name, value) in negotiated.Describe())
            {
                grid.Add(name, value, name == "resumed" && negotiated.Resumed ? Tone.Good : Tone.Plain);
            }

            if (options.CertificateFile is { } file && !negotiated.Resumed)
            {
                grid.Add("client certificate", ClientCertificateUse.Of(outcome.Trace).WhyNotSent(file) ?? $"--cert {file} was sent");
            }

            if (!isOneOfMany)
            {
                grid.Add("pattern", outcome.Trace.Pattern.ToString());
                grid.Add("handshake", $"{Quantities.Milliseconds(outcome.Time)} ms, {Quantities.Count(outcome.Trace.RoundTrips, "round trip", "round trips")}, {Size(outcome)}");
            }

            AddAnswer(grid, outcome.Answer);
            screen.Write([.. grid.ToLines(), Line.Empty]);
        }
    }

    private void AddAnswer(Grid grid, Answer? answer)
    {
        if (answer is null)
        {
            return;
        }

        var lines = answer.Text.Split('\n');
        grid.Add("answer", answer.Length == 0 ? answer.Remark : $"{lines[0]} ({Quantities.Bytes(answer.Length)}{(answer.Remark.Length > 0 ? $"; {answer.Remark}" : "")})");
        foreach (var line in options.IsHttp ? [] : lines.Skip(1))
        {
            grid.Add("", line);
        }
    }

    private IReadOnlyList<Line> Table(IReadOnlyList<ConnectionOutcome> outcomes)
    {
        var grid = new Grid(indent: 2).AlignRight(0, 2, 3, 4);
        var isOneNode = options.Nodes.Count == 1;
        grid.Add(("#", Tone.Quiet), ("resumed", Tone.Quiet), ("trips", Tone.Quiet), ("bytes", Tone.Quiet), ("ms", Tone.Quiet), (isOneNode ? "pattern" : "node, pattern", Tone.Quiet));
        foreach (var outcome in outcomes)
        {
            var (resumed, tone) = outcome.Negotiated switch { null => ("failed", Tone.Bad), { Resumed: true } => ("yes", Tone.Good), _ => ("no", Tone.Plain) };
            grid.Add(
                (Number(outcome.Number), Tone.Quiet),
                (resumed, tone),
                (Number(outcome.Trace.RoundTrips), Tone.Plain),
                (Number(outcome.Trace.BytesFromClient + outcome.Trace.BytesFromServer), Tone.Plain),
                (Quantities.Milliseconds(outcome.Time), Tone.Plain),
                (isOneNode ? $"{outcome.Trace.Pattern}" : $"{outcome.Address}, {outcome.Trace.Pattern}", Tone.Plain));
        }

        return grid.ToLines();
    }

    private static string Size(ConnectionOutcome outcome) => $"{outcome.Trace.BytesFromClient} bytes out, {outcome.Trace.BytesFromServer} in";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
