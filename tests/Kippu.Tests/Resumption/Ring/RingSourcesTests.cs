using Kippu.Resumption;
using Xunit;
using static Kippu.Tests.Resumption.Sample;

namespace Kippu.Tests.Resumption;

public sealed class RingSourcesTests
{
    [Fact]
    public void A_process_of_its_own_has_a_key_at_once_and_the_next_one_in_time()
    {
        var clock = Clock();
        using var source = new InProcessRing(clock);
        var first = source.Current;

        Assert.NotNull(first.SealingKey(Start));
        Assert.Same(first, source.Current);
        clock.Advance(12 * Hour - TimeSpan.FromMilliseconds(1));
        Assert.Same(first, source.Current);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.NotSame(first, source.Current);
        Assert.Equal(first.Keys[1].Id, source.Current.SealingKey(clock.GetUtcNow())!.Id);
    }

    [Fact]
    public void After_a_long_sleep_the_first_look_finds_a_sealing_key()
    {
        var clock = Clock();
        using var source = new InProcessRing(clock);
        var old = source.Current;
        clock.Advance(TimeSpan.FromDays(40));

        Assert.NotNull(source.Current.SealingKey(clock.GetUtcNow()));
        Assert.All(old.Keys, key => Assert.Null(source.Current.Find(key.Id)));
        Assert.All(old.Keys, key => Assert.True(key.Secret!.IsCleared));
    }

    [Fact]
    public void Keys_that_go_on_are_not_cleared_by_a_rotation()
    {
        var clock = Clock();
        using var source = new InProcessRing(clock);
        var old = source.Current;
        clock.Advance(12 * Hour);

        Assert.NotSame(old, source.Current);
        Assert.All(old.Keys, key => Assert.False(key.Secret!.IsCleared));
    }

    [Fact]
    public void A_disposed_source_still_answers_and_has_no_secrets()
    {
        var clock = Clock();
        var source = new InProcessRing(clock);
        var ring = source.Current;
        source.Dispose();
        clock.Advance(TimeSpan.FromDays(3));

        Assert.Same(ring, source.Current);
        Assert.All(ring.Keys, key => Assert.True(key.Secret!.IsCleared));
    }

    [Fact]
    public void A_fixed_ring_has_a_share_of_its_own()
    {
        var ring = Ring();
        var secret = ring.Keys[0].Secret!;
        var source = new FixedRing(ring);

        ring.Dispose();
        Assert.False(secret.IsCleared);
        source.Dispose();
        Assert.True(secret.IsCleared);
    }

    [Fact]
    public void A_fixed_ring_takes_only_a_newer_ring()
    {
        using var ring = Ring();
        using var next = ring.Next(Start + (12 * Hour));
        using var conflict = new TicketKeyRing(next.Epoch, next.Version, Start, Day, []);
        using var source = new FixedRing(ring);

        Assert.Equal(RingOrder.Same, source.Offer(ring));
        Assert.Equal(RingOrder.Newer, source.Offer(next));
        Assert.Equal(next.Version, source.Current.Version);
        Assert.Equal(RingOrder.Older, source.Offer(ring));
        Assert.Equal(RingOrder.Conflict, source.Offer(conflict));
        Assert.Equal(next.Version, source.Current.Version);
    }

    [Fact]
    public void A_ring_that_was_read_anew_goes_on_with_the_secrets_that_are_known()
    {
        using var ring = Ring();
        using var next = ring.Next(Start + (12 * Hour));
        using var readAnew = TicketKeyRing.Load(Json(next));
        using var source = new FixedRing(ring);
        source.Offer(readAnew);

        Assert.Same(ring.Keys[0].Secret, source.Current.Keys[0].Secret);
        Assert.Same(readAnew.Keys[2].Secret, source.Current.Keys[2].Secret);
    }
}
