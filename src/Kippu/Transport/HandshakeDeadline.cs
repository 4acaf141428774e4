namespace Kippu.Transport;

/// <summary>The time limit of one handshake, joined with the caller's own token.</summary>
internal sealed class HandshakeDeadline : IDisposable
{
    private readonly CancellationTokenSource _timer;
    private readonly CancellationTokenSource? _joined;
    private readonly CancellationToken _caller;

    public HandshakeDeadline(TimeSpan limit, TimeProvider time, CancellationToken caller)
    {
        Limit = limit;
        _caller = caller;
        _timer = new CancellationTokenSource(limit, time);
        _joined = caller.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, caller) : null;
    }

    public TimeSpan Limit { get; }

    public CancellationToken Token => _joined?.Token ?? _timer.Token;

    /// <summary>Whether the time is over, and the caller has not given up before.</summary>
    public bool HasPassed => _timer.IsCancellationRequested && !_caller.IsCancellationRequested;

    public void Dispose()
    {
        _joined?.Dispose();
        _timer.Dispose();
    }
}
