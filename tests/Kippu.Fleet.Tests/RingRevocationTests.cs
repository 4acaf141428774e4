using static Kippu.Fleet.Tests.Sample;

namespace Kippu.Fleet.Tests;

public sealed class RingRevocationTests : IDisposable
{
    private readonly TicketKeyRing _ring = TicketKeyRing.Create(Start);
    private readonly DateTimeOffset _now = Start + Hour;

    public void Dispose() => _ring.Dispose();

    [Fact]
    public void The_key_that_seals_is_replaced_at_once_by_the_one_that_every_node_has()
    {
        using var revoked = _ring.RevokeAndReplace([_ring.Keys[0].Id], _now);

        Assert.Equal(RingOrder.Newer, _ring.Judge(revoked));
        Assert.True(revoked.Epoch > _ring.Epoch);
        Assert.Equal(TicketKeyState.Revoked, revoked.Find(_ring.Keys[0].Id)!.StateAt(_now));
        Assert.Equal(_ring.Keys[1].Id, revoked.SealingKey(_now)!.Id);
        Assert.Contains(revoked.Keys, key => key.StateAt(_now) == TicketKeyState.Published);
    }

    [Fact]
    public void A_key_that_does_not_seal_leaves_the_one_that_does()
    {
        using var revoked = _ring.RevokeAndReplace([_ring.Keys[1].Id], _now);

        Assert.Equal(_ring.Keys[0].Id, revoked.SealingKey(_now)!.Id);
        Assert.True(revoked.Epoch > _ring.Epoch);
    }

    [Fact]
    public void All_keys_are_replaced_at_once_by_a_new_one()
    {
        using var revoked = _ring.RevokeAndReplace(null, _now);

        Assert.All(_ring.Keys, key => Assert.Equal(TicketKeyState.Revoked, revoked.Find(key.Id)!.StateAt(_now)));
        var sealing = revoked.SealingKey(_now)!;
        Assert.Null(_ring.Find(sealing.Id));
        Assert.Equal(_now, sealing.ActivateAt);
        Assert.False(revoked.HasRunOut(_now + (47 * Hour)));
        Assert.NotEmpty(RingFingerprint.Of(revoked));
    }

    [Fact]
    public void What_is_revoked_already_changes_nothing()
    {
        using var revoked = _ring.RevokeAndReplace([_ring.Keys[0].Id], _now);

        Assert.Same(revoked, revoked.RevokeAndReplace([_ring.Keys[0].Id], _now));
        Assert.Throws<InvalidOperationException>(() => revoked.RevokeAndReplace([TicketKeyId.Parse("0000000000000000")], _now));
    }

    [Fact]
    public void A_clock_that_is_behind_the_rings_revokes_all_the_same()
    {
        using var revoked = _ring.RevokeAndReplace(null, Start - Hour);

        Assert.True(revoked.Epoch > _ring.Epoch);
        Assert.NotNull(revoked.SealingKey(Start));
    }
}
