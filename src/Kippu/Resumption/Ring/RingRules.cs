namespace Kippu.Resumption;

/// <summary>What every ring keeps to, whoever made it.</summary>
internal static class RingRules
{
    /// <summary>The first rule that is broken, as a place in the ring's JSON and what is wrong there; null if there is none.</summary>
    public static (string Location, string Problem)? FindFault(long epoch, long version, TimeSpan maxTicketLifetime, IReadOnlyList<TicketKey> keys)
    {
        if (epoch < 1)
        {
            return ("epoch", "less than 1");
        }

        if (version < 1)
        {
            return ("version", "less than 1");
        }

        if (maxTicketLifetime < TicketKeyRing.ShortestTicketLifetime || maxTicketLifetime > TicketKeyRing.LongestTicketLifetime)
        {
            return ("maxTicketLifetime", "not within 1 second and 7 days");
        }

        if (keys.Count > TicketKeyRing.MaxKeys)
        {
            return ("keys", $"{keys.Count} keys, at most {TicketKeyRing.MaxKeys} are allowed");
        }

        return FindFaultInKeys(keys);
    }

    public static bool HaveSameContent(TicketKeyRing one, TicketKeyRing other)
    {
        if (one.Written != other.Written || one.MaxTicketLifetime != other.MaxTicketLifetime || one.Keys.Count != other.Keys.Count)
        {
            return false;
        }

        for (var i = 0; i < one.Keys.Count; i++)
        {
            if (!AreSame(one.Keys[i], other.Keys[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool AreSame(TicketKey one, TicketKey other) =>
        one.Id == other.Id
        && one.Published == other.Published
        && one.ActivateAt == other.ActivateAt
        && one.RetireAt == other.RetireAt
        && one.EraseAt == other.EraseAt
        && one.Revoked == other.Revoked
        && (one.Secret, other.Secret) switch
        {
            (null, null) => true,
            ({ } left, { } right) => left.HasSameBytesAs(right),
            _ => false,
        };

    private static (string Location, string Problem)? FindFaultInKeys(IReadOnlyList<TicketKey> keys)
    {
        var ids = new HashSet<TicketKeyId>();
        for (var i = 0; i < keys.Count; i++)
        {
            if (!ids.Add(keys[i].Id))
            {
                return ($"keys[{i}].id", $"{keys[i].Id} stands twice in the ring");
            }

            if (FindFaultIn(keys[i]) is { } fault)
            {
                return ($"keys[{i}].{fault.Field}", fault.Problem);
            }
        }

        return null;
    }

    private static (string Field, string Problem)? FindFaultIn(TicketKey key)
    {
        if (key.Revoked)
        {
            return key.Secret is not null ? ("secret", "a revoked key must not hold its secret") : null;
        }

        if (key.Secret is null)
        {
            return ("secret", "missing: only a revoked key has none");
        }

        if (key.ActivateAt is null)
        {
            return key.RetireAt is not null ? ("retireAt", "set without activateAt")
                : key.EraseAt is not null ? ("eraseAt", "set without activateAt")
                : null;
        }

        return key.RetireAt is null ? ("retireAt", "missing: it is set together with activateAt")
            : key.EraseAt is null ? ("eraseAt", "missing: it is set together with activateAt")
            : key.RetireAt < key.ActivateAt ? ("retireAt", "before activateAt")
            : key.EraseAt < key.RetireAt ? ("eraseAt", "before retireAt")
            : null;
    }
}
