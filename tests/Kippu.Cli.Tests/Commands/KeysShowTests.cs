using System.Text.Json.Nodes;

namespace Kippu.Cli.Tests.Commands;

public sealed class KeysShowTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task The_fingerprint_is_that_of_the_ring_and_not_of_its_file()
    {
        var (plain, key, next) = (_directory.File("plain.ring"), _directory.File("operator.key"), _directory.File("next.key"));
        await Run.Kippu("keys", "new", plain, "--plain");
        var copy = _directory.File("copy.ring");
        File.Copy(plain, copy);
        Kippu.Fleet.OperatorKeyFile.Create(key);
        await Run.Kippu("keys", "rotate", copy, "--plain", "--operator-key", key);

        var one = await Run.Kippu("keys", "show", plain, "--fingerprint");
        var other = await Run.Kippu("keys", "show", copy, "--operator-key", key, "--fingerprint");
        Kippu.Fleet.OperatorKeyFile.Create(next);
        await Run.Kippu("keys", "new", plain, "--plain", "--force");
        var another = await Run.Kippu("keys", "show", plain, "--fingerprint");

        Assert.Matches("^[0-9a-f]{64}\n$", one.Output.ReplaceLineEndings("\n"));
        Assert.Equal(one.Output, other.Output);
        Assert.NotEqual(one.Output, another.Output);
        Assert.Equal(2, (await Run.Kippu("keys", "show", copy)).ExitCode);
        Assert.Contains(one.Output.Trim(), (await Run.Kippu("keys", "show", copy, "--operator-key", key)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sealed_ring_is_listed_without_its_key_and_verified_with_it()
    {
        var (file, key) = (_directory.File("fleet.ring"), _directory.File("operator.key"));
        await Run.Kippu("keys", "new", file, "--operator-key", key);

        var without = await Run.Kippu("keys", "list", file);
        var with = await Run.Kippu("keys", "list", file, "--operator-key", key);

        Assert.Equal(0, without.ExitCode);
        Assert.Contains("active, seals", without.Output, StringComparison.Ordinal);
        Assert.Contains("whether it was altered shows with --operator-key", without.Output, StringComparison.Ordinal);
        Assert.Equal(0, with.ExitCode);
        Assert.Contains("and not altered", with.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ring_that_was_altered_is_a_finding()
    {
        var (file, key) = (_directory.File("fleet.ring"), _directory.File("operator.key"));
        await Run.Kippu("keys", "new", file, "--operator-key", key);
        var text = JsonNode.Parse(await File.ReadAllTextAsync(file))!;
        text["ring"]!["keys"]![1]!["eraseAt"] = "2090-01-01T00:00:00.000Z";
        await File.WriteAllTextAsync(file, text.ToJsonString());

        var run = await Run.Kippu("keys", "list", file, "--operator-key", key);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("has been altered", run.Error, StringComparison.Ordinal);
    }
}
