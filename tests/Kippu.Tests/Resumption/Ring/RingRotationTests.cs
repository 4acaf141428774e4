using CsCheck;
using Kippu.Resumption;
using Xunit;
using static Kippu.Tests.Resumption.Sample;

namespace Kippu.Tests.Resumption;

public sealed class RingRotationTests
{
    private static readonly RotationSchedule s_schedule = new()
    {
        Interval = Hour,
        Propagation = 6 * Minute,
        MaxTicketLifetime = 2 * Hour,
        ClockSkew = 2 * Minute,
    };

    [Fact]
    public void A_new_ring_seals_at_once_and_knows_its_next_key()
    {
        using var ring = TicketKeyRing.Create(Start, s_schedule);

        Assert.Equal(2, ring.Keys.Count);
        Assert.Equal(Start.ToUnixTimeSeconds(), ring.Epoch);
        Assert.Equal(1, ring.Version);
        Assert.Equal(Start, ring.Written);
        Assert.Same(ring.Keys[0], ring.SealingKey(Start));
        Assert.Equal(Start + Hour, ring.Keys[1].ActivateAt);
        Assert.Equal(TicketKeyState.Published, ring.Keys[1].StateAt(Start));
    }

    [Fact]
    public void A_key_retires_after_three_intervals_and_is_erased_once_its_last_ticket_has_died()
    {
        using var ring = TicketKeyRing.Create(Start, s_schedule);
        var newest = ring.Keys[1];

        Assert.Equal(newest.ActivateAt + (3 * Hour), newest.RetireAt);
        Assert.Equal(newest.RetireAt + (2 * Hour) + (2 * Minute), newest.EraseAt);
    }

    [Fact]
    public void A_promoted_successor_brings_retirement_and_erasure_forward()
    {
        using var ring = TicketKeyRing.Create(Start, s_schedule);

        Assert.Equal(ring.Keys[1].ActivateAt, ring.Keys[0].RetireAt);
        Assert.Equal(Start + Hour + (2 * Hour) + (2 * Minute), ring.Keys[0].EraseAt);
    }

    [Fact]
    public void Nothing_changes_until_the_newest_key_comes_into_force()
    {
        using var ring = TicketKeyRing.Create(Start, s_schedule);

        Assert.Same(ring, ring.Next(Start, s_schedule));
        Assert.Same(ring, ring.Next(Start + Hour - TimeSpan.FromMilliseconds(1), s_schedule));
        using var next = ring.Next(Start + Hour, s_schedule);
        Assert.Equal((ring.Epoch, ring.Version + 1), (next.Epoch, next.Version));
        Assert.Equal(Start + (2 * Hour), next.Keys[2].ActivateAt);
        Assert.Equal(Start + Hour, next.Written);
        Assert.Same(next, next.Next(Start + Hour, s_schedule));
    }

    [Fact]
    public void A_clock_that_is_behind_the_ring_decides_nothing()
    {
        using var ring = RingOf();

        Assert.Same(ring, ring.Next(Start - (2 * Minute) - TimeSpan.FromMilliseconds(1), s_schedule));
        using var within = ring.Next(Start - (2 * Minute), s_schedule);
        Assert.NotSame(ring, within);
        Assert.Equal(Start, within.Written);
    }

    [Fact]
    public void A_key_leaves_the_ring_only_after_its_erasure_and_the_skew()
    {
        using var ring = RingOf(Key(0, 1, 2, id: 1), Key(0, 1, 2, id: 2, revoked: true), Key(0, 90, 99, id: 3), Key(50, 90, 99, id: 4));

        Assert.Same(ring, ring.Next(Start + (2 * Hour) + (2 * Minute) - TimeSpan.FromMilliseconds(1), s_schedule));
        using var next = ring.Next(Start + (2 * Hour) + (2 * Minute), s_schedule);
        Assert.Equal(["0000000000000003", "0000000000000004"], next.Keys.Select(key => key.Id.ToString()));
    }

    [Fact]
    public void An_empty_ring_gets_a_key_that_waits_until_every_node_has_it()
    {
        using var ring = RingOf();
        using var next = ring.Next(Start + Hour, s_schedule);

        Assert.Equal(Start + Hour + (6 * Minute), Assert.Single(next.Keys).ActivateAt);
        Assert.Same(next, next.Next(Start + Hour + Minute, s_schedule));
    }

