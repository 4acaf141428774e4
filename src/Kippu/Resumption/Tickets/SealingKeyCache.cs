using System.Collections.Concurrent;
using Kippu.Wire;

namespace Kippu.Resumption;

/// <summary>
/// Derived keys of one scope, by (ring key, purpose, version): derived at first use, bounded, and cleared once the ring no longer lists the key. Who has
/// no ring key in the ring cannot make it grow.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class SealingKeyCache(SessionScope scope, int capacity = SealingKeyCache.DefaultCapacity) : IDisposable
{
    /// <summary>As many as a full ring needs: each key for two purposes and two versions.</summary>
    public const int DefaultCapacity = TicketKeyRing.MaxKeys * 2 * 2;

    private readonly ConcurrentDictionary<Name, Entry> _entries = new();
    private readonly Queue<Name> _order = new();
    private readonly Lock _lock = new();
    private TicketKeyRing? _ring;
    private bool _disposed;

    public int Count => _entries.Count;

    /// <summary>Clears what was derived from keys that <paramref name="ring"/> does not list any more. To be called with the ring in force; cheap if it is the same.</summary>
    public void Follow(TicketKeyRing ring)
    {
        if (ReferenceEquals(Volatile.Read(ref _ring), ring))
        {
            return;
        }

        lock (_lock)
        {
            Volatile.Write(ref _ring, ring);
            for (var left = _order.Count; left > 0; left--)
            {
                var name = _order.Dequeue();
                if (_entries.TryGetValue(name, out var entry) && ReferenceEquals(ring.Find(name.Id)?.Secret, entry.Secret))
                {
                    _order.Enqueue(name);
                }
                else if (_entries.TryRemove(name, out var gone))
                {
                    gone.Dispose();
                }
            }
        }
    }

    /// <summary>The tag for this ring key; false if the ring key has no secret (any more).</summary>
    public bool TryGetTag(TicketKey key, SealingPurpose purpose, TlsVersion version, out ulong tag)
    {
        var entry = Find(key, purpose, version);
        tag = entry?.Tag ?? 0;
        return entry is not null;
    }

    /// <summary>The cipher and MAC keys for this ring key; null if the ring key has no secret (any more).</summary>
    public SealingKeys? GetKeys(TicketKey key, SealingPurpose purpose, TlsVersion version)
    {
        while (Find(key, purpose, version) is { } entry)
        {
            if ((entry.Keys ?? Derive(entry, purpose, version)) is { } keys)
            {
                return keys;
            }
        }

        return null;
    }

    /// <summary>Clears all, and derives nothing more.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            foreach (var entry in _entries.Values)
            {
                entry.Dispose();
            }

            _entries.Clear();
            _order.Clear();
        }
    }

    private Entry? Find(TicketKey key, SealingPurpose purpose, TlsVersion version)
    {
        if (key.Secret is not { IsCleared: false } secret)
        {
            return null;
        }

        var name = new Name(key.Id, purpose, version);
        return _entries.TryGetValue(name, out var entry) && ReferenceEquals(entry.Secret, secret) ? entry : Add(name, secret);
    }

    /// <summary>Null if the entry has been dropped since it was found, or its ring key cleared: look again.</summary>
    private SealingKeys? Derive(Entry entry, SealingPurpose purpose, TlsVersion version)
    {
        lock (_lock)
        {
            if (entry is { Keys: null, IsDropped: false } && entry.Secret.TryAddOwner())
            {
                entry.Keys = new SealingKeys(entry.Secret, purpose, version, scope);
                entry.Secret.Release();
            }

            return entry.Keys;
        }
    }

    private Entry? Add(Name name, TicketKeySecret secret)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(name, out var other) && ReferenceEquals(other.Secret, secret))
            {
                return other;
            }

            if (_disposed || !secret.TryAddOwner())
            {
                return null;
            }

            var entry = new Entry(secret, SealingKeys.DeriveTag(secret, name.Purpose, name.Version, scope));
            secret.Release();
            if (other is null)
            {
                MakeRoom();
                _order.Enqueue(name);
            }

            _entries[name] = entry;
            other?.Dispose();
            return entry;
        }
    }

    private void MakeRoom()
    {
        while (_order.Count >= capacity)
        {
            if (_entries.TryRemove(_order.Dequeue(), out var oldest))
            {
                oldest.Dispose();
            }
        }
    }

    private readonly record struct Name(TicketKeyId Id, SealingPurpose Purpose, TlsVersion Version);

    private sealed class Entry(TicketKeySecret secret, ulong tag) : IDisposable
    {
        /// <summary>Whose derivations these are; not owned, and compared by reference only.</summary>
        public TicketKeySecret Secret { get; } = secret;

        public ulong Tag { get; } = tag;

        public SealingKeys? Keys { get; set; }

        public bool IsDropped { get; private set; }

        public void Dispose()
        {
            IsDropped = true;
            Keys?.Dispose();
        }
    }
}
