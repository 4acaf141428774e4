using CsCheck;
using Kippu.Resumption;
using Xunit;
using static Kippu.Tests.Resumption.Sample;

namespace Kippu.Tests.Resumption;

public sealed class TicketKeyRingTests
{
    [Theory]
    [InlineData(-1, TicketKeyState.Published)]
    [InlineData(0, TicketKeyState.Active)]
    [InlineData(9.9, TicketKeyState.Active)]
    [InlineData(10, TicketKeyState.Retired)]
    [InlineData(19.9, TicketKeyState.Retired)]
    [InlineData(20, TicketKeyState.Erased)]
    public void State_follows_the_times_each_of_which_belongs_to_what_begins(double hours, TicketKeyState expected) =>
        Assert.Equal(expected, Key(0, 10, 20).StateAt(Start + TimeSpan.FromHours(hours)));

    [Fact]
    public void A_key_that_was_not_promoted_is_published_for_ever() => Assert.Equal(TicketKeyState.Published, Key().StateAt(Start + TimeSpan.FromDays(9999)));

    [Theory]
    [InlineData(-1)]
    [InlineData(5)]
    [InlineData(25)]
    public void A_revoked_key_is_revoked_at_any_time(double hours) =>
        Assert.Equal(TicketKeyState.Revoked, Key(0, 10, 20, revoked: true).StateAt(Start + TimeSpan.FromHours(hours)));

    [Fact]
    public void The_active_key_with_the_latest_activation_seals()
    {
        using var ring = RingOf(Key(0, 30, 40, id: 1), Key(5, 30, 40, id: 2), Key(8, 30, 40, id: 3), Key(id: 4), Key(0, 1, 40, id: 5));

        Assert.Equal(TicketKeyId.Parse("0000000000000001"), ring.SealingKey(Start + TimeSpan.FromHours(4))!.Id);
        Assert.Equal(TicketKeyId.Parse("0000000000000002"), ring.SealingKey(Start + TimeSpan.FromHours(5))!.Id);
        Assert.Equal(TicketKeyId.Parse("0000000000000003"), ring.SealingKey(Start + TimeSpan.FromHours(29))!.Id);
        Assert.Null(ring.SealingKey(Start + TimeSpan.FromHours(30)));
        Assert.Null(ring.SealingKey(Start - TimeSpan.FromHours(1)));
    }

    [Fact]
    public void Of_keys_activated_together_the_greater_id_seals_wherever_it_stands()
    {
        using var ring = RingOf(Key(0, 10, 20, id: 7), Key(0, 10, 20, id: 0xF000000000000000), Key(0, 10, 20, id: 8));

        Assert.Equal("f000000000000000", ring.SealingKey(Start)!.Id.ToString());
    }

