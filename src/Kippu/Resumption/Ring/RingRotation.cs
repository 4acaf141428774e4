namespace Kippu.Resumption;

/// <summary>
/// How one ring follows from another. Everything here is a pure rule over (ring, time, schedule), apart from the random bytes of a new key: every
/// process that may write the ring applies the same rule, and writes only what has changed.
/// </summary>
internal static class RingRotation
{
    /// <summary>A key that no successor replaces seals for this many intervals.</summary>
    private const int IntervalsUntilRetired = 3;

    public static TicketKeyRing Create(DateTimeOffset now, RotationSchedule schedule)
    {
        schedule.Validate();
        var draft = new Draft([], schedule, schedule.MaxTicketLifetime);

        // Nobody has the ring yet, so its first key may seal at once.
        draft.Mint(now, now);
        draft.EnsureSuccessor(now);
        return new TicketKeyRing(EpochAfter(0, now), 1, now, schedule.MaxTicketLifetime, draft.Keys);
    }

    public static TicketKeyRing Next(TicketKeyRing ring, DateTimeOffset now, RotationSchedule schedule)
    {
        // A clock that runs behind the ring's last writer must not decide anything.
        if (now < ring.Written - schedule.ClockSkew)
        {
            return ring;
        }

        var draft = new Draft(ring.Keys, schedule, ring.MaxTicketLifetime);
        draft.DropErased(now);
        draft.EnsureSealing(now);
        draft.EnsureSuccessor(now);
        return draft.HasChanged ? Write(ring, draft.Keys, now) : ring;
    }

    /// <summary>
    /// The first time after <paramref name="now"/> at which <see cref="Next"/> may change the ring: when the newest key comes into force, or a key leaves.
    /// (That no key seals any more cannot come before the newest key came into force.)
    /// </summary>
    public static DateTimeOffset NextChange(TicketKeyRing ring, DateTimeOffset now, RotationSchedule schedule)
    {
        var next = DateTimeOffset.MaxValue;
        foreach (var key in ring.Keys)
        {
            if (!key.Revoked && key.ActivateAt > now && key.ActivateAt < next)
            {
                next = key.ActivateAt.Value;
            }

            if (key.EraseAt is { } eraseAt && eraseAt + schedule.ClockSkew < next)
            {
                next = eraseAt + schedule.ClockSkew;
            }
        }

        return next;
    }

    public static TicketKeyRing Publish(TicketKeyRing ring, DateTimeOffset now)
    {
        if (ring.Keys.Count == TicketKeyRing.MaxKeys)
        {
            throw new InvalidOperationException($"the ring is full: it holds {TicketKeyRing.MaxKeys} keys");
        }

        return Write(ring, [.. ring.Keys, new TicketKey(NewId(ring.Keys), TicketKeySecret.NewRandom(), now)], now);
    }

    public static TicketKeyRing Promote(TicketKeyRing ring, TicketKeyId id, DateTimeOffset activateAt, DateTimeOffset now, RotationSchedule schedule)
    {
        var key = ring.Find(id) ?? throw new InvalidOperationException($"the ring has no key {id}");
        if (key.StateAt(now) != TicketKeyState.Published)
        {
            throw new InvalidOperationException($"key {id} cannot be promoted: it is {key.StateAt(now)}");
        }

        // Keys that seal today would be erased by a takeover that nobody has seen, and their tickets refused before the lifetime that they advertise is over.
        // As the key will hold them: of one instant, whole milliseconds are not earlier than it.
        if (RingTime.Truncate(activateAt) < RingTime.Truncate(Later(now, ring.Written - schedule.ClockSkew)))
        {
            throw new ArgumentException($"{RingTime.Format(activateAt)} is in the past: nodes have sealed tickets with the keys before it since then", nameof(activateAt));
        }

        var draft = new Draft(ring.Keys, schedule, ring.MaxTicketLifetime);
        draft.Promote(key, activateAt);
        return Write(ring, draft.Keys, now);
    }

    public static TicketKeyRing Revoke(TicketKeyRing ring, TicketKeyId id, DateTimeOffset now, RotationSchedule schedule)
    {
        var key = ring.Find(id) ?? throw new InvalidOperationException($"the ring has no key {id}");
        if (key.Revoked)
        {
            return ring;
        }

        // A key that was merely published elsewhere may have sealed by a ring that this one replaces: listed as long as such a ticket could live.
        var eraseAt = key.EraseAt ?? now + ring.MaxTicketLifetime + schedule.ClockSkew;
        var keys = ring.Keys.Select(k => k.Id == id ? k.AsRevoked(eraseAt) : k);
        return new TicketKeyRing(EpochAfter(ring.Epoch, now), 1, Later(now, ring.Written), ring.MaxTicketLifetime, [.. keys]);
    }

    private static TicketKeyRing Write(TicketKeyRing ring, IReadOnlyList<TicketKey> keys, DateTimeOffset now) =>
        new(ring.Epoch, ring.Version + 1, Later(now, ring.Written), ring.MaxTicketLifetime, keys);

