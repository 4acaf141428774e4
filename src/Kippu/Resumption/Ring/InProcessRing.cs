using Kippu.Resumption;

namespace Kippu;

/// <summary>
/// A ring of this process alone: makes its own keys and rotates them. What a server uses that was given no ring; its tickets are worth nothing on other
/// nodes and after a restart.
/// </summary>
/// <remarks>
/// Thread-safe. There is no timer: the ring follows from the time at each look, so a process that slept for a week has the right keys at its first
/// handshake.
/// </remarks>
public sealed class InProcessRing : IRingSource, IDisposable
{
    private readonly Lock _lock = new();
    private readonly RotationSchedule _schedule;
    private readonly TimeProvider _time;
    private Snapshot _snapshot;
    private bool _disposed;

    /// <summary>Makes the first keys.</summary>
    /// <param name="timeProvider">The clock; null: <see cref="TimeProvider.System"/>.</param>
    /// <param name="schedule">
    /// Null: <see cref="RotationSchedule.Default"/>. <see cref="RotationSchedule.Propagation"/> is taken as zero: there is nobody to wait for.
    /// </param>
    public InProcessRing(TimeProvider? timeProvider = null, RotationSchedule? schedule = null)
    {
        _time = timeProvider ?? TimeProvider.System;
        _schedule = (schedule ?? RotationSchedule.Default) with { Propagation = TimeSpan.Zero };
        var now = _time.GetUtcNow();
        _snapshot = Take(TicketKeyRing.Create(now, _schedule), now);
    }

    /// <inheritdoc/>
    public TicketKeyRing Current
    {
        get
        {
            var snapshot = Volatile.Read(ref _snapshot);
            var now = _time.GetUtcNow();
            return now < snapshot.ChangesAt ? snapshot.Ring : Rotate(now);
        }
    }

    /// <summary>Clears the keys. The ring goes on being given, and opens and seals nothing more.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _snapshot.Ring.Dispose();
        }
    }

    private TicketKeyRing Rotate(DateTimeOffset now)
    {
        lock (_lock)
        {
            var ring = _snapshot.Ring;
            if (_disposed || now < _snapshot.ChangesAt)
            {
                return ring;
            }

            var next = ring.Next(now, _schedule);
            Volatile.Write(ref _snapshot, Take(next, now));
            if (!ReferenceEquals(next, ring))
            {
                // The new ring has its own share of the secrets that go on; what only the old one held is cleared here.
                ring.Dispose();
            }

            return next;
        }
    }

    private Snapshot Take(TicketKeyRing ring, DateTimeOffset now) => new(ring, RingRotation.NextChange(ring, now, _schedule));

    private sealed record Snapshot(TicketKeyRing Ring, DateTimeOffset ChangesAt);
}
