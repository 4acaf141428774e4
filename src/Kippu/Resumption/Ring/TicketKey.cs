using Kippu.Resumption;

namespace Kippu;

/// <summary>One key of a <see cref="TicketKeyRing"/>: its id, its times, and a secret that this library never shows.</summary>
/// <remarks>Immutable and thread-safe. All times are UTC in whole milliseconds.</remarks>
public sealed class TicketKey
{
    internal TicketKey(
        TicketKeyId id,
        TicketKeySecret? secret,
        DateTimeOffset published,
        DateTimeOffset? activateAt = null,
        DateTimeOffset? retireAt = null,
        DateTimeOffset? eraseAt = null,
        bool revoked = false)
    {
        Id = id;
        Secret = secret;
        Published = RingTime.Truncate(published);
        ActivateAt = RingTime.Truncate(activateAt);
        RetireAt = RingTime.Truncate(retireAt);
        EraseAt = RingTime.Truncate(eraseAt);
        Revoked = revoked;
    }

    /// <summary>The name of the key; it stands in the clear in each ticket that the key has sealed.</summary>
    public TicketKeyId Id { get; }

    /// <summary>When the key was put into the ring.</summary>
    public DateTimeOffset Published { get; }

    /// <summary>From when on the key may seal; null as long as it has not been promoted.</summary>
    public DateTimeOffset? ActivateAt { get; }

    /// <summary>From when on the key seals no more; set together with <see cref="ActivateAt"/>.</summary>
    public DateTimeOffset? RetireAt { get; }

    /// <summary>From when on the key opens no more; set together with <see cref="ActivateAt"/>, or by a revocation.</summary>
    public DateTimeOffset? EraseAt { get; }

    /// <summary>The key was withdrawn: its secret is gone, and its tickets are refused as <see cref="TicketRefusal.RevokedKey"/>.</summary>
    public bool Revoked { get; }

    /// <summary>Null for a revoked key. The ring owns it.</summary>
    internal TicketKeySecret? Secret { get; }

    /// <summary>What the key may be used for at <paramref name="now"/>.</summary>
    public TicketKeyState StateAt(DateTimeOffset now)
    {
        if (Revoked)
        {
            return TicketKeyState.Revoked;
        }

        if (ActivateAt is not { } activateAt || now < activateAt)
        {
            return TicketKeyState.Published;
        }

        if (now < RetireAt)
        {
            return TicketKeyState.Active;
        }

        return now < EraseAt ? TicketKeyState.Retired : TicketKeyState.Erased;
    }

    /// <summary>The id and what the state depends on; never the secret.</summary>
    public override string ToString() =>
        Revoked ? $"{Id} (revoked)"
        : ActivateAt is null ? $"{Id} (published)"
        : $"{Id} (active from {RingTime.Format(ActivateAt.Value)} until {RingTime.Format(RetireAt!.Value)})";

    /// <summary>The same key, sealing from <paramref name="activateAt"/> on.</summary>
    internal TicketKey WithTimes(DateTimeOffset activateAt, DateTimeOffset retireAt, DateTimeOffset eraseAt) =>
        new(Id, Secret, Published, activateAt, retireAt, eraseAt);

    /// <summary>The same key, holding <paramref name="secret"/> if that is another owner of the same bytes.</summary>
    internal TicketKey Adopting(TicketKeySecret? secret) =>
        secret is null || Secret is null || ReferenceEquals(secret, Secret) || !secret.HasSameBytesAs(Secret)
            ? this
            : new TicketKey(Id, secret, Published, ActivateAt, RetireAt, EraseAt);

    /// <summary>The same key without its secret.</summary>
    internal TicketKey AsRevoked(DateTimeOffset eraseAt) => new(Id, null, Published, ActivateAt, RetireAt, eraseAt, revoked: true);
}
