using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using static Kippu.Fleet.Tests.Sample;

namespace Kippu.Fleet.Tests;

public sealed class RingRotatorTests : IDisposable
{
    private readonly FakeTimeProvider _time = Clock();
    private readonly RecordingLog _log = new();
    private readonly MemoryStore _store = new(TicketKeyRing.Create(Start));

    public void Dispose() => _log.Dispose();

    [Fact]
    public void By_default_a_key_comes_each_12_hours_and_one_always_seals()
    {
        using var rotator = Rotator();
        var keys = new HashSet<TicketKeyId>();
        for (var hours = 0; hours < 240; hours++)
        {
            _time.Advance(Hour);
            using var ring = _store.Ring;
            keys.Add(ring.SealingKey(_time.GetUtcNow())!.Id);
            Assert.InRange(ring.Keys.Count, 2, RotationSchedule.Default.KeysNeeded);
        }

        Assert.Equal(21, keys.Count);
        Assert.InRange(_store.Writes, 20, 40);
    }

    [Fact]
    public void A_key_is_published_long_before_it_seals_then_seals_then_retires_then_goes()
    {
        using var rotator = Rotator();
        _time.Advance(12 * Hour);
        using var ring = _store.Ring;
        var key = ring.Keys[^1];

        Assert.True(key.ActivateAt - key.Published >= RotationSchedule.Default.Lead);
        Assert.Equal(Seen(key.Id), TicketKeyState.Published);
        _time.Advance(12 * Hour);
        Assert.Equal(Seen(key.Id), TicketKeyState.Active);
        _time.Advance(12 * Hour);
        Assert.Equal(Seen(key.Id), TicketKeyState.Retired);
        _time.Advance(24 * Hour);
        Assert.Equal(Seen(key.Id), TicketKeyState.Retired);

        // Erased by every clock only once the skew has passed twice: in the key's own time, and until it leaves the ring.
        _time.Advance(2 * Minute);
        Assert.Equal(Seen(key.Id), TicketKeyState.Erased);
        _time.Advance(3 * Minute);
        Assert.Null(Seen(key.Id));
    }

    [Fact]
    public void It_looks_at_once()
    {
        _time.Advance(12 * Hour);
        using var rotator = Rotator();

        Assert.Equal(RotationOutcome.Rotated, rotator.LastOutcome);
        Assert.Equal([211], _log.Ids);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(1)]
    public void An_interval_that_needs_more_keys_than_a_ring_holds_is_refused_at_the_start(int minutes)
    {
        var schedule = new RotationSchedule { Interval = TimeSpan.FromMinutes(minutes), Propagation = TimeSpan.Zero };

        var e = Assert.Throws<ArgumentException>(() => Rotator(schedule));
        Assert.Contains("a ring holds 64", e.Message, StringComparison.Ordinal);
        Assert.Equal(0, _store.Reads);
    }

    [Fact]
    public void So_is_one_that_is_shorter_than_ten_times_the_propagation() => Assert.Contains(
        "ten times", Assert.Throws<ArgumentException>(() => Rotator(new RotationSchedule { Interval = 45 * Minute })).Message, StringComparison.Ordinal);

    [Fact]
    public void A_ring_whose_tickets_live_too_long_for_the_interval_is_left_alone_and_told()
    {
        var schedule = new RotationSchedule { Interval = 20 * Minute, MaxTicketLifetime = 10 * Hour, Propagation = Minute };
        _time.Advance(30 * Hour);
        using var rotator = Rotator(schedule);

        Assert.Equal(RotationOutcome.Failed, rotator.LastOutcome);
        Assert.Equal(0, _store.Writes);
    }

    [Fact]
    public void Seconds_do_as_well_as_hours()
    {
        var schedule = new RotationSchedule { Interval = 5 * Second, Propagation = Second / 2, MaxTicketLifetime = 20 * Second, ClockSkew = Second / 10 };
        _store.Put(TicketKeyRing.Create(Start, schedule));
        using var rotator = Rotator(schedule);
        for (var i = 0; i < 600; i++)
        {
            _time.Advance(Second / 10);
            using var ring = _store.Ring;
            Assert.NotNull(ring.SealingKey(_time.GetUtcNow()));
        }

        Assert.InRange(_store.Writes, 12, 40);
    }

