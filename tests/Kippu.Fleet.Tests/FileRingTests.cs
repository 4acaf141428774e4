using Microsoft.Extensions.Logging;
using static Kippu.Fleet.Tests.Sample;

namespace Kippu.Fleet.Tests;

public sealed class FileRingTests : IDisposable
{
    private readonly RingFolder _folder = new();
    private readonly Microsoft.Extensions.Time.Testing.FakeTimeProvider _time = Clock();
    private readonly RecordingLog _log = new();
    private readonly TicketKeyRing _first;
    private readonly TicketKeyRing _second;

    public FileRingTests()
    {
        _first = TicketKeyRing.Create(Start);
        _second = _first.Next(Start + (12 * Hour));
        _folder.Put(_first);
    }

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_ring_of_the_file_is_in_force()
    {
        using var source = Open();

        Assert.Equal(RingOrder.Same, source.Current.Judge(_first));
        Assert.Equal((RingProblem.None, _first.Epoch, 1L), (source.Status.Problem, source.Status.Epoch, source.Status.Version));
        Assert.Equal(Start, source.LastConfirmed);
        Assert.Equal(["Kippu.Ring"], _log.Categories);
        Assert.Equal([201], _log.Ids);
    }

    [Fact]
    public void A_newer_ring_is_taken_and_told()
    {
        using var source = Open();
        var told = new List<RingStatus>();
        source.StatusChanged += (_, status) => told.Add(status);

        _folder.Put(_second);
        source.Refresh();
        source.Refresh();

        Assert.Equal(RingOrder.Same, source.Current.Judge(_second));
        Assert.All(told, status => Assert.Equal(source.Status, status));
        Assert.Single(told);
        Assert.Equal([201, 201], _log.Ids);
    }

    [Fact]
    public void An_older_ring_is_refused_and_told()
    {
        _folder.Put(_second);
        using var source = Open();

        _folder.Put(_first);

        AssertKept(source, _second, RingProblem.Older);
    }

    [Fact]
    public void A_ring_of_a_lower_epoch_is_older_whatever_its_version()
    {
        using var revoked = _first.Revoke(_first.Keys[0].Id, Start);
        _folder.Put(revoked);
        using var source = Open();

        _folder.Put(_second);

        Assert.True(_second.Version > revoked.Version);
        AssertKept(source, revoked, RingProblem.Older);
    }

    [Fact]
    public void A_ring_of_the_same_number_and_other_content_is_refused_and_told()
    {
        using var other = TicketKeyRing.Create(Start);
        using var source = Open();

        _folder.Put(other);

        AssertKept(source, _first, RingProblem.Conflict);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(300)]
    [InlineData(-2)]
    public void A_torn_ring_is_refused_and_told(int length)
    {
        using var source = Open();
        var json = Json(_second);

        _folder.Put(json.AsSpan(0, length < 0 ? json.Length + length : length));

        AssertKept(source, _first, RingProblem.Malformed);
    }

    [Fact]
    public void A_ring_that_is_being_written_in_place_is_taken_once_it_is_whole()
    {
        using var source = Open();
        var json = Json(_second);
        for (var length = 0; length < json.Length - 1; length += 97)
        {
            File.WriteAllBytes(_folder.Ring, json.AsSpan(0, length));
            source.Refresh();
            Assert.Equal(RingOrder.Same, source.Current.Judge(_first));
        }

        File.WriteAllBytes(_folder.Ring, json);
        source.Refresh();

        Assert.Equal(RingOrder.Same, source.Current.Judge(_second));
        Assert.Equal(RingProblem.None, source.Status.Problem);
    }

    [Fact]
    public void A_corrupt_ring_is_refused_and_told()
    {
        using var source = Open();
        var json = Json(_second);
        json[json.Length / 2] = 0;

        _folder.Put(json);

        AssertKept(source, _first, RingProblem.Malformed);
    }

    [Fact]
    public void A_file_that_is_too_long_is_refused_and_told()
    {
        using var source = Open();

        _folder.Put([.. Json(_second), .. Enumerable.Repeat((byte)' ', 1024 * 1024)]);

        AssertKept(source, _first, RingProblem.Malformed);
    }

    [Fact]
    public void A_file_that_is_gone_costs_nothing()
    {
        using var source = Open();

        File.Delete(_folder.Ring);

        AssertKept(source, _first, RingProblem.Missing);
    }

    [Fact]
    public void A_file_that_cannot_be_read_costs_nothing()
    {
        using var source = Open();

        // What root can do too: a directory where a file is expected, without a ring in it. And a loop of links, which nobody can read.
        File.Delete(_folder.Ring);
        File.CreateSymbolicLink(_folder.Ring, _folder.Ring);

        AssertKept(source, _first, RingProblem.Unreadable);
    }

    [Fact]
    public void A_file_that_is_right_again_is_told_too()
    {
        using var source = Open();
        _folder.Put("{"u8);
        source.Refresh();
        Assert.NotEqual(RingProblem.None, source.Status.Problem);

        _time.Advance(Minute);
        _folder.Put(_first);
        source.Refresh();

        Assert.Equal(RingProblem.None, source.Status.Problem);
        Assert.Equal(Start + Minute, source.Status.Since);
        Assert.Equal(203, _log.Ids[^1]);
    }

