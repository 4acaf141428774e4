using System.Diagnostics.CodeAnalysis;
using Kippu.Wire;

namespace Kippu;

/// <summary>A session cache in memory, bounded in entries and in bytes. What was stored first is forgotten first.</summary>
/// <remarks>Thread-safe. Each operation takes constant time: expired entries are dropped when they are met, and a few of the oldest at each store.</remarks>
public sealed class MemorySessionCache : ISessionCache
{
    /// <summary>What an entry costs besides its key and value: two arrays, a list node, a place in the dictionary.</summary>
    private const int EntryOverhead = 200;

    /// <summary>Old entries that are looked at for each one that is stored. Above one, so that the cache can shrink.</summary>
    private const int SweepPerStore = 2;

    private readonly Lock _lock = new();
    private readonly Dictionary<byte[], LinkedListNode<Entry>> _byKey = new(KeyComparer.Instance);
    private readonly Dictionary<byte[], LinkedListNode<Entry>>.AlternateLookup<ReadOnlySpan<byte>> _bySpan;
    private readonly LinkedList<Entry> _oldestFirst = new();
    private readonly int _maxEntries;
    private readonly long _maxBytes;
    private readonly TimeProvider _time;
    private long _bytes;

    /// <summary>An empty cache.</summary>
    /// <param name="maxEntries">The most entries; at least 1. Default 20,000.</param>
    /// <param name="maxBytes">The most bytes, estimated with what an entry costs besides its content; at least 1,024. Default 16 MiB.</param>
    /// <param name="timeProvider">The clock; null: <see cref="TimeProvider.System"/>.</param>
    public MemorySessionCache(int maxEntries = 20_000, long maxBytes = 16 * 1024 * 1024, TimeProvider? timeProvider = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxEntries, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, 1024);
        _maxEntries = maxEntries;
        _maxBytes = maxBytes;
        _time = timeProvider ?? TimeProvider.System;
        _bySpan = _byKey.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>Entries held, expired ones that nobody has met yet included.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _byKey.Count;
            }
        }
    }

    /// <summary>Bytes held, by the estimate that <c>maxBytes</c> bounds.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock)
            {
                return _bytes;
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>A value that alone exceeds the bound of bytes, or has expired already, is not stored.</remarks>
    public void Set(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, DateTimeOffset expires)
    {
        var now = _time.GetUtcNow();
        var entry = new Entry(key.ToArray(), value.ToArray(), expires);
        lock (_lock)
        {
            if (_bySpan.TryGetValue(key, out var previous))
            {
                Drop(previous);
            }

            SweepExpired(now);
            if (entry.Cost > _maxBytes || expires <= now)
            {
                return;
            }

            while (_byKey.Count >= _maxEntries || _bytes + entry.Cost > _maxBytes)
            {
                Drop(_oldestFirst.First!);
            }

            _byKey.Add(entry.Key, _oldestFirst.AddLast(entry));
            _bytes += entry.Cost;
        }
    }

    /// <inheritdoc/>
    public bool TryGet(ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value)
    {
        var now = _time.GetUtcNow();
        lock (_lock)
        {
            if (_bySpan.TryGetValue(key, out var node))
            {
                if (node.Value.Expires > now)
                {
                    value = node.Value.Value;
                    return true;
                }

                Drop(node);
            }
        }

        value = default;
        return false;
    }

    /// <inheritdoc/>
    public void Remove(ReadOnlySpan<byte> key)
    {
        lock (_lock)
        {
            if (_bySpan.TryGetValue(key, out var node))
            {
                Drop(node);
            }
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _byKey.Clear();
            _oldestFirst.Clear();
            _bytes = 0;
        }
    }

    private void SweepExpired(DateTimeOffset now)
    {
        for (var i = 0; i < SweepPerStore && _oldestFirst.First is { } oldest && oldest.Value.Expires <= now; i++)
        {
            Drop(oldest);
        }
    }

    private void Drop(LinkedListNode<Entry> node)
    {
        _byKey.Remove(node.Value.Key);
        _oldestFirst.Remove(node);
        _bytes -= node.Value.Cost;
    }

    private sealed record Entry(byte[] Key, byte[] Value, DateTimeOffset Expires)
    {
        public int Cost => Key.Length + Value.Length + EntryOverhead;
    }

    /// <summary>Keys by content. They are digests, or an application's choice; the hash is seeded for each process all the same.</summary>
    private sealed class KeyComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static KeyComparer Instance { get; } = new();

        public bool Equals(byte[]? x, byte[]? y) => PublicBytes.AreEqual(x, y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => PublicBytes.AreEqual(alternate, other);

        public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