    [Fact]
    public void A_storage_error_never_leaves_rotation_unarmed()
    {
        using var rotator = Rotator();
        foreach (var fault in new Exception[] { new IOException("no space left"), new UnauthorizedAccessException("read-only"), new TimeoutException("slow"), new OperationCanceledException("theirs"), new InvalidOperationException("a bug") })
        {
            _store.ReadFault = fault;
            _time.Advance(Minute);
            Assert.Equal(RotationOutcome.Failed, rotator.LastOutcome);
        }

        _store.ReadFault = null;
        _store.WriteFault = new IOException("no space left");
        _time.Advance(13 * Hour);
        Assert.Equal(RotationOutcome.Failed, rotator.LastOutcome);
        Assert.Contains(_log.Entries, entry => entry is { Id: 213, Level: LogLevel.Error } && entry.Text.Contains("no space left", StringComparison.Ordinal));

        _store.WriteFault = null;
        _time.Advance(Minute);
        Assert.Equal(1, _store.Writes);
    }

    [Fact]
    public void What_goes_on_failing_is_logged_once()
    {
        _store.ReadFault = new IOException("gone");
        using var rotator = Rotator();
        _time.Advance(Hour);

        Assert.Single(_log.Ids);
    }

    [Fact]
    public void A_ring_that_cannot_be_read_is_never_written()
    {
        _store.ReadFault = new RingUnavailableException(RingProblem.Altered, "altered");
        using var rotator = Rotator();
        _time.Advance(TimeSpan.FromDays(10));

        Assert.Equal(0, _store.Writes);
        Assert.Equal(RotationOutcome.Failed, rotator.LastOutcome);
    }

    [Fact]
    public void A_clock_that_is_behind_the_last_writers_rotates_nothing()
    {
        _store.Put(TicketKeyRing.Create(Start + (3 * Minute)));
        using var rotator = Rotator();

        Assert.Equal(RotationOutcome.ClockBehind, rotator.LastOutcome);
        Assert.Contains(214, _log.Ids);
        _time.Advance(Minute);
        Assert.Equal(RotationOutcome.NothingDue, rotator.LastOutcome);
    }

    [Fact]
    public void Who_is_overtaken_writes_nothing()
    {
        _store.BeforeWrite = () =>
        {
            using var ring = _store.Ring;
            _store.Put(ring.Next(_time.GetUtcNow()));
        };
        _time.Advance(12 * Hour);
        using var rotator = Rotator();

        Assert.Equal(RotationOutcome.Overtaken, rotator.LastOutcome);
        Assert.Equal(0, _store.Writes);
        Assert.Equal(2, _store.Ring.Version);
    }

    [Fact]
    public async Task A_look_that_hangs_is_not_joined_by_others_and_ends_with_the_rotator()
    {
        var store = new HangingStore();
        var rotator = new RingRotator(store, timeProvider: _time);
        _time.Advance(Hour);
        Assert.Equal(1, store.Reads);
        rotator.Dispose();
        await store.Ended;
    }

    private RingRotator Rotator(RotationSchedule? schedule = null) => new(_store, schedule, _log, _time);

    private TicketKeyState? Seen(TicketKeyId id)
    {
        using var ring = _store.Ring;
        return ring.Find(id)?.StateAt(_time.GetUtcNow());
    }

    private sealed class HangingStore : IRingStore
    {
        private readonly TaskCompletionSource<TicketKeyRing> _never = new();

        public int Reads { get; private set; }

        public Task Ended { get; private set; } = Task.CompletedTask;

        public ValueTask<TicketKeyRing> ReadAsync(CancellationToken cancellationToken = default)
        {
            Reads++;
            var reading = _never.Task.WaitAsync(cancellationToken);
            Ended = reading.ContinueWith(_ => { }, TaskScheduler.Default);
            return new ValueTask<TicketKeyRing>(reading);
        }

        public ValueTask<bool> TryReplaceAsync(TicketKeyRing expected, TicketKeyRing successor, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }
}
