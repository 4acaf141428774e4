using Kippu.Fleet;

namespace Kippu.Cli.Tests.Commands;

public sealed class KeysNewTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task It_writes_a_ring_that_only_its_owner_can_read()
    {
        var file = _directory.File("ring.json");

        var run = await Run.Kippu("keys", "new", file, "--plain");

        Assert.Equal(0, run.ExitCode);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        using var ring = TicketKeyRing.Load(await File.ReadAllBytesAsync(file));
        Assert.NotNull(ring.SealingKey(TimeProvider.System.GetUtcNow()));
        Assert.Contains(ring.Keys[0].Id.ToString(), run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_says_until_when_the_ring_seals_and_so_does_serve()
    {
        var file = _directory.File("ring.json");

        var run = await Run.Kippu("keys", "new", file, "--plain");
        await using var server = await RunningServer.StartAsync("--ring", file);
        var served = await server.StopAsync();

        using var ring = TicketKeyRing.Load(await File.ReadAllBytesAsync(file));
        var until = ring.Keys[^1].RetireAt!.Value.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Contains($"The ring seals until {until}, for another ", run.Output, StringComparison.Ordinal);
        Assert.Contains($"kippu keys rotate {file}", run.Output, StringComparison.Ordinal);
        Assert.Contains($"{until}; before then: kippu keys rotate", served.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_says_nothing_secret()
    {
        var file = _directory.File("ring.json");

        var run = await Run.Kippu("keys", "new", file, "--plain");

        using var json = System.Text.Json.JsonDocument.Parse(await File.ReadAllTextAsync(file));
        var secrets = json.RootElement.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("secret").GetString()!).ToArray();
        Assert.NotEmpty(secrets);
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, run.Output + run.Error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_overwrites_only_by_force()
    {
        var file = _directory.File("ring.json");
        await Run.Kippu("keys", "new", file, "--plain");
        var first = await File.ReadAllTextAsync(file);

        var refused = await Run.Kippu("keys", "new", file, "--plain");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--force", refused.Error, StringComparison.Ordinal);
        Assert.Equal(first, await File.ReadAllTextAsync(file));

        Assert.Equal(0, (await Run.Kippu("keys", "new", file, "--plain", "--force")).ExitCode);
        Assert.NotEqual(first, await File.ReadAllTextAsync(file));
        Assert.Equal(["ring.json", "ring.json.lock"], Directory.GetFiles(Path.GetDirectoryName(file)!).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task It_seals_the_ring_by_an_operator_key_that_it_makes_if_there_is_none()
    {
        var (file, key) = (_directory.File("ring.json"), _directory.File("operator.key"));

        var run = await Run.Kippu("keys", "new", file, "--operator-key", key);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains(OperatorKeyFile.IdOf(key), run.Output, StringComparison.Ordinal);
        Assert.Contains("which was made", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain((await File.ReadAllTextAsync(key)).Trim(), run.Output + run.Error, StringComparison.Ordinal);
        Assert.Equal(RingProblem.UnknownOperatorKey, Assert.Throws<RingUnavailableException>(() => new FileRingStore(file).Read()).Problem);
        using var ring = Open(file, key).Read();
        Assert.Contains(ring.Keys[0].Id.ToString(), run.Output, StringComparison.Ordinal);

        var again = await Run.Kippu("keys", "new", file, "--operator-key", key, "--force");
        Assert.DoesNotContain("which was made", again.Output, StringComparison.Ordinal);
        using var second = Open(file, key).Read();
        Assert.NotEqual(ring.Keys[0].Id, second.Keys[0].Id);
    }

    [Theory]
    [InlineData]
    [InlineData("--plain", "--operator-key", "operator.key")]
    [InlineData("--plain", "--interval", "1m")]
    [InlineData("--plain", "--interval", "30m", "--ticket-lifetime", "7d")]
    [InlineData("--plain", "--interval", "500d")]
    public async Task What_contradicts_itself_makes_nothing(params string[] options)
    {
        var file = _directory.File("ring.json");

        var run = await Run.Kippu(["keys", "new", file, .. options]);

        Assert.Equal(2, run.ExitCode);
        Assert.NotEmpty(run.Error);
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(file)!));
    }

    [Fact]
    public async Task A_dry_run_makes_nothing()
    {
        var file = _directory.File("ring.json");

        Assert.Equal(0, (await Run.Kippu("keys", "new", file, "--operator-key", _directory.File("operator.key"), "--dry-run")).ExitCode);
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(file)!));
    }

    [Fact]
    public async Task Its_schedule_is_the_rings()
    {
        var file = _directory.File("ring.json");

        await Run.Kippu("keys", "new", file, "--plain", "--interval", "5s", "--propagation", "0.5s", "--skew", "0.1s", "--ticket-lifetime", "20s");

        using var ring = TicketKeyRing.Load(await File.ReadAllBytesAsync(file));
        Assert.Equal(TimeSpan.FromSeconds(20), ring.MaxTicketLifetime);
        Assert.Equal(TimeSpan.FromSeconds(5), ring.Keys[1].ActivateAt - ring.Keys[0].ActivateAt);
    }

    [Fact]
    public async Task A_directory_that_is_not_there_is_a_matter_of_usage() =>
        Assert.Equal(2, (await Run.Kippu("keys", "new", _directory.File("nowhere/ring.json"), "--plain")).ExitCode);

    [Fact]
    public async Task Serve_names_this_command_when_the_ring_is_missing()
    {
        var file = _directory.File("ring.json");

        var run = await Run.Kippu("serve", "--ring", file);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"kippu keys new {file}", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_takes_nothing_for_a_ring_that_is_none()
    {
        var file = _directory.File("ring.json");
        await File.WriteAllTextAsync(file, "{}");

        var run = await Run.Kippu("serve", "--ring", file);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("is no ring", run.Error, StringComparison.Ordinal);
    }

    private static FileRingStore Open(string file, string key)
    {
        var options = new FileRingOptions();
        options.OperatorKeyFiles.Add(key);
        return new FileRingStore(file, options);
    }
}
