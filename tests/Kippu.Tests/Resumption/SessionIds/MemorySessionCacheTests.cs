using CsCheck;
using Xunit;
using static Kippu.Tests.Resumption.Sample;

namespace Kippu.Tests.Resumption;

public sealed class MemorySessionCacheTests
{
    [Fact]
    public void A_value_is_found_until_it_is_removed_or_replaced()
    {
        var cache = new MemorySessionCache(timeProvider: Clock());
        cache.Set([1], [10], Start + Hour);

        Assert.Equal([10], Get(cache, 1));
        cache.Set([1], [20, 21], Start + Hour);
        Assert.Equal([20, 21], Get(cache, 1));
        Assert.Equal(1, cache.Count);
        Assert.Null(Get(cache, 2));
        cache.Remove([1]);
        cache.Remove([1]);
        Assert.Null(Get(cache, 1));
        Assert.Equal((0, 0), (cache.Count, cache.Bytes));
    }

    [Fact]
    public void A_value_belongs_to_the_cache_alone()
    {
        var cache = new MemorySessionCache(timeProvider: Clock());
        byte[] key = [1], value = [2];
        cache.Set(key, value, Start + Hour);
        key[0] = value[0] = 9;

        Assert.Equal([2], Get(cache, 1));
    }

    [Fact]
    public void A_value_expires()
    {
        var clock = Clock();
        var cache = new MemorySessionCache(timeProvider: clock);
        cache.Set([1], [10], Start + Hour);
        cache.Set([2], [10], Start);

        Assert.Equal(1, cache.Count);
        clock.Advance(Hour - TimeSpan.FromTicks(1));
        Assert.NotNull(Get(cache, 1));
        clock.Advance(TimeSpan.FromTicks(1));
        Assert.Null(Get(cache, 1));
        Assert.Equal((0, 0), (cache.Count, cache.Bytes));
    }

    [Fact]
    public void Expired_values_leave_although_nobody_asks_for_them()
    {
        var clock = Clock();
        var cache = new MemorySessionCache(timeProvider: clock);
        for (byte i = 0; i < 100; i++)
        {
            cache.Set([i], [i], Start + Hour);
        }

        clock.Advance(Hour);
        for (byte i = 100; i < 150; i++)
        {
            cache.Set([i], [i], Start + (9 * Hour));
        }

        Assert.Equal(50, cache.Count);
    }

    [Fact]
    public void The_first_in_is_the_first_to_go_when_there_are_too_many()
    {
        var cache = new MemorySessionCache(maxEntries: 3, timeProvider: Clock());
        for (byte i = 1; i <= 4; i++)
        {
            cache.Set([i], [i], Start + Hour);
        }

        Assert.Null(Get(cache, 1));
        Assert.Equal([2], Get(cache, 2));
        cache.Set([2], [22], Start + Hour);
        cache.Set([5], [5], Start + Hour);
        Assert.Null(Get(cache, 3));
        Assert.Equal([22], Get(cache, 2));
    }

    [Fact]
    public void Bytes_are_bounded_too()
    {
        var cache = new MemorySessionCache(maxBytes: 10_000, timeProvider: Clock());
        for (byte i = 0; i < 100; i++)
        {
            cache.Set([i], new byte[1000], Start + Hour);
            Assert.InRange(cache.Bytes, 0, 10_000);
        }

        Assert.Equal(8, cache.Count);
        cache.Set([200], new byte[20_000], Start + Hour);
        Assert.Null(Get(cache, 200));
        Assert.Equal(8, cache.Count);
    }

    [Fact]
    public void It_does_what_a_plain_list_would_do() =>
        Gen.Select(Gen.Int[0, 3], Gen.Byte[0, 9], Gen.Int[0, 400], Gen.Int[0, 20]).Array[0, 80].Sample(steps =>
        {
            var clock = Clock();
            var cache = new MemorySessionCache(5, 2000, clock);
            var model = new List<(byte Key, int Size, DateTimeOffset Expires)>();
            foreach (var (what, key, size, minutes) in steps)
            {
                var now = clock.GetUtcNow();
                switch (what)
                {
                    case 0:
                        clock.Advance(TimeSpan.FromMinutes(minutes));
                        break;
                    case 1:
                        cache.Remove([key]);
                        model.RemoveAll(entry => entry.Key == key);
                        break;
                    default:
                        cache.Set([key], new byte[size], now + TimeSpan.FromMinutes(minutes));
                        model.RemoveAll(entry => entry.Key == key);
                        model.Add((key, size, now + TimeSpan.FromMinutes(minutes)));
                        break;
                }

                Assert.True(cache.Count <= 5 && cache.Bytes <= 2000);
                for (byte k = 0; k < 10; k++)
                {
                    // It may have forgotten what it was given; it never gives what has expired, was removed or was replaced.
                    var expected = model.Find(entry => entry.Key == k && entry.Expires > clock.GetUtcNow());
                    Assert.True(Get(cache, k) is not { } value || (expected.Key == k && expected.Expires != default && value.Length == expected.Size));
                }
            }
        });

    [Fact]
    public void Clear_forgets_everything()
    {
        var cache = new MemorySessionCache(timeProvider: Clock());
        cache.Set([1], [1], Start + Hour);
        cache.Clear();

        Assert.Equal((0, 0), (cache.Count, cache.Bytes));
        Assert.Null(Get(cache, 1));
    }

    [Fact]
    public void Bounds_must_leave_room()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new MemorySessionCache(maxEntries: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MemorySessionCache(maxBytes: 100));
    }

    private static byte[]? Get(MemorySessionCache cache, byte key) => cache.TryGet([key], out var value) ? value.ToArray() : null;
}
