using Kippu.Cli.Output;

namespace Kippu.Cli.Tests.Commands;

/// <summary>Commands that follow a ring: <c>keys watch</c>, and <c>serve --ring</c>.</summary>
public sealed class FollowingTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryDirectory _directory = new();
    private readonly string _file;
    private readonly string _key;

    public FollowingTests()
    {
        _file = _directory.File("fleet.ring");
        _key = _directory.File("operator.key");
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Watch_tells_what_is_taken_what_is_not_and_what_becomes_of_keys()
    {
        await Run.Kippu("keys", "new", _file, "--operator-key", _key);
        using var stop = new CancellationTokenSource();
        using var output = new WaitingWriter();
        using var error = new StringWriter();
        var watching = CommandLine.RunAsync(["keys", "watch", _file, "--operator-key", _key], new Screen(output, error), stop.Token);
        await output.WaitForAsync(": seals").WaitAsync(s_patience);

        var good = await File.ReadAllBytesAsync(_file);
        await File.WriteAllBytesAsync(_file, good.AsMemory(0, 100));
        await output.WaitForAsync("not taken (Malformed)").WaitAsync(s_patience);
        await File.WriteAllBytesAsync(_file, good);
        await Run.Kippu("keys", "revoke", _file, "--all", "--operator-key", _key);
        await output.WaitForAsync(": revoked").WaitAsync(s_patience);
        await stop.CancelAsync();

        Assert.Equal(0, await watching);
        Assert.Contains("is in force: 4 keys", output.ToString(), StringComparison.Ordinal);
        Assert.Empty(error.ToString());
    }

    [Theory]
    [InlineData("1.2", "2b", "4")]
    [InlineData("1.3", "psk", "psk-refused")]
    public async Task A_server_follows_its_ring_while_it_runs(string version, string resumed, string refused)
    {
        await Run.Kippu("keys", "new", _file, "--operator-key", _key);
        var (ca, sessions) = (_directory.File("ca.pem"), _directory.File("sessions.json"));
        await using var server = await RunningServer.StartAsync("--ring", _file, "--operator-key", _key, "--save-ca", ca, "--tls", version, "--no-session-ids");
        string[] connect = ["connect", server.Target, "--ca", ca, "--tls", version, "--json"];

        var before = await Run.Kippu([.. connect, "--reconnect", "1", "--session-out", sessions]);
        await Run.Kippu("keys", "revoke", _file, "--all", "--operator-key", _key);
        await server.WaitForNoteAsync("is in force").WaitAsync(s_patience);
        var after = await Run.Kippu([.. connect, "--session-in", sessions]);

        Assert.Contains($"\"pattern\": \"{resumed}\"", before.Output, StringComparison.Ordinal);
        Assert.Contains($"\"pattern\": \"{refused}\"", after.Output, StringComparison.Ordinal);
        var served = await server.StopAsync();
        Assert.Contains("RevokedKey", served.Output, StringComparison.Ordinal);
    }
}
