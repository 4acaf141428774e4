namespace Kippu.Transport;

/// <summary>What is left of a handshake's time limit, joined with the token of one caller.</summary>
internal sealed class HandshakeDeadline : IDisposable
{
    private readonly HandshakeClock _clock;
    private readonly CancellationTokenSource _timer;
    private readonly CancellationTokenSource? _joined;
    private readonly CancellationToken _caller;

    public HandshakeDeadline(HandshakeClock clock, CancellationToken caller)
    {
        _clock = clock;
        _caller = caller;
        _timer = new CancellationTokenSource(DueTime(clock.Left), clock.Time);
        _joined = caller.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, caller) : null;
    }

    public TimeSpan Limit => _clock.Limit;

    public CancellationToken Token => _joined?.Token ?? _timer.Token;

    /// <summary>What is left of the time; null if there is no limit.</summary>
    public TimeSpan? Left => _clock.Left;

    /// <summary>Whether the time is over, and the caller has not given up before. By the clock: on a busy machine the timer may come late.</summary>
    public bool HasPassed => !_caller.IsCancellationRequested && (_timer.IsCancellationRequested || Left <= TimeSpan.Zero);

    public void Dispose()
    {
        _joined?.Dispose();
        _timer.Dispose();
    }

    private static TimeSpan DueTime(TimeSpan? left) => left is not { } time ? Timeout.InfiniteTimeSpan : time > TimeSpan.Zero ? time : TimeSpan.Zero;
}
