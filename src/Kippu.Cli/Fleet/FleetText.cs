using System.Globalization;
using System.Security.Authentication;
using Kippu.Cli.Output;

namespace Kippu.Cli.Fleet;

/// <summary>A fleet for people: as it is, and at its end.</summary>
internal sealed class FleetText(FleetPlan plan)
{
    private const int EventsShown = 6;
    private const int FailuresShown = 10;

    public IEnumerable<Line> Opening(FleetRun run)
    {
        var schedule = FleetPlan.Schedule;
        yield return new Line(
            $"{plan.Nodes} nodes (Kestrel, a process each) behind {run.Front.Address}, {(plan.PrivateRings ? "a ring of its own each: the control" : "one ring file")}", Tone.Heading);
        yield return new Line(
            $"rotated every {Seconds(schedule.Interval)}, known to all within {Seconds(schedule.Propagation)}, clocks differ by {Seconds(schedule.ClockSkew)}, tickets live {Seconds(schedule.MaxTicketLifetime)}",
            Tone.Quiet);
    }

    /// <summary>The whole picture, for a terminal that is drawn again and again.</summary>
    public IReadOnlyList<Line> Frame(FleetRun run, IReadOnlyList<FleetEvent> events, char? chosen)
    {
        var tally = run.Tally.Look();
        return
        [
            .. Opening(run), Line.Empty,
            .. NodesOf(run, tally, chosen), Line.Empty,
            Keys(run.Ring), Refusals(tally), Share(tally), Line.Empty,
            .. events.TakeLast(EventsShown).Select(Event), .. Enumerable.Repeat(Line.Empty, Math.Max(0, EventsShown - events.Count)), Line.Empty,
            new Line($"{Stamp(run.Tally.Elapsed)} of {Seconds(plan.Duration)}").Add(
                chosen is null ? "" : $"   1-{plan.Nodes} choose a node   k kill   p pause   r restart   c cut off from the ring   q end", Tone.Quiet),
        ];
    }

    public static Line Event(FleetEvent happening) => new Line($"{Stamp(happening.At)}  ", Tone.Quiet).Add(happening.Text, happening.Tone);

    /// <summary>One line, for a pipe.</summary>
    public static Line Status(FleetRun run)
    {
        var tally = run.Tally.Look();
        var nodes = string.Join("  ", run.Nodes.Select(node => $"{node.Name} {(tally.Nodes.GetValueOrDefault(node.Name) is { } count ? $"{count.Resumed}/{count.New + count.Refused}" : "0/0")}"));
        return new Line($"{Stamp(run.Tally.Elapsed)}  resumed/full: {nodes}; ").Add(Keys(run.Ring).ToString()).Add($"; {Refusals(tally)}");
    }

    public IEnumerable<Line> Summary(FleetRun run, TallySnapshot tally, FleetVerdict verdict)
    {
        foreach (var line in Pairs(tally))
        {
            yield return line;
        }

        yield return Line.Empty;
        foreach (var line in Failures(tally))
        {
            yield return line;
        }

        yield return new Line(string.Create(
            CultureInfo.InvariantCulture,
            $"{tally.Connections} connections; the ring was rotated {Quantities.Count(run.Ring.Rotations, "time", "times")} (versions {run.Ring.FirstVersion} to {run.Ring.Version}); the oldest ticket that resumed was {tally.OldestResumed.TotalSeconds:0.0} s old"));
        yield return Share(tally);
        foreach (var finding in verdict.Findings)
        {
            yield return new Line($"finding: {finding}", Tone.Bad);
        }

        if (plan.PrivateRings && verdict.Findings.Count == 0)
        {
            yield return new Line("With rings of their own nodes do not know each other's tickets, as it must be.", Tone.Good);
        }
    }

    private static string Stamp(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds,5:0.0} s");

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s");

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Of(PairCount count) => string.Create(CultureInfo.InvariantCulture, $"{count.Resumed}/{count.Attempts}");

    private static Line Share(TallySnapshot tally)
    {
        var others = tally.OnOtherNodes;
        var answered = others.Resumed + others.Full;
        var percent = answered == 0 ? 0 : 100.0 * others.Resumed / answered;

        // 99.96 is not 100: it is cut off, not rounded.
        return new Line(string.Create(
            CultureInfo.InvariantCulture, $"tickets taken to another node: {others.Resumed} of {answered} resumed ({Math.Floor(percent * 10) / 10:0.#} %)"), others.Full == 0 && answered > 0 ? Tone.Good : Tone.Bad);
    }

