using Kippu.Wire;

namespace Kippu.Records;

/// <summary>
/// What must go out besides application data: handshake messages, alerts, ChangeCipherSpec, and the changes of keys between them. It holds them
/// unsealed; the write half seals them when it drains, so that record numbers cannot race. The read half may enqueue while the write half drains.
/// </summary>
internal sealed class OutputQueue : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Queue<Item> _items = new();
    private WireBuffer? _bytes;
    private int _offset;
    private volatile bool _hasPending;
    private long _keyChangesQueued;
    private long _keyChangesMade;

    public bool HasPending => _hasPending;

    /// <summary>Adds content of one type; handshake messages that follow each other share records.</summary>
    public void Enqueue(ContentType type, ReadOnlySpan<byte> content)
    {
        lock (_lock)
        {
            _bytes ??= new WireBuffer();
            content.CopyTo(_bytes.Reserve(content.Length));
            _items.Enqueue(new Item(type, content.Length, null, null));
            _hasPending = true;
        }
    }

    /// <summary>What is enqueued from here on is sealed by <paramref name="protection"/>.</summary>
    /// <param name="protection">The keys.</param>
    /// <param name="sizeLimit">The peer's record_size_limit for records under them; null: as before.</param>
    /// <returns>The number of this change, for <see cref="HasMade"/>.</returns>
    public long EnqueueKeyChange(RecordProtection protection, int? sizeLimit = null)
    {
        lock (_lock)
        {
            _items.Enqueue(new Item(default, 0, protection, sizeLimit));
            _hasPending = true;
            return ++_keyChangesQueued;
        }
    }

    /// <summary>Whether all that was enqueued before this change of keys has been sealed.</summary>
    public bool HasMade(long keyChange) => Volatile.Read(ref _keyChangesMade) >= keyChange;

    /// <summary>An upper bound of what draining everything takes.</summary>
    public int SealedSize(WriteHalf writer)
    {
        lock (_lock)
        {
            var size = 0;
            var fragment = writer.MaxFragment;
            foreach (var item in _items)
            {
                fragment = item.SizeLimit is { } limit ? Math.Min(fragment, limit - 1) : fragment;
                var records = (item.Length + fragment - 1) / fragment;
                size += item.Length + (records * (RecordLimits.HeaderLength + RecordLimits.MaxOverhead));
            }

            return size;
        }
    }

    /// <summary>Seals as much as fits, record by record.</summary>
    /// <returns>Bytes written to <paramref name="destination"/>.</returns>
    public int Drain(WriteHalf writer, Span<byte> destination)
    {
        if (!_hasPending)
        {
            return 0;
        }

        lock (_lock)
        {
            var written = 0;
            while (_items.TryPeek(out var item))
            {
                if (item.KeyChange is { } protection)
                {
                    writer.Rekey(protection);
                    if (item.SizeLimit is { } limit)
                    {
                        writer.MaxFragment = limit;
                    }

                    Volatile.Write(ref _keyChangesMade, _keyChangesMade + 1);
                    _items.Dequeue();
                    continue;
                }

                var (length, items) = NextRecord(writer.MaxFragment);
                if (destination.Length - written < RecordLimits.HeaderLength + writer.Overhead + length)
                {
                    return written;
                }

                written += writer.Seal(item.Type, _bytes!.Written.Slice(_offset, length), destination[written..]);
                Taken(length, items);
            }

            _bytes?.Dispose();
            _bytes = null;
            _offset = 0;
            _hasPending = false;
            return written;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            while (_items.TryDequeue(out var item))
            {
                item.KeyChange?.Dispose();
            }

            _bytes?.Dispose();
            _bytes = null;
            _hasPending = false;
        }
    }

    /// <summary>How long the next record is and how many whole items it ends: handshake messages share a record, alerts and ChangeCipherSpec do not.</summary>
    private (int Length, int WholeItems) NextRecord(int maxFragment)
    {
        var first = _items.Peek();
        var length = 0;
        var whole = 0;
        foreach (var item in _items)
        {
            if (item.KeyChange is not null || item.Type != first.Type || (whole > 0 && first.Type != ContentType.Handshake))
            {
                break;
            }

            if (length + item.Length > maxFragment)
            {
                return (maxFragment, whole);
            }

            length += item.Length;
            whole++;
        }

        return (length, whole);
    }

    private void Taken(int length, int wholeItems)
    {
        _offset += length;
        for (var i = 0; i < wholeItems; i++)
        {
            length -= _items.Dequeue().Length;
        }

        if (length > 0)
        {
            // The record ended inside a message: what is left of it becomes the head of the queue.
            ShortenHead(length);
        }
    }

    private void ShortenHead(int taken)
    {
        var count = _items.Count;
        for (var i = 0; i < count; i++)
        {
            var item = _items.Dequeue();
            _items.Enqueue(i == 0 ? item with { Length = item.Length - taken } : item);
        }
    }

    private readonly record struct Item(ContentType Type, int Length, RecordProtection? KeyChange, int? SizeLimit);
}
