namespace Kippu.Transport;

/// <summary>How much is sealed at once, and how long the end may take: the same over streams and pipes.</summary>
internal static class OutputLimits
{
    /// <summary>Three full records, which then share one write of the transport, and one step of the pool. Between two batches the transport may push back.</summary>
    public const int MaxBatch = 64 * 1024;

    /// <summary>How long the last words (an alert, close_notify) may take: the peer may not be reading any more.</summary>
    public static TimeSpan LastWords { get; } = TimeSpan.FromSeconds(1);
}