    [Fact]
    public void When_no_key_seals_the_one_published_first_takes_over_at_once()
    {
        using var ring = RingOf(Key(0, 1, 9, id: 1), Key(20, 25, 30, id: 2));
        using var next = ring.Next(Start + (2 * Hour), s_schedule);

        Assert.Equal(TicketKeyId.Parse("0000000000000002"), next.SealingKey(Start + (2 * Hour))!.Id);
        Assert.Equal(3, next.Keys.Count);
        Assert.Equal(Start + (3 * Hour), next.Keys[2].ActivateAt);
    }

    [Fact]
    public void A_key_that_was_published_and_not_promoted_is_used_before_a_new_one_is_made()
    {
        using var bare = RingOf(Key(0, 3, 9, id: 1));
        using var ring = bare.Publish(Start);
        using var next = ring.Next(Start + (2 * Minute), s_schedule);

        Assert.Equal(2, next.Keys.Count);
        Assert.Equal(Start + Hour, next.Keys[1].ActivateAt);
        Assert.Equal(Start + Hour, next.Keys[0].RetireAt);
    }

    [Fact]
    public void A_full_ring_stays_as_it_is()
    {
        using var ring = RingOf([.. Enumerable.Range(0, TicketKeyRing.MaxKeys).Select(_ => Key(0, 1, 99))]);

        Assert.Same(ring, ring.Next(Start + (2 * Hour), s_schedule));
        Assert.Throws<InvalidOperationException>(() => ring.Publish(Start));
    }

    [Fact]
    public void A_revocation_starts_a_new_epoch_and_keeps_the_key_listed()
    {
        using var ring = TicketKeyRing.Create(Start, s_schedule);
        var now = Start + (5 * Minute);
        using var revoked = ring.Revoke(ring.Keys[0].Id, now, s_schedule);

        Assert.Equal((now.ToUnixTimeSeconds(), 1), (revoked.Epoch, revoked.Version));
        Assert.True(revoked.CompareTo(ring) > 0);
        Assert.Equal(TicketKeyState.Revoked, revoked.Keys[0].StateAt(now));
        Assert.Null(revoked.SealingKey(now));
        Assert.Same(revoked, revoked.Revoke(ring.Keys[0].Id, now, s_schedule));
        Assert.Throws<InvalidOperationException>(() => revoked.Revoke(TicketKeyId.NewRandom(), now));
    }

    [Fact]
    public void The_epoch_of_a_revocation_is_never_below_the_last_one()
    {
        using var ring = new TicketKeyRing(Start.ToUnixTimeSeconds() + 1000, 7, Start, Day, [Key(0, 10, 20)]);
        using var revoked = ring.Revoke(ring.Keys[0].Id, Start);

        Assert.Equal((ring.Epoch + 1, 1), (revoked.Epoch, revoked.Version));
    }

    [Fact]
    public void After_a_revocation_the_next_key_seals_without_waiting_for_its_time()
    {
        using var ring = TicketKeyRing.Create(Start, s_schedule);
        var now = Start + (20 * Minute);
        using var revoked = ring.Revoke(ring.Keys[0].Id, now, s_schedule);
        using var next = revoked.Next(now, s_schedule);

        Assert.Equal(ring.Keys[1].Id, next.SealingKey(now)!.Id);
    }

    [Fact]
    public void A_revoked_key_that_was_never_promoted_is_listed_as_long_as_a_ticket_could_live()
    {
        using var bare = TicketKeyRing.Create(Start, s_schedule);
        using var ring = bare.Publish(Start);
        using var revoked = ring.Revoke(ring.Keys[2].Id, Start, s_schedule);

        Assert.Equal(Start + (2 * Hour) + (2 * Minute), revoked.Keys[2].EraseAt);
    }

    [Fact]
    public void Only_a_published_key_can_be_promoted()
    {
        using var bare = TicketKeyRing.Create(Start, s_schedule);
        using var ring = bare.Publish(Start);
        using var promoted = ring.Promote(ring.Keys[2].Id, Start + (30 * Minute), Start, s_schedule);

        Assert.Equal(ring.Keys[2].Id, promoted.SealingKey(Start + (30 * Minute))!.Id);
        Assert.Equal(Start + (30 * Minute), promoted.Keys[0].RetireAt);
        Assert.Equal(bare.Keys[1].RetireAt, promoted.Keys[1].RetireAt);
        Assert.Throws<InvalidOperationException>(() => promoted.Promote(ring.Keys[0].Id, Start + Hour, Start, s_schedule));
        Assert.Throws<InvalidOperationException>(() => promoted.Promote(TicketKeyId.NewRandom(), Start + Hour, Start, s_schedule));
    }