    private static long EpochAfter(long epoch, DateTimeOffset now) => Math.Max(epoch + 1, now.ToUnixTimeSeconds());

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static TicketKeyId NewId(IEnumerable<TicketKey> keys)
    {
        TicketKeyId id;
        do
        {
            id = TicketKeyId.NewRandom();
        }
        while (keys.Any(key => key.Id == id));
        return id;
    }

    /// <summary>The keys of the ring to come.</summary>
    private sealed class Draft(IReadOnlyList<TicketKey> keys, RotationSchedule schedule, TimeSpan maxTicketLifetime)
    {
        private readonly List<TicketKey> _keys = [.. keys];

        public IReadOnlyList<TicketKey> Keys => _keys;

        public bool HasChanged { get; private set; }

        /// <summary>Only after the time of erasure and the skew: by then no node honours its tickets.</summary>
        public void DropErased(DateTimeOffset now) =>
            HasChanged |= _keys.RemoveAll(key => key.EraseAt + schedule.ClockSkew <= now) > 0;

        /// <summary>If no key seals, the key that was published first does as soon as every node has it; if there is none, a new one.</summary>
        public void EnsureSealing(DateTimeOffset now)
        {
            if (_keys.Exists(key => key.StateAt(now) == TicketKeyState.Active))
            {
                return;
            }

            if (FirstWaiting(now) is not { } waiting)
            {
                Mint(now, now + schedule.Propagation);
                return;
            }

            var soonest = Later(now, waiting.Published + schedule.Propagation);
            if (waiting.ActivateAt is null || soonest < waiting.ActivateAt)
            {
                Promote(waiting, soonest);
            }
        }

        /// <summary>When the newest key has come into force, its successor is published, to seal one interval later: by then every node has long had it.</summary>
        public void EnsureSuccessor(DateTimeOffset now)
        {
            var newest = _keys.Where(key => !key.Revoked).Max(key => key.ActivateAt);
            if (newest is null || newest > now)
            {
                return;
            }

            var waiting = FirstWaiting(now);
            var activateAt = TimeOfSuccessor(newest.Value, waiting?.Published ?? now, now);
            if (waiting is null)
            {
                Mint(now, activateAt);
            }
            else
            {
                Promote(waiting, activateAt);
            }
        }

        /// <summary>A new random key, sealing from <paramref name="activateAt"/> on; nothing if the ring is full.</summary>
        public void Mint(DateTimeOffset now, DateTimeOffset activateAt)
        {
            if (_keys.Count < TicketKeyRing.MaxKeys)
            {
                var key = new TicketKey(NewId(_keys), TicketKeySecret.NewRandom(), now);
                _keys.Add(key);
                Promote(key, activateAt);
            }
        }

        public void Promote(TicketKey key, DateTimeOffset activateAt)
        {
            // As the key will hold it: a takeover a fraction of a millisecond after its own activation would retire it at once.
            activateAt = RingTime.Truncate(activateAt);
            var retireAt = activateAt + (schedule.Interval * IntervalsUntilRetired);
            _keys[_keys.IndexOf(key)] = key.WithTimes(activateAt, retireAt, ErasedAfter(retireAt));
            BringForward(activateAt);
            HasChanged = true;
        }

        /// <summary>Keys that were activated before retire when their successor takes over.</summary>
        private void BringForward(DateTimeOffset takeover)
        {
            for (var i = 0; i < _keys.Count; i++)
            {
                var key = _keys[i];
                if (!key.Revoked && key.ActivateAt < takeover && key.RetireAt > takeover)
                {
                    var eraseAt = ErasedAfter(takeover);
                    _keys[i] = key.WithTimes(key.ActivateAt.Value, takeover, eraseAt < key.EraseAt ? eraseAt : key.EraseAt!.Value);
                }
            }
        }

        /// <summary>The last ticket that the key seals lives no longer than this.</summary>
        private DateTimeOffset ErasedAfter(DateTimeOffset retireAt) => retireAt + maxTicketLifetime + schedule.ClockSkew;

        /// <summary>
        /// One interval after its predecessor, and not before every node has long had it; but where the ring would run out by then, because the rotator comes
        /// late, as soon as every node should have it.
        /// </summary>
        private DateTimeOffset TimeOfSuccessor(DateTimeOffset newest, DateTimeOffset published, DateTimeOffset now)
        {
            var inTime = Later(newest + schedule.Interval, Later(now, published + schedule.Lead));
            var runsOut = _keys.Where(key => key.StateAt(now) == TicketKeyState.Active).Max(key => key.RetireAt);
            return inTime <= runsOut ? inTime : Later(runsOut ?? now, Later(now, published + schedule.Propagation));
        }

        private TicketKey? FirstWaiting(DateTimeOffset now) =>
            _keys.Where(key => key.StateAt(now) == TicketKeyState.Published).MinBy(key => key.Published);
    }
}
