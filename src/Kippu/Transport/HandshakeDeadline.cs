namespace Kippu.Transport;

/// <summary>The time limit of one handshake, joined with the caller's own token.</summary>
internal sealed class HandshakeDeadline : IDisposable
{
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly CancellationTokenSource _timer;
    private readonly CancellationTokenSource? _joined;
    private readonly CancellationToken _caller;

    public HandshakeDeadline(TimeSpan limit, TimeProvider time, CancellationToken caller)
    {
        Limit = limit;
        _time = time;
        _start = time.GetTimestamp();
        _caller = caller;
        _timer = new CancellationTokenSource(limit, time);
        _joined = caller.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, caller) : null;
    }

    public TimeSpan Limit { get; }

    public CancellationToken Token => _joined?.Token ?? _timer.Token;

    /// <summary>What is left of the time; null if there is no limit.</summary>
    public TimeSpan? Left => Limit == Timeout.InfiniteTimeSpan ? null : Limit - _time.GetElapsedTime(_start);

    /// <summary>Whether the time is over, and the caller has not given up before. By the clock: on a busy machine the timer may come late.</summary>
    public bool HasPassed => !_caller.IsCancellationRequested && (_timer.IsCancellationRequested || Left <= TimeSpan.Zero);

    public void Dispose()
    {
        _joined?.Dispose();
        _timer.Dispose();
    }
}