    private static Line Keys(RingWatch ring) =>
        new("keys: " + string.Join(", ", ring.Keys.OrderBy(state => state.Key, StringComparer.Ordinal).Select(state => $"{state.Value} {state.Key}")));

    private static Line Refusals(TallySnapshot tally)
    {
        var all = tally.Sum(_ => true);
        return all.Full == 0 ? new Line("tickets refused: none") : new Line($"tickets refused: {FleetVerdict.Reasons(all)}", Tone.Bad);
    }

    private static IEnumerable<Line> Failures(TallySnapshot tally)
    {
        foreach (var group in tally.Failures.GroupBy(visit => visit.WasOnKilledNode).OrderBy(group => group.Key))
        {
            yield return new Line($"{Quantities.Count(group.Count(), "connection", "connections")} failed{(group.Key ? ", under way on a node that was killed" : "")}:", group.Key ? Tone.Plain : Tone.Bad);
            foreach (var visit in group.Take(FailuresShown))
            {
                yield return new Line($"  {Stamp(visit.At)}  node {visit.Acceptor ?? '?'}  {visit.VersionName}  {visit.Failure}", Tone.Quiet);
            }

            if (group.Count() > FailuresShown)
            {
                yield return new Line($"  and {group.Count() - FailuresShown} more", Tone.Quiet);
            }

            yield return Line.Empty;
        }
    }

    private static IReadOnlyList<Line> NodesOf(FleetRun run, TallySnapshot tally, char? chosen)
    {
        var grid = new Grid(indent: 2).AlignRight(3, 4, 5, 6);
        grid.Add(("node", Tone.Quiet), ("state", Tone.Quiet), ("ring", Tone.Quiet), ("resumed", Tone.Quiet), ("full: new client", Tone.Quiet), ("full: refused", Tone.Quiet), ("failed", Tone.Quiet));
        foreach (var node in run.Nodes)
        {
            var count = tally.Nodes.GetValueOrDefault(node.Name) ?? new NodeCount();
            grid.Add(
                ($"{node.Name}{(node.Name == chosen ? " <" : "")}", node.Name == chosen ? Tone.Heading : Tone.Plain),
                (node.State.ToString().ToLowerInvariant() + (node.IsCut ? ", cut off" : ""), node is { State: NodeState.Serving, IsCut: false } ? Tone.Plain : Tone.Bad),
                ($"v{count.Ring}", Tone.Plain),
                (Number(count.Resumed), Tone.Good),
                (Number(count.New), Tone.Plain),
                (Number(count.Refused), count.Refused > 0 ? Tone.Bad : Tone.Plain),
                (Number(count.Failed), count.Failed > 0 ? Tone.Bad : Tone.Plain));
        }

        return grid.ToLines();
    }

    /// <summary>Issuer and acceptor, and how many of the attempts between them have resumed.</summary>
    private IReadOnlyList<Line> Pairs(TallySnapshot tally)
    {
        var grid = new Grid(indent: 2).AlignRight(2, 3, 4, 5, 6);
        grid.Add(
            ("issued by", Tone.Quiet), ("taken to", Tone.Quiet), ("attempts", Tone.Quiet), ("resumed", Tone.Quiet), ("TLS 1.2", Tone.Quiet), ("TLS 1.3", Tone.Quiet), ("full", Tone.Quiet), ("why", Tone.Quiet));
        foreach (var issuer in plan.Names)
        {
            foreach (var acceptor in plan.Names)
            {
                PairCount In(SslProtocols version) => tally.Sum(pair => pair == new PairKey(issuer, acceptor, version));
                var sum = In(SslProtocols.Tls12).Plus(In(SslProtocols.Tls13));
                grid.Add(
                    ($"{issuer}", Tone.Plain), ($"{acceptor}", Tone.Plain), (Number(sum.Attempts), Tone.Plain), (Number(sum.Resumed), sum.Resumed > 0 ? Tone.Good : Tone.Plain),
                    (Of(In(SslProtocols.Tls12)), Tone.Quiet), (Of(In(SslProtocols.Tls13)), Tone.Quiet), (Number(sum.Full), sum.Full > 0 ? Tone.Bad : Tone.Plain),
                    (FleetVerdict.Reasons(sum) + (sum.Failed > 0 ? $"{(sum.Full > 0 ? ", " : "")}failed {sum.Failed}" : ""), Tone.Plain));
            }
        }

        return grid.ToLines();
    }
}
