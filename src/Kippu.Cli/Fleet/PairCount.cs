namespace Kippu.Cli.Fleet;

/// <summary>What became of the attempts to resume between two nodes (or at one).</summary>
internal sealed class PairCount
{
    public int Attempts { get; set; }

    public int Resumed { get; set; }

    /// <summary>Full handshakes, by the reason that the node gave.</summary>
    public SortedDictionary<string, int> Refused { get; } = new(StringComparer.Ordinal);

    /// <summary>Attempts without an answer.</summary>
    public int Failed { get; set; }

    public int Full => Refused.Values.Sum();

    public PairCount Plus(PairCount other)
    {
        var sum = new PairCount { Attempts = Attempts + other.Attempts, Resumed = Resumed + other.Resumed, Failed = Failed + other.Failed };
        foreach (var (reason, count) in Refused.Concat(other.Refused))
        {
            sum.Refused[reason] = sum.Refused.GetValueOrDefault(reason) + count;
        }

        return sum;
    }
}
