namespace Kippu;

/// <summary>
/// A source that gives one ring until it is told another: the ring of a file that was read once, or of a test. It never rotates the ring by itself; nodes
/// follow the times that stand in it, and once it has run out no more tickets are issued.
/// </summary>
/// <remarks>Thread-safe.</remarks>
public sealed class FixedRing : IRingSource, IDisposable
{
    private readonly Lock _lock = new();
    private TicketKeyRing _current;

    /// <summary>Takes a share of the ring: the caller may dispose its own.</summary>
    /// <exception cref="ObjectDisposedException">The ring was disposed.</exception>
    public FixedRing(TicketKeyRing ring)
    {
        ArgumentNullException.ThrowIfNull(ring);
        _current = ring.Share();
    }

    /// <inheritdoc/>
    public TicketKeyRing Current => Volatile.Read(ref _current);

    /// <summary>
    /// Puts <paramref name="ring"/> in force if it is newer, taking a share of it. A ring that is older, or that conflicts, is refused: the caller should
    /// report that.
    /// </summary>
    /// <returns>How the ring stands to the one in force before the call; it was taken if that is <see cref="RingOrder.Newer"/>.</returns>
    /// <exception cref="ObjectDisposedException">The ring was disposed.</exception>
    public RingOrder Offer(TicketKeyRing ring)
    {
        ArgumentNullException.ThrowIfNull(ring);
        lock (_lock)
        {
            var order = _current.Judge(ring);
            if (order != RingOrder.Newer)
            {
                return order;
            }

            var previous = _current;
            Volatile.Write(ref _current, ring.Share(previous));
            previous.Dispose();
            return RingOrder.Newer;
        }
    }

    /// <summary>Gives up the share of the ring; it goes on being given, and opens and seals nothing more.</summary>
    public void Dispose() => Current.Dispose();
}
