namespace Kippu.Fleet;

/// <summary>How keys are taken out of service before their time, and replaced.</summary>
public static class RingRevocation
{
    /// <summary>
    /// The ring in a new epoch, with these keys revoked, and, if no key seals then, another in their place at once: the one that was published first, which every node
    /// has by now, or else a new one. Nodes that have not yet seen the new ring refuse its tickets, each at the cost of a full handshake, and go on honouring the keys
    /// that were revoked. Nothing that a server's session cache kept before is found under the new ring.
    /// </summary>
    /// <param name="ring">It stays the caller's.</param>
    /// <param name="ids">The keys; null: all.</param>
    /// <param name="now">The time.</param>
    /// <param name="schedule">Null: <see cref="RotationSchedule.Default"/>.</param>
    /// <returns>The caller owns it. <paramref name="ring"/> itself if all of these keys are revoked already.</returns>
    /// <exception cref="InvalidOperationException">The ring has no such key, or no room for a new one.</exception>
    public static TicketKeyRing RevokeAndReplace(this TicketKeyRing ring, IReadOnlyCollection<TicketKeyId>? ids, DateTimeOffset now, RotationSchedule? schedule = null)
    {
        ArgumentNullException.ThrowIfNull(ring);
        var result = (ids ?? [.. ring.Keys.Select(key => key.Id)]).Aggregate(ring, (before, id) => Step(ring, before, before.Revoke(id, now, schedule)));
        if (ReferenceEquals(result, ring))
        {
            return ring;
        }

        result = Step(ring, result, Replaced(result, now, schedule));
        return Step(ring, result, result.Next(now, schedule));
    }

    private static TicketKeyRing Replaced(TicketKeyRing ring, DateTimeOffset now, RotationSchedule? schedule)
    {
        if (ring.SealingKey(now) is not null)
        {
            return ring;
        }

        if (ring.Keys.Where(key => key.StateAt(now) == TicketKeyState.Published).MinBy(key => key.Published) is { } waiting)
        {
            return ring.Promote(waiting.Id, Later(now, ring.Written), now, schedule);
        }

        using var published = ring.Publish(now);
        return published.Promote(published.Keys[^1].Id, Later(now, ring.Written), now, schedule);
    }

    /// <summary>What stands between the first ring and the last is given up.</summary>
    private static TicketKeyRing Step(TicketKeyRing first, TicketKeyRing before, TicketKeyRing after)
    {
        if (!ReferenceEquals(before, first) && !ReferenceEquals(before, after))
        {
            before.Dispose();
        }

        return after;
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
