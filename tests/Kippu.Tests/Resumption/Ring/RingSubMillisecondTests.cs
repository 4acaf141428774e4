using Xunit;

namespace Kippu.Tests.Resumption;

/// <summary>A ring holds whole milliseconds, and real clocks give more: the fraction must not decide anything.</summary>
public sealed class RingSubMillisecondTests
{
    private static readonly DateTimeOffset s_now = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero).AddTicks(9);

    [Fact]
    public void The_first_key_of_a_new_ring_seals_at_once_and_for_an_interval()
    {
        using var ring = TicketKeyRing.Create(s_now);

        Assert.NotNull(ring.SealingKey(s_now));
        Assert.Same(ring.Keys[0], ring.SealingKey(s_now + RotationSchedule.Default.Interval - TimeSpan.FromMilliseconds(1)));
    }

    [Fact]
    public void A_promoted_key_seals_from_the_time_that_was_given()
    {
        using var ring = TicketKeyRing.Create(s_now);
        using var published = ring.Publish(s_now);
        var id = published.Keys[^1].Id;

        using var promoted = published.Promote(id, s_now, s_now);

        Assert.Equal(TicketKeyState.Active, promoted.Find(id)!.StateAt(s_now));
    }
}
