using static Kippu.Fleet.Tests.Sample;

namespace Kippu.Fleet.Tests;

public sealed class HighWaterTests : IDisposable
{
    private readonly RingFolder _folder = new();
    private readonly RecordingLog _log = new();
    private readonly TicketKeyRing _first = TicketKeyRing.Create(Start);
    private readonly TicketKeyRing _second;

    public HighWaterTests() => _second = _first.Next(Start + (12 * Hour));

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Without_one_a_node_that_starts_takes_what_it_finds()
    {
        _folder.Put(_second);
        Open(highWater: null).Dispose();
        _folder.Put(_first);

        using var restarted = Open(highWater: null);
        Assert.Equal(_first.Version, restarted.Current.Version);
    }

    [Fact]
    public void With_one_an_older_ring_is_refused_after_a_restart_too()
    {
        _folder.Put(_second);
        Open().Dispose();
        _folder.Put(_first);

        var e = Assert.Throws<RingUnavailableException>(() => Open());
        Assert.Equal(RingProblem.Older, e.Problem);
        Assert.Contains("high-water", e.Message, StringComparison.Ordinal);

        using var waiting = Open(startWithoutRing: true);
        Assert.Empty(waiting.Current.Keys);
        _folder.Put(_second);
        waiting.Refresh();
        Assert.Equal(_second.Version, waiting.Current.Version);
    }

    [Fact]
    public void It_rises_with_each_ring_that_is_taken()
    {
        _folder.Put(_first);
        using (var source = Open())
        {
            _folder.Put(_second);
            source.Refresh();
        }

        Assert.Equal($"{_second.Epoch} {_second.Version}\n", File.ReadAllText(_folder["high-water"]));
        using var again = Open();
        Assert.Equal(_second.Version, again.Current.Version);
    }

    [Fact]
    public void What_is_no_high_water_file_stops_the_start()
    {
        _folder.Put(_first);
        foreach (var wrong in new[] { "", "1", "1 2 3", "-1 2", "one two", new string('1', 100) })
        {
            File.WriteAllText(_folder["high-water"], wrong);
            Assert.Contains("no high-water file", Assert.Throws<RingUnavailableException>(() => Open()).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void One_that_cannot_be_written_is_told_and_costs_nothing()
    {
        _folder.Put(_first);
        using var source = Open(_folder["nowhere/high-water"]);

        Assert.Equal(_first.Version, source.Current.Version);
        Assert.Contains(206, _log.Ids);
    }

    private FileRing Open(bool startWithoutRing = false) => Open(_folder["high-water"], startWithoutRing);

    private FileRing Open(string? highWater, bool startWithoutRing = false) =>
        new(_folder.Ring, new FileRingOptions { HighWaterFile = highWater, StartWithoutRing = startWithoutRing }, _log, Clock());
}