    [Fact]
    public void What_goes_on_is_told_once_and_since_when()
    {
        using var source = Open();
        _folder.Put("{"u8);
        source.Refresh();
        _time.Advance(Hour);
        source.Refresh();

        Assert.Equal([201, 202], _log.Ids);
        Assert.Equal(Start, source.Status.Since);
        Assert.Equal(Start, source.LastConfirmed);
    }

    [Fact]
    public void A_node_does_not_start_without_a_ring()
    {
        File.Delete(_folder.Ring);

        Assert.Equal(RingProblem.Missing, Assert.Throws<RingUnavailableException>(() => Open()).Problem);
    }

    [Fact]
    public void A_node_that_may_start_without_a_ring_seals_nothing_and_takes_the_ring_when_it_comes()
    {
        File.Delete(_folder.Ring);
        using var source = Open(new FileRingOptions { StartWithoutRing = true });

        Assert.True(source.Current.HasRunOut(Start));
        Assert.Empty(source.Current.Keys);
        Assert.Equal((RingProblem.Missing, 0L, 0L), (source.Status.Problem, source.Status.Epoch, source.Status.Version));
        Assert.Equal(DateTimeOffset.UnixEpoch, source.LastConfirmed);

        _folder.Put(_first);
        source.Refresh();
        Assert.Equal(RingOrder.Same, source.Current.Judge(_first));
    }

    [Fact]
    public void That_no_key_seals_any_more_is_told_when_it_begins()
    {
        using var source = Open(new FileRingOptions { PollInterval = Hour });

        _time.Advance(47 * Hour);
        Assert.DoesNotContain(204, _log.Ids);
        _time.Advance(2 * Hour);

        Assert.Single(_log.Entries, entry => entry is { Id: 204, Level: LogLevel.Warning });
    }

    [Fact]
    public void Nothing_secret_is_logged_or_told()
    {
        using var source = Open();
        var secrets = System.Text.Json.JsonDocument.Parse(Json(_second)).RootElement.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("secret").GetString()!).ToArray();
        var json = Json(_second);
        for (var at = 0; at < json.Length; at += 41)
        {
            var altered = json.ToArray();
            altered[at] ^= 0x10;
            _folder.Put(altered);
            source.Refresh();
            Assert.All(secrets, secret => Assert.DoesNotContain(secret[8..30], source.Status.Detail, StringComparison.Ordinal));
        }

        Assert.All(secrets, secret => Assert.DoesNotContain(secret[8..30], string.Join('\n', _log.Entries), StringComparison.Ordinal));
    }

    [Fact]
    public void A_listener_that_fails_does_not_end_the_watch()
    {
        using var source = Open();
        source.StatusChanged += (_, _) => throw new InvalidOperationException("out of order");

        _folder.Put(_second);
        source.Refresh();

        Assert.Equal(RingOrder.Same, source.Current.Judge(_second));
        Assert.Contains(207, _log.Ids);
    }

    [Fact]
    public async Task Readers_never_see_a_ring_whose_keys_were_cleared_under_their_hands()
    {
        // Each ring drops the keys of the one before it, so each swap clears secrets. A ring that was read from the source may be cleared a moment later; the one
        // in force never is.
        var rings = new List<TicketKeyRing> { TicketKeyRing.Create(Start) };
        for (var i = 1; i <= 40; i++)
        {
            rings.Add(rings[^1].Next(Start + (i * TimeSpan.FromDays(10))));
        }

        _folder.Put(rings[0]);
        using var source = Open();
        using var done = new CancellationTokenSource();
        var failed = 0;
        var reader = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                var ring = source.Current;
                try
                {
                    RingFingerprint.Of(ring);
                }
                catch (ObjectDisposedException)
                {
                    failed += ReferenceEquals(ring, source.Current) ? 1 : 0;
                }
            }
        });
        foreach (var ring in rings)
        {
            _folder.Put(ring);
            source.Refresh();
            Assert.Equal(RingFingerprint.Of(ring), RingFingerprint.Of(source.Current));
        }

        await done.CancelAsync();
        await reader;
        Assert.Equal(0, failed);
        rings.ForEach(ring => ring.Dispose());
    }

    [Fact]
    public void A_disposed_source_goes_on_answering_and_seals_nothing()
    {
        var source = Open();
        source.Dispose();
        _folder.Put(_second);
        source.Refresh();
        _time.Advance(Hour);

        Assert.Equal(_first.Version, source.Current.Version);
        Assert.Throws<ObjectDisposedException>(() => RingFingerprint.Of(source.Current));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(49)]
    [InlineData(3_600_001)]
    public void The_pause_between_two_looks_keeps_to_its_bounds(int milliseconds) => Assert.Throws<ArgumentOutOfRangeException>(
        () => Open(new FileRingOptions { PollInterval = TimeSpan.FromMilliseconds(milliseconds) }));

    private FileRing Open(FileRingOptions? options = null) => new(_folder.Ring, options, _log, _time);

    private void AssertKept(FileRing source, TicketKeyRing kept, RingProblem problem)
    {
        source.Refresh();

        Assert.Equal(RingOrder.Same, source.Current.Judge(kept));
        Assert.Equal(problem, source.Status.Problem);
        Assert.NotEmpty(source.Status.Detail);
        Assert.Equal((kept.Epoch, kept.Version), (source.Status.Epoch, source.Status.Version));
        Assert.Contains(_log.Entries, entry => entry is { Id: 202, Level: LogLevel.Warning } && entry.Text.Contains(source.Status.Detail, StringComparison.Ordinal));
    }
}