    [Fact]
    public void No_key_is_promoted_in_the_past()
    {
        var now = Start + (90 * Minute);
        using var bare = TicketKeyRing.Create(Start, s_schedule);
        using var ring = bare.Publish(now);
        var id = ring.Keys[2].Id;

        Assert.Throws<ArgumentException>(() => ring.Promote(id, now - TimeSpan.FromMilliseconds(1), now, s_schedule));
        Assert.Throws<ArgumentException>(() => ring.Promote(id, Start - Day, now, s_schedule));

        // A clock that runs behind the ring's last writer does not say what is past.
        Assert.Throws<ArgumentException>(() => ring.Promote(id, Start, Start, s_schedule));
        using var promoted = ring.Promote(id, now, now, s_schedule);
        Assert.Equal(id, promoted.SealingKey(now)!.Id);
    }

    [Fact]
    public void Whenever_a_key_is_promoted_every_ticket_lives_as_long_as_it_says() =>
        Gen.Select(Gen.Int[0, 170], Gen.Int[-200, 200]).Sample((age, ahead) =>
        {
            var now = Start + TimeSpan.FromMinutes(age);
            using var bare = TicketKeyRing.Create(Start, s_schedule);
            using var source = new FixedRing(bare);
            using var service = Service(source, configure: options => options.Lifetime = Day);
            using var state = Session(now);
            using var ticket = new Kippu.Wire.WireBuffer();
            Assert.True(service.TrySeal(state, now, ticket, out var lifetime, out _));
            using var ring = bare.Publish(now);
            TicketKeyRing promoted;
            try
            {
                promoted = ring.Promote(ring.Keys[^1].Id, now + TimeSpan.FromMinutes(ahead), now, s_schedule);
            }
            catch (ArgumentException) when (ahead < 0)
            {
                return;
            }

            using (promoted)
            {
                source.Offer(promoted);
                Assert.Equal(TicketRefusal.None, Refusal(service, ticket.Written, now + lifetime));
            }
        }, iter: 200);

    [Fact]
    public void The_time_of_the_next_change_is_never_too_late() =>
        Gen.Int[1, 200].Array[1, 30].Sample(steps =>
        {
            var now = Start + TimeSpan.FromTicks(4567);
            var ring = TicketKeyRing.Create(now, s_schedule);
            var due = RingRotation.NextChange(ring, now, s_schedule);
            foreach (var minutes in steps)
            {
                now += TimeSpan.FromMinutes(minutes);
                var next = ring.Next(now, s_schedule);
                Assert.True(now >= due || ReferenceEquals(next, ring), "the ring changed before it was said to");
                (ring, due) = (next, RingRotation.NextChange(next, now, s_schedule));
            }
        });

    [Fact]
    public void Rotation_costs_no_resumption()
    {
        // A writer that looks at odd times; nodes that have a ring at most as old as the propagation, with clocks that differ by the skew at most. Whatever
        // one node seals, every other opens for as long as the ticket says.
        var step = Gen.Select(Gen.Int[1, 90], Gen.Int[0, 6], Gen.Int[0, 6], Gen.Int[0, 125], Gen.Int[-1, 1]);
        step.Array[5, 60].Sample(steps =>
        {
            var now = Start + TimeSpan.FromTicks(4567);
            var history = new List<(DateTimeOffset Written, TicketKeyRing Ring)> { (now, TicketKeyRing.Create(now, s_schedule)) };
            var tickets = new List<(TicketKeyId Key, DateTimeOffset Expires)>();
            foreach (var (minutes, lagOfSealer, lagOfOpener, lifetime, skew) in steps)
            {
                now += TimeSpan.FromMinutes(minutes);
                var next = history[^1].Ring.Next(now, s_schedule);
                history.Add((now, next));

                var opener = history.FindLast(entry => entry.Written <= now - (lagOfOpener * Minute)).Ring;
                foreach (var (key, expires) in tickets.Where(ticket => ticket.Expires > now))
                {
                    var state = opener?.Find(key)?.StateAt(now + TimeSpan.FromMinutes(skew));
                    Assert.True(opener is null || state < TicketKeyState.Erased, $"{key} is {state} with a ticket until {expires}");
                }

                var sealer = history.FindLast(entry => entry.Written <= now - (lagOfSealer * Minute)).Ring;
                if (sealer?.SealingKey(now) is { } sealing)
                {
                    var left = sealing.EraseAt!.Value - now - s_schedule.ClockSkew;
                    var granted = TimeSpan.FromMinutes(Math.Min(lifetime, 120));
                    tickets.Add((sealing.Id, now + (granted < left ? granted : left)));
                }
            }
        });
    }

