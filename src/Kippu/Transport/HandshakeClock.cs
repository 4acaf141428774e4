namespace Kippu.Transport;

/// <summary>
/// The time limit of one handshake, from its first byte to its last: a server that reads early data meanwhile completes it in several calls, and the limit holds for
/// all of them together.
/// </summary>
internal sealed class HandshakeClock(TimeSpan limit, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    public TimeSpan Limit => limit;

    public TimeProvider Time => time;

    /// <summary>What is left of the time; null if there is no limit.</summary>
    public TimeSpan? Left => limit == Timeout.InfiniteTimeSpan ? null : limit - time.GetElapsedTime(_start);
}
