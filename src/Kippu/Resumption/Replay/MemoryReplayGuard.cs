namespace Kippu;

/// <summary>
/// A replay guard in the memory of this process. What was accepted before it began to record it cannot know, so it refuses everything until its window has
/// passed since then (RFC 8446 §8.2). Bounded: when it is full it refuses.
/// </summary>
/// <remarks>Thread-safe.</remarks>
public sealed class MemoryReplayGuard : IReplayGuard
{
    private readonly Lock _lock = new();
    private readonly HashSet<UInt128> _seen = [];
    private readonly Queue<(UInt128 Key, DateTimeOffset Expires)> _oldestFirst = new();
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _readyAt;
    private readonly int _maxEntries;

    /// <param name="window">The freshness window of the server, on both sides: a flight can be fresh for twice as long.</param>
    /// <param name="maxEntries">How many first flights are remembered at most. Default: 100,000, of about 60 bytes each.</param>
    /// <param name="timeProvider">The clock; null: <see cref="TimeProvider.System"/>.</param>
    public MemoryReplayGuard(TimeSpan window, int maxEntries = 100_000, TimeProvider? timeProvider = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxEntries, 1);
        Window = window;
        _time = timeProvider ?? TimeProvider.System;
        _readyAt = _time.GetUtcNow() + (2 * window);
        _maxEntries = maxEntries;
    }

    internal TimeSpan Window { get; }

    /// <inheritdoc/>
    public ValueTask<bool> TryUseAsync(ReadOnlyMemory<byte> key, DateTimeOffset expires, CancellationToken cancellationToken) => new(TryUse(key.Span, expires));

    /// <summary>As <see cref="TryUseAsync"/>, at once.</summary>
    internal bool TryUse(ReadOnlySpan<byte> key, DateTimeOffset expires)
    {
        var now = _time.GetUtcNow();
        if (now < _readyAt)
        {
            return false;
        }

        var name = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(key);
        lock (_lock)
        {
            while (_oldestFirst.TryPeek(out var oldest) && oldest.Expires < now)
            {
                _seen.Remove(_oldestFirst.Dequeue().Key);
            }

            if (_seen.Count >= _maxEntries || !_seen.Add(name))
            {
                return false;
            }

            _oldestFirst.Enqueue((name, expires));
            return true;
        }
    }
}
