using System.Globalization;

namespace Kippu.Cli.Tests.Commands;

public sealed class KeysRotateTests : IDisposable
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    private readonly TemporaryDirectory _directory = new();
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task The_next_key_is_published_when_it_is_due()
    {
        var file = RingOf(_now - (13 * s_hour));
        using var before = Load(file);

        var run = await Run.Kippu("keys", "rotate", file);

        Assert.Equal(0, run.ExitCode);
        using var after = Load(file);
        Assert.Equal(RingOrder.Newer, before.Judge(after));
        Assert.Equal(3, after.Keys.Count);
        Assert.Equal(_now + (11 * s_hour), after.Keys[2].ActivateAt!.Value, TimeSpan.FromSeconds(1));
        Assert.Contains($"{after.Keys[2].Id} is new: it seals from {Minute(after.Keys[2].ActivateAt)}", run.Output, StringComparison.Ordinal);
        Assert.Contains($"{after.Keys[1].Id} seals until {Minute(after.Keys[1].RetireAt)} (before: {Minute(before.Keys[1].RetireAt)})", run.Output, StringComparison.Ordinal);
        Assert.Contains($"seals until {Minute(after.Keys[2].RetireAt)}", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fleet_that_is_rotated_in_time_never_stops_sealing()
    {
        var file = RingOf(_now - (40 * s_hour));
        await Run.Kippu("keys", "rotate", file);
        using var ring = Load(file);

        Assert.All(Enumerable.Range(0, 30), hours => Assert.NotNull(ring.SealingKey(_now + (hours * s_hour))));
    }

    [Fact]
    public async Task Nothing_is_changed_before_it_is_due()
    {
        var file = RingOf(_now - s_hour);
        var before = await File.ReadAllTextAsync(file);

        var run = await Run.Kippu("keys", "rotate", file);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains($"nothing is due before {Minute(_now + (11 * s_hour))}", run.Output, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task A_dry_run_says_what_would_change_and_changes_nothing()
    {
        var file = RingOf(_now - (13 * s_hour));
        var before = await File.ReadAllTextAsync(file);

        var run = await Run.Kippu("keys", "rotate", file, "--dry-run");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains($"a new key: it would seal from {Minute(_now + (11 * s_hour))}", run.Output, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllTextAsync(file));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(file)!));
    }

    [Fact]
    public async Task A_ring_that_has_run_out_seals_again_and_drops_its_old_keys()
    {
        var file = RingOf(_now - TimeSpan.FromDays(30));
        using var before = Load(file);

        var run = await Run.Kippu("keys", "rotate", file);

        Assert.Equal(0, run.ExitCode);
        using var after = Load(file);
        Assert.False(after.HasRunOut(_now));
        Assert.Single(after.Keys);
        Assert.All(before.Keys, key => Assert.Contains($"{key.Id} is gone", run.Output, StringComparison.Ordinal));
        Assert.Contains("No key seals at this moment", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_file_is_replaced_whole_and_its_owner_alone_can_read_it()
    {
        var file = RingOf(_now - (13 * s_hour));

        await Run.Kippu("keys", "rotate", file);

        Assert.Equal(["ring.json", "ring.json.lock"], Directory.GetFiles(Path.GetDirectoryName(file)!).Select(Path.GetFileName).Order());
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public async Task Nothing_secret_is_said()
    {
        var file = RingOf(_now - (13 * s_hour));

        var dry = await Run.Kippu("keys", "rotate", file, "--dry-run");
        var run = await Run.Kippu("keys", "rotate", file);

        using var json = System.Text.Json.JsonDocument.Parse(await File.ReadAllTextAsync(file));
        Assert.All(
            json.RootElement.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("secret").GetString()!),
            secret => Assert.DoesNotContain(secret, dry.Output + run.Output + run.Error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_many_processes_at_once_one_does_it_and_the_others_see_it_done()
    {
        var file = RingOf(_now - (13 * s_hour));
        using var before = Load(file);

        var outputs = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Program.RunAsync("keys", "rotate", file)));

        using var after = Load(file);
        Assert.Equal(before.Version + 1, after.Version);
        Assert.Equal(3, after.Keys.Count);
        Assert.Single(outputs, output => output.Contains("has changed", StringComparison.Ordinal));
        Assert.Equal(3, outputs.Count(output => output.Contains("nothing is due", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_schedule_is_ones_own()
    {
        var file = RingOf(_now - (13 * s_hour));

        var run = await Run.Kippu("keys", "rotate", file, "--interval", "24h", "--propagation", "1m");

        Assert.Equal(0, run.ExitCode);
        using var after = Load(file);
        Assert.Equal(_now + (23 * s_hour), after.Keys[2].ActivateAt!.Value, TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData("this schedule cannot be kept", "--interval", "20m", "--propagation", "1m")]
    [InlineData("this schedule cannot be kept", "--interval", "40m")]
    [InlineData("--interval: 0.5s is too short", "--interval", "0.5s")]
    [InlineData("--skew: 2d is too long", "--skew", "2d")]
    public async Task A_schedule_that_cannot_be_kept_is_refused(string problem, params string[] options)
    {
        var file = RingOf(_now - (13 * s_hour));
        var before = await File.ReadAllTextAsync(file);

        var run = await Run.Kippu(["keys", "rotate", file, .. options]);

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith($"kippu: {problem}", run.Error, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task A_sealed_ring_stays_sealed_and_can_be_given_another_operator_key()
    {
        var (file, old, next) = (_directory.File("sealed.ring"), _directory.File("old.key"), _directory.File("next.key"));
        await Run.Kippu("keys", "new", file, "--operator-key", old);
        Kippu.Fleet.OperatorKeyFile.Create(next);

        var without = await Run.Kippu("keys", "rotate", file);
        var with = await Run.Kippu("keys", "rotate", file, "--operator-key", next, "--operator-key", old);
        var again = await Run.Kippu("keys", "rotate", file, "--operator-key", next);

        Assert.Equal(2, without.ExitCode);
        Assert.Contains("--operator-key", without.Error, StringComparison.Ordinal);
        Assert.Equal(0, with.ExitCode);
        Assert.Contains("sealed anew", with.Output, StringComparison.Ordinal);
        Assert.Equal(0, again.ExitCode);
        Assert.DoesNotContain("sealed anew", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ring_in_the_clear_is_sealed_if_it_is_taken_as_it_is()
    {
        var (file, key) = (RingOf(_now), _directory.File("operator.key"));
        Kippu.Fleet.OperatorKeyFile.Create(key);

        var refused = await Run.Kippu("keys", "rotate", file, "--operator-key", key);
        var taken = await Run.Kippu("keys", "rotate", file, "--operator-key", key, "--plain");
        var listed = await Run.Kippu("keys", "list", file);

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--plain", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, taken.ExitCode);
        Assert.Contains("sealed by the operator key", listed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clock_that_is_behind_the_rings_decides_nothing()
    {
        var file = RingOf(_now + s_hour);
        var before = await File.ReadAllTextAsync(file);

        var run = await Run.Kippu("keys", "rotate", file);

        Assert.Equal(3, run.ExitCode);
        Assert.Contains("clock", run.Error, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllTextAsync(file));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(file)!));
    }

    [Fact]
    public async Task What_is_no_ring_is_left_alone()
    {
        var file = _directory.File("ring.json");
        await File.WriteAllTextAsync(file, "{}");

        var run = await Run.Kippu("keys", "rotate", file);

        Assert.Equal(2, run.ExitCode);
        Assert.Equal("{}", await File.ReadAllTextAsync(file));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(file)!));
    }

    private static TicketKeyRing Load(string file) => TicketKeyRing.Load(File.ReadAllBytes(file));

    private static string Minute(DateTimeOffset? time) => time!.Value.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);

    private string RingOf(DateTimeOffset time)
    {
        var file = _directory.File("ring.json");
        using var ring = TicketKeyRing.Create(time);
        using var stream = File.Create(file);
        ring.Save(stream);
        return file;
    }
}
