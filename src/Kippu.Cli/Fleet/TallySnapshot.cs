namespace Kippu.Cli.Fleet;

/// <summary>What became of all connections up to a moment.</summary>
internal sealed record TallySnapshot
{
    public required int Connections { get; init; }

    public required IReadOnlyDictionary<PairKey, PairCount> Pairs { get; init; }

    public required IReadOnlyDictionary<char, NodeCount> Nodes { get; init; }

    public required IReadOnlyList<Visit> Failures { get; init; }

    public required IReadOnlyList<string> Contradictions { get; init; }

    /// <summary>The oldest ticket by which somebody has resumed.</summary>
    public required TimeSpan OldestResumed { get; init; }

    /// <summary>Attempts with a ticket of another node.</summary>
    public PairCount OnOtherNodes => Sum(pair => pair.Issuer != pair.Acceptor);

    public PairCount OnTheSameNode => Sum(pair => pair.Issuer == pair.Acceptor);

    public IEnumerable<Visit> UnexcusedFailures => Failures.Where(visit => !visit.WasOnKilledNode);

    public PairCount Sum(Func<PairKey, bool> which) => Pairs.Where(pair => which(pair.Key)).Aggregate(new PairCount(), (sum, pair) => sum.Plus(pair.Value));
}
