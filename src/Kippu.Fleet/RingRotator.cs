using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kippu.Fleet;

/// <summary>
/// Rotates a ring in time, by the one rule that all its writers share (<see cref="TicketKeyRing.Next"/>): read, compute, and put the new ring in the old one's place
/// if it changed and nobody else was first. Every process that may write the ring can have one; they need not know of each other.
/// </summary>
/// <remarks>
/// Thread-safe. It looks again and again, whatever came of the last look, so no error of the store leaves it unarmed; and a ring that it cannot read, it never
/// writes. All writers of one ring must use the same schedule.
/// </remarks>
public sealed class RingRotator : IDisposable
{
    private const int LooksPerInterval = 60;
    private static readonly TimeSpan s_shortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMinutes(1);

    private readonly IRingStore _store;
    private readonly RotationSchedule _schedule;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly ITimer _timer;
    private int _isLooking;
    private volatile Look _last = new(RotationOutcome.NothingDue, "");

    /// <summary>Looks at once, and then sixty times in an interval, but at least each minute.</summary>
    /// <param name="store">Where the ring is. It stays the caller's.</param>
    /// <param name="schedule">Null: <see cref="RotationSchedule.Default"/>.</param>
    /// <param name="loggers">Where the category <c>Kippu.Ring</c> comes from; null: no log.</param>
    /// <param name="timeProvider">Null: <see cref="TimeProvider.System"/>.</param>
    /// <exception cref="ArgumentException">
    /// The schedule does not go together (<see cref="RotationSchedule.Validate"/>): its interval is too short for the ticket lifetime, or for the propagation.
    /// </exception>
    public RingRotator(IRingStore store, RotationSchedule? schedule = null, ILoggerFactory? loggers = null, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        _store = store;
        _schedule = schedule ?? RotationSchedule.Default;
        _schedule.Validate();
        _time = timeProvider ?? TimeProvider.System;
        _log = (loggers ?? NullLoggerFactory.Instance).CreateLogger(RingLog.Category);

        // A timer that goes off again and again, and is not wound up anew by what it calls: nothing that happens there can stop it.
        _timer = _time.CreateTimer(_ => _ = LookAsync(), null, TimeSpan.Zero, Pause(_schedule.Interval));
    }

    /// <summary>What came of the last look.</summary>
    public RotationOutcome LastOutcome => _last.Outcome;

    /// <summary>Does now what is due. It does not throw what the store throws: that is <see cref="RotationOutcome.Failed"/>, and logged.</summary>
    public async Task<RotationOutcome> RotateAsync(CancellationToken cancellationToken = default)
    {
        Look look;
        try
        {
            look = await RotateOnceAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            look = new Look(RotationOutcome.Failed, e.Message);
        }

        Report(look);
        return look.Outcome;
    }

    /// <summary>Ends it. What is being written is written.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        _stop.Cancel();
    }

    private static TimeSpan Pause(TimeSpan interval)
    {
        var pause = interval / LooksPerInterval;
        return pause < s_shortestPause ? s_shortestPause : pause > s_longestPause ? s_longestPause : pause;
    }

    private async Task LookAsync()
    {
        // A store that hangs is looked at once, not by more and more.
        if (Interlocked.Exchange(ref _isLooking, 1) == 1)
        {
            return;
        }

        try
        {
            await RotateAsync(_stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
        finally
        {
            Volatile.Write(ref _isLooking, 0);
        }
    }

    private async Task<Look> RotateOnceAsync(CancellationToken cancellationToken)
    {
        using var ring = await _store.ReadAsync(cancellationToken).ConfigureAwait(false);
        var now = _time.GetUtcNow();
        if (now < ring.Written - _schedule.ClockSkew)
        {
            return new Look(RotationOutcome.ClockBehind, $"{ring.Epoch}.{ring.Version}");
        }

        // The ring says how long its tickets live, whatever the schedule would give a new one.
        (_schedule with { MaxTicketLifetime = ring.MaxTicketLifetime }).Validate();
        using var next = ring.Next(now, _schedule);
        if (ReferenceEquals(next, ring))
        {
            return new Look(RotationOutcome.NothingDue, "");
        }

        if (!await _store.TryReplaceAsync(ring, next, cancellationToken).ConfigureAwait(false))
        {
            return new Look(RotationOutcome.Overtaken, "");
        }

        RingLog.Rotated(_log, next.Epoch, next.Version, next.Keys.Count);
        return new Look(RotationOutcome.Rotated, "");
    }

    /// <summary>What goes on is said once.</summary>
    private void Report(Look look)
    {
        var before = _last;
        _last = look;
        if (look == before)
        {
            return;
        }

        switch (look.Outcome)
        {
            case RotationOutcome.Overtaken:
                RingLog.Overtaken(_log);
                break;
            case RotationOutcome.ClockBehind:
                RingLog.ClockBehind(_log, look.Detail);
                break;
            case RotationOutcome.Failed:
                RingLog.RotationFailed(_log, look.Detail);
                break;
        }
    }

    private sealed record Look(RotationOutcome Outcome, string Detail);
}
