using System.Globalization;
using Kippu.Cli.Output;

namespace Kippu.Cli.Fleet;

/// <summary>What a run has shown.</summary>
/// <param name="Findings">What is not as it must be; empty if all is.</param>
/// <param name="ExitCode">One of <see cref="ExitCodes"/>.</param>
/// <param name="Percent">How many of the attempts on other nodes that were answered have resumed.</param>
internal sealed record FleetVerdict(IReadOnlyList<string> Findings, int ExitCode, double Percent)
{
    /// <summary>With rings of their own nodes cannot know each other's tickets: if more than this resumes, the measurement is broken.</summary>
    private const double MostOfTheControl = 5;

    public static FleetVerdict Of(FleetPlan plan, TallySnapshot tally, int rotations, TimeSpan elapsed)
    {
        var others = tally.OnOtherNodes;
        var answered = others.Resumed + others.Full;
        var percent = answered == 0 ? 0 : 100.0 * others.Resumed / answered;
        if (answered == 0)
        {
            return new FleetVerdict(["nobody came to another node with a ticket"], ExitCodes.NotMeasured, percent);
        }

        string[] findings = [.. plan.PrivateRings ? OfTheControl(percent) : OfTheRing(tally, rotations, elapsed), .. OfBoth(tally)];
        return new FleetVerdict(findings, findings.Length == 0 ? ExitCodes.Expected : ExitCodes.Finding, percent);
    }

    public static string Reasons(PairCount count) => string.Join(", ", count.Refused.Select(reason => string.Create(CultureInfo.InvariantCulture, $"{reason.Key} {reason.Value}")));

    private static IEnumerable<string> OfTheControl(double percent)
    {
        if (percent >= MostOfTheControl)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"with private rings {percent:0.0} % resumed on other nodes: this measurement is broken");
        }
    }

    private static IEnumerable<string> OfTheRing(TallySnapshot tally, int rotations, TimeSpan elapsed)
    {
        foreach (var (count, where) in new[] { (tally.OnOtherNodes, "on other nodes"), (tally.OnTheSameNode, "on the node that had issued the ticket") })
        {
            if (count.Full > 0)
            {
                yield return $"{Quantities.Count(count.Full, "ticket was", "tickets were")} refused {where}: {Reasons(count)}";
            }
        }

        if (rotations == 0 && elapsed > 3 * FleetPlan.Schedule.Interval)
        {
            yield return "the ring was not rotated";
        }
    }

    private static IEnumerable<string> OfBoth(TallySnapshot tally)
    {
        var unexcused = tally.UnexcusedFailures.ToArray();
        if (unexcused.Length > 0)
        {
            yield return $"{Quantities.Count(unexcused.Length, "connection", "connections")} failed, and not because the node was killed: {unexcused[0].Failure}";
        }

        foreach (var contradiction in tally.Contradictions.GroupBy(contradiction => contradiction))
        {
            yield return $"{contradiction.Key} ({Quantities.Count(contradiction.Count(), "time", "times")})";
        }
    }
}
