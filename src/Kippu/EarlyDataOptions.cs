namespace Kippu;

/// <summary>
/// 0-RTT on a server (RFC 8446 §2.3 and §8): off unless <see cref="MaxSize"/> is set. Early data can be replayed: the application must be able to tell it
/// (<c>TlsStream.ReadEarlyDataAsync</c>, <c>TlsDuplexPipe.EarlyInput</c>, <see cref="TlsReadStatus.EarlyData"/>) and must do nothing on its account that it would not do twice.
/// </summary>
/// <remarks>Plain data, read once when the server is made. Not thread-safe.</remarks>
public sealed class EarlyDataOptions
{
    /// <summary>
    /// The most bytes of early data that a client may send (max_early_data_size). Zero, the default: none, 0-RTT is off. A ticket that promised more than this is resumed
    /// without early data. An application that sets it must read early data: what was accepted the client does not send again.
    /// </summary>
    public int MaxSize { get; set; }

    /// <summary>
    /// How far the age of the ticket that the client states may be from the one that the server reckons (RFC 8446 §8.3). An age that does not fit costs the
    /// early data only, never the resumption. Default: 10 seconds.
    /// </summary>
    public TimeSpan FreshnessWindow { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Lets each first flight pass once. Null (the default): a <see cref="MemoryReplayGuard"/> of this server alone. The guarantee is the guard's: with the
    /// default one, early data is accepted at most once <i>by this process</i>, and not at all until its window has passed since it began to record.
    /// </summary>
    public IReplayGuard? ReplayGuard { get; set; }

    /// <summary>
    /// How far the guarantee of <see cref="ReplayGuard"/> must reach. Default: <see cref="ReplayScope.Fleet"/>: with a ring that other nodes share, a shared
    /// guard must be given, which a <see cref="MemoryReplayGuard"/> is not, or this must say <see cref="ReplayScope.PerNode"/>: every node then accepts the same early data once.
    /// </summary>
    public ReplayScope ReplayScope { get; set; } = ReplayScope.Fleet;
}
