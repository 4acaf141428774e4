using static Kippu.Fleet.Tests.Sample;

namespace Kippu.Fleet.Tests;

/// <summary>How a change becomes known: by the file system's word, on a clock that stands still, or by looking, on one that a test moves.</summary>
public sealed class WatchTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly RingFolder _folder = new();
    private readonly TicketKeyRing _first = TicketKeyRing.Create(Start);
    private readonly TicketKeyRing _second;

    public WatchTests() => _second = _first.Next(Start + (12 * Hour));

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_file_that_is_replaced_is_seen_without_looking()
    {
        _folder.Put(_first);
        using var source = new FileRing(_folder.Ring, timeProvider: Clock());

        await AssertTaken(source, () => _folder.Put(_second));
    }

    [Fact]
    public async Task A_file_that_is_overwritten_in_place_is_seen_without_looking()
    {
        _folder.Put(_first);
        using var source = new FileRing(_folder.Ring, timeProvider: Clock());

        await AssertTaken(source, () => File.WriteAllBytes(_folder.Ring, Json(_second)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("fleet.ring")]
    public async Task What_the_kubelet_does_is_seen_without_looking(string file)
    {
        MountSecret("..2030_01_01_00_00_00.1", _first);
        using var source = new FileRing(Path.Combine(_folder.Root, file), timeProvider: Clock());
        Assert.Equal(_first.Version, source.Current.Version);

        await AssertTaken(source, () => MountSecret("..2030_01_01_00_00_00.2", _second));
        Assert.False(Directory.Exists(_folder["..2030_01_01_00_00_00.1"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("fleet.ring")]
    public void What_the_kubelet_does_is_seen_by_looking(string file)
    {
        MountSecret("..2030_01_01_00_00_00.1", _first);
        using var unwatched = Unwatched(file, out var time);

        MountSecret("..2030_01_01_00_00_00.2", _second);
        time.Advance(10 * Second);

        Assert.Equal(_second.Version, unwatched.Current.Version);
    }

    [Fact]
    public void A_directory_that_was_put_in_the_place_of_another_is_seen_by_looking_and_watched_again()
    {
        Directory.CreateDirectory(_folder["mount"]);
        _folder.Put(_first, "mount/fleet.ring");
        var time = Clock();
        using var source = new FileRing(_folder["mount"], timeProvider: time);

        Directory.Move(_folder["mount"], _folder["gone"]);
        Directory.CreateDirectory(_folder["mount"]);
        _folder.Put(_second, "mount/fleet.ring");
        time.Advance(10 * Second);
        Assert.Equal(_second.Version, source.Current.Version);

        using var third = _second.Next(Start + (24 * Hour));
        using var seen = new ManualResetEventSlim();
        source.StatusChanged += (_, _) => seen.Set();
        _folder.Put(third, "mount/fleet.ring");
        Assert.True(seen.Wait(s_patience));
        Assert.Equal(third.Version, source.Current.Version);
    }

    [Fact]
    public void Of_several_rings_in_a_directory_none_is_taken()
    {
        _folder.Put(_first);
        using var source = new FileRing(_folder.Root, timeProvider: Clock());
        _folder.Put(_second, "another.ring");

        source.Refresh();

        Assert.Equal((RingProblem.Missing, 1L), (source.Status.Problem, source.Current.Version));
        Assert.Contains("name one", source.Status.Detail, StringComparison.Ordinal);
    }

    /// <summary>As the kubelet's AtomicWriter does it: a new directory, a new link to it, renamed over ..data; then the old directory goes.</summary>
    private void MountSecret(string directory, TicketKeyRing ring)
    {
        var data = _folder["..data"];
        var old = Directory.Exists(data) ? new FileInfo(data).LinkTarget : null;
        Directory.CreateDirectory(_folder[directory]);
        File.WriteAllBytes(_folder[$"{directory}/fleet.ring"], Json(ring));
        File.CreateSymbolicLink(_folder["..data_tmp"], directory);
        Rename(_folder["..data_tmp"], data);
        if (old is null)
        {
            File.CreateSymbolicLink(_folder.Ring, "..data/fleet.ring");
        }
        else
        {
            Directory.Delete(_folder[old], recursive: true);
        }
    }

    /// <summary>rename(2): the platform's own methods look at what a link points to.</summary>
    private static void Rename(string from, string to)
    {
        using var process = System.Diagnostics.Process.Start("mv", ["-T", from, to]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    /// <summary>A source whose watch is gone, so that only looking is left.</summary>
    private FileRing Unwatched(string file, out Microsoft.Extensions.Time.Testing.FakeTimeProvider time)
    {
        time = Clock();
        var source = new FileRing(Path.Combine(_folder.Root, file), timeProvider: time);
        source.EndWatch();
        return source;
    }

    private async Task AssertTaken(FileRing source, Action change)
    {
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        source.StatusChanged += (_, status) =>
        {
            if (status.Version == _second.Version)
            {
                taken.TrySetResult();
            }
        };
        change();

        await taken.Task.WaitAsync(s_patience);
        Assert.Equal(RingOrder.Same, source.Current.Judge(_second));
    }
}
