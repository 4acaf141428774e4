using static Kippu.Fleet.Tests.Sample;

namespace Kippu.Fleet.Tests;

public sealed class FileRingStoreTests : IDisposable
{
    private readonly RingFolder _folder = new();
    private readonly FileRingStore _store;
    private readonly TicketKeyRing _first = TicketKeyRing.Create(Start);
    private readonly TicketKeyRing _second;

    public FileRingStoreTests()
    {
        _store = new FileRingStore(_folder.Ring);
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
    public async Task A_ring_is_replaced_if_it_is_still_the_one_that_was_read()
    {
        Assert.True(await _store.TryReplaceAsync(_first, _second));

        using var found = _store.Read();
        Assert.Equal(RingOrder.Same, found.Judge(_second));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.Ring));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.Ring + ".lock"));
        }
    }

    [Fact]
    public async Task A_ring_that_another_has_changed_is_left_alone()
    {
        using var theirs = _first.Publish(Start);
        _folder.Put(theirs);

        Assert.False(await _store.TryReplaceAsync(_first, _second));
        AssertStored(theirs);
    }

    [Fact]
    public async Task A_ring_of_the_same_number_and_other_content_is_another()
    {
        using var theirs = TicketKeyRing.Create(Start);
        _folder.Put(theirs);

        Assert.False(await _store.TryReplaceAsync(_first, _second));
        AssertStored(theirs);
    }

    [Fact]
    public async Task A_ring_is_replaced_by_a_newer_one_only()
    {
        _folder.Put(_second);

        await Assert.ThrowsAsync<ArgumentException>(async () => await _store.TryReplaceAsync(_second, _first));
        await Assert.ThrowsAsync<ArgumentException>(async () => await _store.TryReplaceAsync(_second, _second));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData(null)]
    public async Task What_cannot_be_read_is_not_written_over(string? content)
    {
        File.Delete(_folder.Ring);
        if (content is not null)
        {
            await File.WriteAllTextAsync(_folder.Ring, content);
        }

        await Assert.ThrowsAsync<RingUnavailableException>(async () => await _store.TryReplaceAsync(_first, _second));
        Assert.Equal(content, File.Exists(_folder.Ring) ? await File.ReadAllTextAsync(_folder.Ring) : null);
    }

    [Fact]
    public async Task A_first_ring_is_stored_where_there_is_none()
    {
        await Assert.ThrowsAsync<IOException>(async () => await _store.CreateAsync(_second));
        AssertStored(_first);
        await _store.CreateAsync(_second, overwrite: true);
        AssertStored(_second);

        File.Delete(_folder.Ring);
        await _store.CreateAsync(_first);
        AssertStored(_first);
    }

    [Fact]
    public async Task A_link_stays_a_link()
    {
        Directory.CreateDirectory(_folder["elsewhere"]);
        _folder.Put(_first, "elsewhere/real.ring");
        File.Delete(_folder.Ring);
        File.CreateSymbolicLink(_folder.Ring, "elsewhere/real.ring");

        Assert.True(await _store.TryReplaceAsync(_first, _second));

        Assert.Equal("elsewhere/real.ring", new FileInfo(_folder.Ring).LinkTarget);
        AssertStored(_second);
    }

    [Fact]
    public async Task A_crash_at_any_step_leaves_the_old_ring_or_the_new_one()
    {
        foreach (var step in Enum.GetValues<WriteStep>())
        {
            _folder.Put(_first);
            _store.BeforeStep = reached => _ = reached == step ? throw new CrashException() : reached;
            await Assert.ThrowsAsync<CrashException>(async () => await _store.TryReplaceAsync(_first, _second));

            AssertStored(step == WriteStep.Done ? _second : _first);

            // And the next writer is not in anyone's way.
            _store.BeforeStep = null;
            _folder.Put(_first);
            Assert.True(await _store.TryReplaceAsync(_first, _second));
            Assert.Equal(["fleet.ring", "fleet.ring.lock"], Directory.GetFiles(_folder.Root).Select(Path.GetFileName).Order());
        }
    }

    [Fact]
    public async Task A_writer_that_comes_in_the_middle_of_anothers_write_waits_and_finds_it_done()
    {
        using var theirs = _first.Publish(Start);
        Task<bool>? other = null;
        _store.BeforeStep = step =>
        {
            if (step == WriteStep.Create)
            {
                // It runs as far as it can before this returns.
                other = new FileRingStore(_folder.Ring).TryReplaceAsync(_first, theirs).AsTask();
                Assert.False(other.IsCompleted);
            }
        };

        Assert.True(await _store.TryReplaceAsync(_first, _second));
        Assert.False(await other!);
        AssertStored(_second);
    }

    [Fact]
    public async Task Of_many_that_write_at_once_one_wins_each_round_and_nothing_is_lost()
    {
        const int Writers = 6;
        const int Rounds = 15;
        using var done = new CancellationTokenSource();
        var reader = OnItsOwnThread(() => ReadUntil(done.Token));
        var written = await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => OnItsOwnThread(() => Write(Rounds))));
        await done.CancelAsync();

        using var final = _store.Read();
        Assert.Equal(1 + written.Sum(), final.Version);
        Assert.True(await reader > 0);
    }

    [Fact]
    public async Task A_writer_waits_for_another_process_that_has_the_lock_and_goes_on_when_that_is_killed()
    {
        // flock(1) is another process: it holds the lock until it dies, without a word.
        using var holder = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("flock", ["-x", _folder.Ring + ".lock", "-c", "echo held; exec sleep 1000"]) { RedirectStandardOutput = true })!;
        Assert.Equal("held", await holder.StandardOutput.ReadLineAsync());

        var writing = _store.TryReplaceAsync(_first, _second).AsTask();
        AssertStored(_first);
        Assert.False(writing.IsCompleted);
        holder.Kill(entireProcessTree: true);

        Assert.True(await writing);
        AssertStored(_second);
    }

    private static Task<int> OnItsOwnThread(Func<int> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private int Write(int rounds)
    {
        var store = new FileRingStore(_folder.Ring) { BeforeStep = _ => Thread.Yield() };
        var won = 0;
        while (won < rounds)
        {
            using var ring = store.Read();
            using var next = ring.Next(ring.Written + TimeSpan.FromDays(30));
            won += store.TryReplaceAsync(ring, next).AsTask().GetAwaiter().GetResult() ? 1 : 0;
        }

        return won;
    }

    /// <summary>Whoever reads meanwhile sees whole rings, each no older than the last.</summary>
    private int ReadUntil(CancellationToken end)
    {
        var count = 0;
        var last = _store.Read();
        for (; !end.IsCancellationRequested; count++)
        {
            var found = _store.Read();
            Assert.True(last.Judge(found) is RingOrder.Newer or RingOrder.Same);
            last.Dispose();
            last = found;
        }

        last.Dispose();
        return count;
    }

    private void AssertStored(TicketKeyRing ring)
    {
        using var found = _store.Read();
        Assert.Equal(RingOrder.Same, found.Judge(ring));
    }

    private sealed class CrashException : Exception;
}
