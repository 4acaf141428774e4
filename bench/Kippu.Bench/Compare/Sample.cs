namespace Kippu.Bench.Compare;

/// <summary>What one stack did in one round of one case; what a case has no figure for is NaN.</summary>
internal readonly record struct Sample
{
    public double ServerUs { get; init; }

    public double ClientUs { get; init; }

    public double ServerBytes { get; init; }

    public double AllBytes { get; init; }

    public double ResumedShare { get; init; }

    public double SendMBPerSecond { get; init; }

    public double ReceiveMBPerSecond { get; init; }

    public double BytesPerRecord { get; init; }

    public double IdleBytes { get; init; }
}
