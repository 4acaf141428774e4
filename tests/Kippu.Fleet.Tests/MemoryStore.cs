namespace Kippu.Fleet.Tests;

/// <summary>A store in memory that can be out of order.</summary>
internal sealed class MemoryStore(TicketKeyRing ring) : IRingStore
{
    private byte[] _json = Sample.Json(ring);

    public Exception? ReadFault { get; set; }

    public Exception? WriteFault { get; set; }

    /// <summary>Runs between a look and the write: another process.</summary>
    public Action? BeforeWrite { get; set; }

    public int Reads { get; private set; }

    public int Writes { get; private set; }

    public TicketKeyRing Ring => TicketKeyRing.Load(_json);

    public void Put(TicketKeyRing ring) => _json = Sample.Json(ring);

    public ValueTask<TicketKeyRing> ReadAsync(CancellationToken cancellationToken = default)
    {
        Reads++;
        return ReadFault is null ? ValueTask.FromResult(Ring) : throw ReadFault;
    }

    public ValueTask<bool> TryReplaceAsync(TicketKeyRing expected, TicketKeyRing successor, CancellationToken cancellationToken = default)
    {
        BeforeWrite?.Invoke();
        if (WriteFault is not null)
        {
            throw WriteFault;
        }

        using var found = Ring;
        if (expected.Judge(found) != RingOrder.Same)
        {
            return ValueTask.FromResult(false);
        }

        Writes++;
        Put(successor);
        return ValueTask.FromResult(true);
    }
}
