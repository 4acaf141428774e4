using Kippu.Resumption;

namespace Kippu;

/// <summary>
/// The keys that protect tickets (RFC 5077 §5.5), as a value: which key seals and which keys open is a pure function of the ring and the time, so any
/// two nodes with the same bytes agree without talking. Rings are ordered by (<see cref="Epoch"/>, <see cref="Version"/>).
/// </summary>
/// <remarks>
/// Immutable and thread-safe. Each ring owns the secrets of its keys together with the other rings that list them (<see cref="Next"/> and the other
/// changes return new rings); <see cref="Dispose"/> gives its share up, and the last ring to go clears the memory. A ring that was disposed can still
/// be read, but seals and opens nothing that has not been derived already.
/// </remarks>
public sealed class TicketKeyRing : IDisposable
{
    /// <summary>The most keys that a ring holds.</summary>
    public const int MaxKeys = 64;

    private readonly TicketKey[] _keys;
    private int _disposed;

    /// <exception cref="ArgumentException">The rules of a ring are broken: too many keys, a repeated id, times in the wrong order.</exception>
    internal TicketKeyRing(long epoch, long version, DateTimeOffset written, TimeSpan maxTicketLifetime, IReadOnlyList<TicketKey> keys)
    {
        if (RingRules.FindFault(epoch, version, maxTicketLifetime, keys) is { } fault)
        {
            throw new ArgumentException($"{fault.Location}: {fault.Problem}", nameof(keys));
        }

        Epoch = epoch;
        Version = version;
        Written = RingTime.Truncate(written);
        MaxTicketLifetime = TimeSpan.FromSeconds(Math.Floor(maxTicketLifetime.TotalSeconds));
        _keys = [.. keys];
        Own();
    }

    /// <summary>The era of the ring. A new ring and a revocation start a new one: the greater of the old epoch + 1 and the Unix time in seconds.</summary>
    public long Epoch { get; }

    /// <summary>Counts the changes within an epoch, from 1.</summary>
    public long Version { get; }

    /// <summary>When this ring was written, by the writer's clock.</summary>
    public DateTimeOffset Written { get; }

    /// <summary>No ticket sealed under this ring lives longer. Whole seconds.</summary>
    public TimeSpan MaxTicketLifetime { get; }

    /// <summary>The keys, oldest first; at most <see cref="MaxKeys"/>.</summary>
    public IReadOnlyList<TicketKey> Keys => _keys;

    internal static TimeSpan ShortestTicketLifetime => TimeSpan.FromSeconds(1);

    internal static TimeSpan LongestTicketLifetime => TimeSpan.FromDays(7);

    /// <summary>
    /// A new ring with two random keys: one that seals from <paramref name="now"/> on, and its successor, one interval later. Give it to the nodes before
    /// they start.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="schedule">Null: <see cref="RotationSchedule.Default"/>.</param>
    /// <exception cref="ArgumentException">The schedule does not go together (<see cref="RotationSchedule.Validate"/>).</exception>
    public static TicketKeyRing Create(DateTimeOffset now, RotationSchedule? schedule = null) =>
        RingRotation.Create(now, schedule ?? RotationSchedule.Default);

    /// <summary>Reads a ring as JSON (docs/ticket-format.md). Strict: whatever is unknown, missing, repeated or out of range is refused.</summary>
    /// <exception cref="StoredFormatException">The text is no ring; the message says what is wrong and where, and never holds a secret.</exception>
    public static TicketKeyRing Load(ReadOnlySpan<byte> json) => RingJson.Read(json);

    /// <summary>Reads a ring as JSON up to the end of the stream; see <see cref="Load(ReadOnlySpan{byte})"/>.</summary>
    /// <exception cref="StoredFormatException">The text is no ring; the message says what is wrong and where, and never holds a secret.</exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    public static TicketKeyRing Load(Stream source)
    {
        ArgumentNullException.ThrowIfNull(source);
        using var json = StoredText.ReadAll(source, RingJson.MaxLength, "ring");
        return RingJson.Read(json.Written);
    }

    /// <summary>
    /// Writes the ring as JSON, <b>its secrets in the clear</b>: whoever can read this can open every ticket of the fleet. A file should be readable by its
    /// owner only.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The ring was disposed.</exception>
    /// <exception cref="IOException">The stream could not be written.</exception>
    public void Save(Stream destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        RingJson.Write(this, destination);
    }

    /// <summary>
    /// The key that seals at <paramref name="now"/>: the active one with the latest <see cref="TicketKey.ActivateAt"/>, of equals the one with the greater
    /// id. Null if none is active: no tickets are issued then, and nothing fails.
    /// </summary>
    public TicketKey? SealingKey(DateTimeOffset now)
    {
        TicketKey? best = null;
        foreach (var key in _keys)
        {
            if (key.StateAt(now) == TicketKeyState.Active && (best is null || SealsBefore(key, best)))
            {
                best = key;
            }
        }

        return best;
    }

    /// <summary>The key with this id, or null.</summary>
    public TicketKey? Find(TicketKeyId id)
    {
        foreach (var key in _keys)
        {
            if (key.Id == id)
            {
                return key;
            }
        }

        return null;
    }

