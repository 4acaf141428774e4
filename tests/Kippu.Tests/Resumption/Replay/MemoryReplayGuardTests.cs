using System.Buffers.Binary;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kippu.Tests.Resumption;

/// <summary>Single use within the window (RFC 8446 §8.2): what the guard of one process remembers, for how long, and how much of it.</summary>
public sealed class MemoryReplayGuardTests
{
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_tick = TimeSpan.FromTicks(1);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Until_the_whole_window_has_passed_since_it_began_to_record_everything_may_have_been_seen()
    {
        var guard = new MemoryReplayGuard(s_window, timeProvider: _time);
        Assert.False(Use(guard, 1));
        _time.Advance((2 * s_window) - s_tick);
        Assert.False(Use(guard, 2));
        _time.Advance(s_tick);

        Assert.True(Use(guard, 3));
    }

    [Fact]
    public void Each_key_passes_once()
    {
        var guard = Ready();

        Assert.True(Use(guard, 1));
        Assert.False(Use(guard, 1));
        Assert.True(Use(guard, 2));
        Assert.False(Use(guard, 1));
    }

    [Fact]
    public void A_key_is_remembered_to_the_end_of_its_time_and_no_longer()
    {
        var guard = Ready();
        Assert.True(Use(guard, 1));
        _time.Advance(2 * s_window);
        Assert.False(Use(guard, 1));
        _time.Advance(s_tick);

        Assert.True(Use(guard, 1));
    }

    [Fact]
    public void When_it_is_full_it_refuses_until_something_is_forgotten()
    {
        var guard = Ready(maxEntries: 2);
        Assert.True(Use(guard, 1));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(Use(guard, 2));
        Assert.False(Use(guard, 3));
        _time.Advance((2 * s_window) - TimeSpan.FromSeconds(1) + s_tick);

        Assert.True(Use(guard, 3));
        Assert.False(Use(guard, 4));
        Assert.False(Use(guard, 2));
    }

    [Fact]
    public void Of_many_who_come_at_once_one_passes()
    {
        var guard = Ready();
        var passed = 0;
        Parallel.For(0, 1000, i =>
        {
            if (Use(guard, i % 10))
            {
                Interlocked.Increment(ref passed);
            }
        });

        Assert.Equal(10, passed);
    }

    [Fact]
    public void Impossible_bounds_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new MemoryReplayGuard(TimeSpan.FromTicks(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MemoryReplayGuard(s_window, maxEntries: 0));
    }

    private bool Use(MemoryReplayGuard guard, int number)
    {
        var key = new byte[32];
        BinaryPrimitives.WriteInt32BigEndian(key, number);
        return guard.TryUse(key, _time.GetUtcNow() + (2 * s_window));
    }

    private MemoryReplayGuard Ready(int maxEntries = 100)
    {
        var guard = new MemoryReplayGuard(s_window, maxEntries, _time);
        _time.Advance(2 * s_window);
        return guard;
    }
}
