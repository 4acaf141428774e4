namespace Kippu.Cli.Tests.Commands;

public sealed class KeysListTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task It_shows_ids_states_and_times_and_no_secret()
    {
        using var made = TicketKeyRing.Create(_now - TimeSpan.FromHours(1));
        using var ring = made.Publish(_now);
        var file = Save(ring);

        var run = await Run.Kippu("keys", "list", file);

        Assert.Equal(0, run.ExitCode);
        Assert.All(ring.Keys, key => Assert.Contains(key.Id.ToString(), run.Output, StringComparison.Ordinal));
        Assert.Contains("active, seals", run.Output, StringComparison.Ordinal);
        Assert.Contains("published", run.Output, StringComparison.Ordinal);
        Assert.Contains($"epoch {ring.Epoch}, version 2", run.Output, StringComparison.Ordinal);
        Assert.Contains("The ring seals until", run.Output, StringComparison.Ordinal);
        Assert.Contains($"kippu keys rotate {file}", run.Output, StringComparison.Ordinal);
        using var json = System.Text.Json.JsonDocument.Parse(await File.ReadAllTextAsync(file));
        Assert.All(
            json.RootElement.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("secret").GetString()!),
            secret => Assert.DoesNotContain(secret, run.Output + run.Error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Times_are_whole_on_a_narrow_terminal_too()
    {
        using var ring = TicketKeyRing.Create(_now);

        var run = await Run.KippuAt(80, "keys", "list", Save(ring));

        Assert.All(run.Output.Split('\n'), line => Assert.InRange(line.TrimEnd().Length, 0, 80));
        Assert.Contains("\n      opens until\n", run.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.All(ring.Keys, key => Assert.Contains($"\n      {key.EraseAt:yyyy-MM-dd HH:mm}Z\n", run.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_ring_by_which_no_key_seals_is_a_finding()
    {
        using var ring = TicketKeyRing.Create(_now - TimeSpan.FromDays(3));

        var run = await Run.Kippu("keys", "list", Save(ring));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("has run out", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revoked_key_is_shown_as_such()
    {
        using var made = TicketKeyRing.Create(_now);
        using var ring = made.Revoke(made.Keys[0].Id, _now);

        var run = await Run.Kippu("keys", "list", Save(ring));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("revoked", run.Output, StringComparison.Ordinal);
        Assert.Contains("No key seals at this moment", run.Output, StringComparison.Ordinal);
    }

    private string Save(TicketKeyRing ring)
    {
        var file = _directory.File("ring.json");
        using var stream = File.Create(file);
        ring.Save(stream);
        return file;
    }
}