    [Fact]
    public void The_order_of_keys_in_the_ring_decides_nothing() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[0, 3]).Array[1, 6].Select(Gen.Int[0, 12]).Sample((spans, hours) =>
        {
            var keys = spans.Select((span, i) => Key(span.Item1, span.Item1 + span.Item2, span.Item1 + span.Item2 + span.Item3, id: (ulong)i)).ToArray();
            using var ring = RingOf(keys);
            using var reversed = RingOf([.. keys.Reverse()]);
            var now = Start + TimeSpan.FromHours(hours);

            Assert.Equal(ring.SealingKey(now)?.Id, reversed.SealingKey(now)?.Id);
            if (ring.SealingKey(now) is { } sealing)
            {
                Assert.All(keys.Where(key => key.StateAt(now) == TicketKeyState.Active), key => Assert.True(key.ActivateAt <= sealing.ActivateAt));
            }
            else
            {
                Assert.DoesNotContain(keys, key => key.StateAt(now) == TicketKeyState.Active);
            }
        });

    [Fact]
    public void States_only_ever_advance() =>
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 9], Gen.Int[0, 9], Gen.Int[-5, 40], Gen.Int[0, 40]).Sample((activate, active, retired, at, later) =>
        {
            var key = Key(activate, activate + active, activate + active + retired);

            Assert.True(key.StateAt(Start + TimeSpan.FromHours(at)) <= key.StateAt(Start + TimeSpan.FromHours(at + later)));
        });

    [Fact]
    public void Two_nodes_with_the_same_bytes_agree_on_every_key_at_every_time()
    {
        using var ring = Ring();
        using var here = TicketKeyRing.Load(Json(ring));
        using var there = TicketKeyRing.Load(Json(ring));

        Gen.Int[-100, 3000].Sample(minutes =>
        {
            var now = Start + TimeSpan.FromMinutes(minutes);
            return here.SealingKey(now)?.Id == there.SealingKey(now)?.Id
                && here.Keys.Select(key => key.StateAt(now)).SequenceEqual(there.Keys.Select(key => key.StateAt(now)));
        });
    }

    [Fact]
    public void A_ring_has_run_out_after_the_last_retirement()
    {
        using var ring = RingOf(Key(0, 10, 20), Key(15, 18, 30), Key(), Key(0, 99, 99, revoked: true));

        Assert.False(ring.HasRunOut(Start + TimeSpan.FromHours(9)));
        Assert.False(ring.HasRunOut(Start + TimeSpan.FromHours(12)));
        Assert.True(ring.HasRunOut(Start + TimeSpan.FromHours(18)));
    }

    [Fact]
    public void Rings_are_ordered_by_epoch_and_then_by_version()
    {
        using var low = new TicketKeyRing(1, 9, Start, Day, []);
        using var middle = new TicketKeyRing(2, 1, Start, Day, []);
        using var high = new TicketKeyRing(2, 2, Start, Day, []);

        Assert.True(low.CompareTo(middle) < 0 && middle.CompareTo(high) < 0 && high.CompareTo(low) > 0 && low.CompareTo(low) == 0);
        Assert.Equal(RingOrder.Newer, low.Judge(middle));
        Assert.Equal(RingOrder.Older, high.Judge(middle));
    }

    [Fact]
    public void The_same_number_with_other_content_is_a_conflict()
    {
        using var ring = Ring();
        using var copy = TicketKeyRing.Load(Json(ring));
        using var other = Ring();
        using var otherWritten = new TicketKeyRing(ring.Epoch, ring.Version, Start + Minute, ring.MaxTicketLifetime, ring.Keys);

        Assert.Equal(RingOrder.Same, ring.Judge(copy));
        Assert.Equal(RingOrder.Conflict, ring.Judge(other));
        Assert.Equal(RingOrder.Conflict, ring.Judge(otherWritten));
    }

    [Fact]
    public void Keys_that_differ_in_their_secret_alone_conflict()
    {
        using var one = RingOf(Key(0, 10, 20, id: 1));
        using var other = RingOf(Key(0, 10, 20, id: 1));

        Assert.Equal(RingOrder.Conflict, one.Judge(other));
    }

    [Fact]
    public void A_ring_breaks_none_of_its_rules()
    {
        Assert.Throws<ArgumentException>(() => RingOf(Key(id: 1), Key(id: 1)));
        Assert.Throws<ArgumentException>(() => RingOf(Key(activate: 5, retire: 4, erase: 9)));
        Assert.Throws<ArgumentException>(() => RingOf(Key(activate: 5, retire: 6, erase: 5)));
        Assert.Throws<ArgumentException>(() => RingOf(Key(activate: 5)));
        Assert.Throws<ArgumentException>(() => RingOf(Key(retire: 5)));
        Assert.Throws<ArgumentException>(() => RingOf([.. Enumerable.Range(0, TicketKeyRing.MaxKeys + 1).Select(_ => Key())]));
        Assert.Throws<ArgumentException>(() => new TicketKeyRing(1, 1, Start, TimeSpan.FromDays(8), []));
        RingOf([.. Enumerable.Range(0, TicketKeyRing.MaxKeys).Select(_ => Key())]).Dispose();
    }

    [Fact]
    public void The_last_ring_that_lists_a_key_clears_its_secret()
    {
        var ring = Ring();
        var secrets = ring.Keys.Select(key => key.Secret!).ToArray();
        var next = ring.Next(Start + TimeSpan.FromHours(12));
        Assert.NotSame(ring, next);

        ring.Dispose();
        ring.Dispose();
        Assert.All(secrets, secret => Assert.False(secret.IsCleared));
        next.Dispose();
        Assert.All(secrets, secret => Assert.True(secret.IsCleared));
    }

    [Fact]
    public void A_revocation_drops_the_secret_as_soon_as_no_older_ring_holds_it()
    {
        var ring = Ring();
        var key = ring.Keys[0];
        using var revoked = ring.Revoke(key.Id, Start);

        Assert.Null(revoked.Find(key.Id)!.Secret);
        Assert.False(key.Secret!.IsCleared);
        ring.Dispose();
        Assert.True(key.Secret.IsCleared);
    }

    [Fact]
    public void A_cleared_ring_cannot_be_shared_or_saved()
    {
        var ring = Ring();
        ring.Dispose();

        Assert.Throws<ObjectDisposedException>(() => new FixedRing(ring));
        Assert.Throws<ObjectDisposedException>(() => ring.Save(Stream.Null));
    }

    [Fact]
    public void Nothing_that_is_printed_holds_a_secret()
    {
        using var ring = Ring();
        var secret = ring.Keys[0].Secret!;
        string[] printed = [ring.ToString(), ring.Keys[0].ToString(), secret.ToString()];

        Assert.All(printed, text => Assert.DoesNotContain(Convert.ToBase64String(secret.Span)[..8], text, StringComparison.Ordinal));
        Assert.All(printed, text => Assert.DoesNotContain(Convert.ToHexStringLower(secret.Span)[..8], text, StringComparison.Ordinal));
        Assert.StartsWith(ring.Keys[0].Id.ToString(), ring.Keys[0].ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0123456789abcdef", true)]
    [InlineData("0123456789ABCDEF", true)]
    [InlineData("0123456789abcde", false)]
    [InlineData("00123456789abcdef", false)]
    [InlineData("0x23456789abcdef", false)]
    [InlineData(" 123456789abcdef", false)]
    [InlineData("", false)]
    public void An_id_is_sixteen_hexadecimal_digits(string text, bool valid)
    {
        Assert.Equal(valid, TicketKeyId.TryParse(text, out var id));
        if (valid)
        {
            Assert.Equal(text.ToLowerInvariant(), id.ToString());
        }
        else
        {
            Assert.Throws<FormatException>(() => TicketKeyId.Parse(text));
        }
    }
}
