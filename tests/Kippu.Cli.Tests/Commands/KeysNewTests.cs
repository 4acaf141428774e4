namespace Kippu.Cli.Tests.Commands;

public sealed class KeysNewTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task It_writes_a_ring_that_only_its_owner_can_read()
    {
        var file = _directory.File("ring.json");

        var run = await Run.Kippu("keys", "new", file);

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

        var run = await Run.Kippu("keys", "new", file);
        await using var server = await RunningServer.StartAsync("--ring", file);
        var served = await server.StopAsync();

        using var ring = TicketKeyRing.Load(await File.ReadAllBytesAsync(file));
        var until = ring.Keys[^1].RetireAt!.Value.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Contains($"The ring seals until {until}, for another ", run.Output, StringComparison.Ordinal);
        Assert.Contains($"kippu keys rotate {file}", run.Output, StringComparison.Ordinal);
        Assert.Contains($"{until}; before then: kippu keys rotate, and a restart", served.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_says_nothing_secret()
    {
        var file = _directory.File("ring.json");

        var run = await Run.Kippu("keys", "new", file);

        using var json = System.Text.Json.JsonDocument.Parse(await File.ReadAllTextAsync(file));
        var secrets = json.RootElement.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("secret").GetString()!).ToArray();
        Assert.NotEmpty(secrets);
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, run.Output + run.Error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_overwrites_only_by_force()
    {
        var file = _directory.File("ring.json");
        await Run.Kippu("keys", "new", file);
        var first = await File.ReadAllTextAsync(file);

        var refused = await Run.Kippu("keys", "new", file);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--force", refused.Error, StringComparison.Ordinal);
        Assert.Equal(first, await File.ReadAllTextAsync(file));

        Assert.Equal(0, (await Run.Kippu("keys", "new", file, "--force")).ExitCode);
        Assert.NotEqual(first, await File.ReadAllTextAsync(file));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(file)!));
    }

    [Fact]
    public async Task A_directory_that_is_not_there_is_a_matter_of_usage() =>
        Assert.Equal(2, (await Run.Kippu("keys", "new", _directory.File("nowhere/ring.json"))).ExitCode);

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
}
