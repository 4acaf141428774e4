namespace Kippu.Cli.Fleet;

/// <summary>A run as JSON.</summary>
internal sealed record FleetReport
{
    public required int Nodes { get; init; }

    public required bool PrivateRings { get; init; }

    public required double Seconds { get; init; }

    public required int Connections { get; init; }

    public required int AttemptsOnOtherNodes { get; init; }

    public required int ResumedOnOtherNodes { get; init; }

    /// <summary>Of those that were answered.</summary>
    public required double PercentOnOtherNodes { get; init; }

    public required int Rotations { get; init; }

    public required double OldestResumedSeconds { get; init; }

    public required IReadOnlyList<FleetReportPair> Pairs { get; init; }

    public required IReadOnlyList<FleetReportNode> PerNode { get; init; }

    public required IReadOnlyList<FleetReportFailure> Failures { get; init; }

    public required IReadOnlyList<FleetReportEvent> Events { get; init; }

    public required IReadOnlyList<string> Findings { get; init; }

    public static FleetReport Of(FleetPlan plan, FleetRun run, TallySnapshot tally, FleetVerdict verdict, TimeSpan elapsed, IReadOnlyList<FleetEvent> events) => new()
    {
        Nodes = plan.Nodes,
        PrivateRings = plan.PrivateRings,
        Seconds = Rounded(elapsed),
        Connections = tally.Connections,
        AttemptsOnOtherNodes = tally.OnOtherNodes.Attempts,
        ResumedOnOtherNodes = tally.OnOtherNodes.Resumed,
        PercentOnOtherNodes = verdict.Percent,
        Rotations = run.Ring.Rotations,
        OldestResumedSeconds = Rounded(tally.OldestResumed),
        Pairs = [.. tally.Pairs.OrderBy(pair => (pair.Key.Issuer, pair.Key.Acceptor, pair.Key.Version)).Select(pair => FleetReportPair.Of(pair.Key, pair.Value))],
        PerNode = [.. tally.Nodes.OrderBy(node => node.Key).Select(node => FleetReportNode.Of(node.Key, node.Value))],
        Failures = [.. tally.Failures.Select(visit => new FleetReportFailure($"{visit.Acceptor}", visit.VersionName, Rounded(visit.At), visit.Failure!, visit.WasOnKilledNode))],
        Events = [.. events.Select(happening => new FleetReportEvent(Rounded(happening.At), happening.Text))],
        Findings = verdict.Findings,
    };

    private static double Rounded(TimeSpan time) => Math.Round(time.TotalSeconds, 3);
}
