namespace Kippu.Cli.Tests.Commands;

public sealed class KeysRevokeTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();
    private readonly TicketKeyRing _ring;
    private readonly string _file;

    public KeysRevokeTests()
    {
        _ring = TicketKeyRing.Create(_now - TimeSpan.FromHours(1));
        _file = _directory.File("fleet.ring");
        using var stream = File.Create(_file);
        _ring.Save(stream);
    }

    public void Dispose()
    {
        _ring.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_key_is_revoked_in_a_new_epoch_and_replaced_at_once()
    {
        var id = _ring.Keys[0].Id;

        var run = await Run.Kippu("keys", "revoke", _file, id.ToString());

        Assert.Equal(0, run.ExitCode);
        Assert.Contains($"{id} is revoked", run.Output, StringComparison.Ordinal);
        using var after = Load();
        Assert.True(after.Epoch > _ring.Epoch);
        Assert.True(after.Find(id)!.Revoked);
        Assert.Equal(_ring.Keys[1].Id, after.SealingKey(_now + TimeSpan.FromSeconds(30))!.Id);
        Assert.DoesNotContain($"\"secret\": \"{Secrets(_ring)[0]}\"", await File.ReadAllTextAsync(_file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_keys_are_revoked_and_a_new_one_seals()
    {
        var run = await Run.Kippu("keys", "revoke", _file, "--all");

        Assert.Equal(0, run.ExitCode);
        using var after = Load();
        Assert.All(_ring.Keys, key => Assert.True(after.Find(key.Id)!.Revoked));
        Assert.NotNull(after.SealingKey(TimeProvider.System.GetUtcNow()));
        Assert.All(Secrets(after), secret => Assert.DoesNotContain(secret, run.Output + run.Error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_dry_run_says_what_would_change_and_changes_nothing()
    {
        var before = await File.ReadAllTextAsync(_file);

        var run = await Run.Kippu("keys", "revoke", _file, "--all", "--dry-run");

        Assert.Equal(0, run.ExitCode);
        Assert.All(_ring.Keys, key => Assert.Contains($"{key.Id} is revoked", run.Output, StringComparison.Ordinal));
        Assert.Equal(before, await File.ReadAllTextAsync(_file));
    }

    [Fact]
    public async Task What_is_revoked_already_stays_as_it_is()
    {
        await Run.Kippu("keys", "revoke", _file, _ring.Keys[0].Id.ToString());
        var before = await File.ReadAllTextAsync(_file);

        var run = await Run.Kippu("keys", "revoke", _file, _ring.Keys[0].Id.ToString());

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("revoked already", run.Output, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllTextAsync(_file));
    }

    [Fact]
    public async Task A_key_that_is_not_there_is_a_matter_of_usage()
    {
        var run = await Run.Kippu("keys", "revoke", _file, "0000000000000000");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("has no key", run.Error, StringComparison.Ordinal);
    }

    private static string[] Secrets(TicketKeyRing ring)
    {
        using var stream = new MemoryStream();
        ring.Save(stream);
        using var json = System.Text.Json.JsonDocument.Parse(stream.ToArray());
        return [.. json.RootElement.GetProperty("keys").EnumerateArray().Where(key => key.TryGetProperty("secret", out _)).Select(key => key.GetProperty("secret").GetString()!)];
    }

    private TicketKeyRing Load() => TicketKeyRing.Load(File.ReadAllBytes(_file));
}