    /// <summary>True if no key seals at <paramref name="now"/> and none is going to: nobody has rotated the ring in time, and no more tickets are issued.</summary>
    public bool HasRunOut(DateTimeOffset now)
    {
        foreach (var key in _keys)
        {
            if (!key.Revoked && key.RetireAt > now)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether a node that has this ring in force takes <paramref name="found"/>, or refuses and reports it.</summary>
    public RingOrder Judge(TicketKeyRing found)
    {
        ArgumentNullException.ThrowIfNull(found);
        return found.CompareTo(this) switch
        {
            > 0 => RingOrder.Newer,
            < 0 => RingOrder.Older,
            0 => RingRules.HaveSameContent(this, found) ? RingOrder.Same : RingOrder.Conflict,
        };
    }

    /// <summary>
    /// The ring that timed rotation puts in the place of this one at <paramref name="now"/>, or this very ring if there is nothing to do. A pure rule apart
    /// from the random keys it makes: drops keys whose time is over, makes sure that a key seals, and publishes the next one an interval ahead.
    /// </summary>
    /// <param name="now">The time. Before <see cref="Written"/> less the clock skew nothing is changed.</param>
    /// <param name="schedule">Null: <see cref="RotationSchedule.Default"/>.</param>
    public TicketKeyRing Next(DateTimeOffset now, RotationSchedule? schedule = null) => RingRotation.Next(this, now, schedule ?? RotationSchedule.Default);

    /// <summary>This ring with one more random key that opens and does not seal yet (<see cref="Promote"/>).</summary>
    /// <exception cref="InvalidOperationException">The ring is full.</exception>
    public TicketKeyRing Publish(DateTimeOffset now) => RingRotation.Publish(this, now);

    /// <summary>
    /// This ring with <paramref name="id"/> sealing from <paramref name="activateAt"/> on. Keys that were activated earlier retire then, and are erased once
    /// the longest ticket lifetime and the clock skew have passed.
    /// </summary>
    /// <param name="id">A key that was published.</param>
    /// <param name="activateAt">Not before <paramref name="now"/>, and far enough ahead that every node has this ring by then.</param>
    /// <param name="now">The time.</param>
    /// <param name="schedule">Null: <see cref="RotationSchedule.Default"/>.</param>
    /// <exception cref="ArgumentException"><paramref name="activateAt"/> is in the past: tickets that were sealed since then would die before their time.</exception>
    /// <exception cref="InvalidOperationException">There is no such key, or it is not (or no more) merely published.</exception>
    public TicketKeyRing Promote(TicketKeyId id, DateTimeOffset activateAt, DateTimeOffset now, RotationSchedule? schedule = null) =>
        RingRotation.Promote(this, id, activateAt, now, schedule ?? RotationSchedule.Default);

    /// <summary>
    /// This ring, in a new epoch, with <paramref name="id"/> revoked: its secret is dropped, the key stays listed. <see cref="Next"/> then makes sure that
    /// another key seals.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no such key.</exception>
    public TicketKeyRing Revoke(TicketKeyId id, DateTimeOffset now, RotationSchedule? schedule = null) =>
        RingRotation.Revoke(this, id, now, schedule ?? RotationSchedule.Default);

    /// <summary>Gives up this ring's share of the secrets; the last ring that lists a key clears its secret. May be called more than once.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            foreach (var key in _keys)
            {
                key.Secret?.Release();
            }
        }
    }

    /// <summary>Epoch, version and the number of keys.</summary>
    public override string ToString() => $"ring {Epoch}.{Version}, {_keys.Length} keys";

    /// <summary>
    /// An equal ring with a share of its own in the secrets. Where <paramref name="previous"/> lists the same key, its secret is shared, so that what was
    /// derived from it need not be derived again.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The secrets have been cleared.</exception>
    internal TicketKeyRing Share(TicketKeyRing? previous = null) =>
        new(Epoch, Version, Written, MaxTicketLifetime, [.. _keys.Select(key => key.Adopting(previous?.Find(key.Id)?.Secret))]);

    /// <summary>The lexicographic order of (epoch, version): below zero if this ring is older, above if it is newer.</summary>
    internal int CompareTo(TicketKeyRing other)
    {
        var byEpoch = Epoch.CompareTo(other.Epoch);
        return byEpoch != 0 ? byEpoch : Version.CompareTo(other.Version);
    }

    private static bool SealsBefore(TicketKey key, TicketKey other)
    {
        var byTime = key.ActivateAt!.Value.CompareTo(other.ActivateAt!.Value);
        return byTime > 0 || (byTime == 0 && key.Id.CompareTo(other.Id) > 0);
    }

    private void Own()
    {
        for (var i = 0; i < _keys.Length; i++)
        {
            if (_keys[i].Secret?.TryAddOwner() == false)
            {
                while (--i >= 0)
                {
                    _keys[i].Secret?.Release();
                }

                throw new ObjectDisposedException(nameof(TicketKeyRing), "the secrets of this ring have been cleared");
            }
        }
    }
}