    [Fact]
    public void A_ring_that_is_rotated_in_time_always_seals() =>
        Gen.Int[1, 59].Array[1, 100].Sample(steps =>
        {
            var now = Start + TimeSpan.FromTicks(4567);
            var ring = TicketKeyRing.Create(now, s_schedule);
            foreach (var minutes in steps)
            {
                now += TimeSpan.FromMinutes(minutes);
                ring = ring.Next(now, s_schedule);
                Assert.NotNull(ring.SealingKey(now));
                Assert.InRange(ring.Keys.Count, 2, 6);
            }
        });

    [Fact]
    public void A_successor_is_published_ten_times_the_propagation_before_it_seals_even_by_a_rotator_that_comes_late()
    {
        using var ring = TicketKeyRing.Create(Start, s_schedule);
        var late = Start + (110 * Minute);
        using var next = ring.Next(late, s_schedule);

        Assert.Equal(Hour, s_schedule.Lead);
        Assert.Equal(late + Hour, next.Keys[2].ActivateAt);
        Assert.NotNull(next.SealingKey(late));
    }

    [Fact]
    public void A_rotator_that_comes_so_late_that_the_ring_would_run_out_waits_for_the_propagation_only()
    {
        using var ring = TicketKeyRing.Create(Start, s_schedule);
        var retires = ring.Keys[1].RetireAt!.Value;
        using var late = ring.Next(retires - (30 * Minute), s_schedule);
        using var tooLate = ring.Next(retires - Minute, s_schedule);

        Assert.Equal(retires, late.Keys[^1].ActivateAt);
        Assert.Equal(retires + (5 * Minute), tooLate.Keys[^1].ActivateAt);
    }

    [Fact]
    public void A_ring_that_is_rotated_in_time_never_holds_more_keys_than_its_schedule_says() =>
        Gen.Select(Gen.Int[1, 30], Gen.Int[1, 600], Gen.Int[0, 5]).Sample((interval, lifetime, skew) =>
        {
            var schedule = new RotationSchedule
            {
                Interval = TimeSpan.FromMinutes(interval),
                MaxTicketLifetime = TimeSpan.FromMinutes(lifetime),
                ClockSkew = TimeSpan.FromMinutes(skew),
                Propagation = TimeSpan.FromMinutes(interval) / 10,
            };
            if (schedule.KeysNeeded > TicketKeyRing.MaxKeys)
            {
                Assert.Throws<ArgumentException>(() => TicketKeyRing.Create(Start, schedule));
                return;
            }

            var now = Start;
            var ring = TicketKeyRing.Create(now, schedule);
            var most = 0;
            for (var i = 0; i < 3 * TicketKeyRing.MaxKeys; i++)
            {
                now += schedule.Interval;
                ring = ring.Next(now, schedule);
                most = Math.Max(most, ring.Keys.Count);
            }

            Assert.InRange(most, schedule.KeysNeeded - 2, schedule.KeysNeeded);
        }, iter: 100);

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    public void A_schedule_keeps_to_its_bounds(double seconds)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RotationSchedule { Interval = TimeSpan.FromSeconds(seconds) });
        Assert.Throws<ArgumentOutOfRangeException>(() => new RotationSchedule { MaxTicketLifetime = TimeSpan.FromDays(7 + seconds) + TimeSpan.FromSeconds(1) });
        Assert.Throws<ArgumentOutOfRangeException>(() => new RotationSchedule { Propagation = TimeSpan.FromSeconds(-1 - seconds) });
    }
}
