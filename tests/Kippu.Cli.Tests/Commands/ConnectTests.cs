using System.Text.Json;

namespace Kippu.Cli.Tests.Commands;

/// <summary>What <c>kippu connect</c> says, writes and keeps when things do not go as its user thought.</summary>
public sealed class ConnectTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("--sni", "elsewhere.example")] // the certificate is for another name
    [InlineData("--alpn", "h2")]
    public async Task A_connection_that_fails_leaves_the_sessions_of_the_file_alone(string option, string value)
    {
        var (ca, sessions) = (_directory.File("ca.pem"), _directory.File("sessions"));
        await using var server = await RunningServer.StartAsync("--save-ca", ca);
        await Run.Kippu("connect", server.Target, "--ca", ca, "--session-out", sessions);
        var before = await File.ReadAllBytesAsync(sessions, TestContext.Current.CancellationToken);

        var run = await Run.Kippu("connect", server.Target, "--ca", ca, option, value, "--session-in", sessions, "--session-out", sessions);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(before, await File.ReadAllBytesAsync(sessions, TestContext.Current.CancellationToken));
        Assert.Contains("nothing was written, because no handshake was completed", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.2")]
    [InlineData("1.3")]
    public async Task A_client_certificate_that_was_not_sent_is_not_passed_over(string version)
    {
        var (_, wanted) = TestCertificate.Create(_directory, "wanted", isClient: true);
        var (options, other) = TestCertificate.Create(_directory, "other", isClient: true);
        await using var server = await RunningServer.StartAsync("--client-cert", "required", "--client-ca", wanted, "--tls", version);
        await using var lenient = await RunningServer.StartAsync("--client-cert", "optional", "--client-ca", wanted, "--tls", version);
        await using var uninterested = await RunningServer.StartAsync("--tls", version);

        var refused = await Run.Kippu(["connect", server.Target, "--insecure", .. options]);
        var without = await Run.Kippu("connect", server.Target, "--insecure");
        var passed = await Run.Kippu(["connect", lenient.Target, "--insecure", .. options]);
        var unasked = await Run.Kippu(["connect", uninterested.Target, "--insecure", .. options]);

        Assert.Equal((1, 1, 0, 0), (refused.ExitCode, without.ExitCode, passed.ExitCode, unasked.ExitCode));
        Assert.All([refused, passed], run => Assert.Contains($"--cert {other} was not sent: the server takes certificates of CN=wanted only", run.Output, StringComparison.Ordinal));
        Assert.Contains("the server asks for a client certificate of CN=wanted: give one by --cert FILE", without.Output, StringComparison.Ordinal);
        Assert.Contains($"--cert {other} was not sent: the server did not ask for a certificate", unasked.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_nodes_of_one_service_are_met_in_turn_and_resume_each_others_sessions()
    {
        var ring = _directory.File("ring.json");
        await Run.Kippu("keys", "new", ring, "--plain");
        await using var a = await RunningServer.StartAsync("--ring", ring);
        await using var b = await RunningServer.StartAsync("--ring", ring);
        string[] ports = [.. new[] { a, b }.Select(server => server.Target.Split(':')[1])];

        var run = await Run.Kippu("connect", "localhost", "--at", $"127.0.0.1:{ports[0]},127.0.0.1:{ports[1]}", "--insecure", "--reconnect", "3", "--json");

        Assert.Equal(0, run.ExitCode);
        using var json = JsonDocument.Parse(run.Output);
        var connections = json.RootElement.GetProperty("connections").EnumerateArray().ToArray();
        Assert.Equal(["full", "psk", "psk", "psk"], connections.Select(connection => connection.GetProperty("pattern").GetString()));
        Assert.Equal([0, 1, 0, 1], connections.Select(connection => Array.IndexOf(ports, connection.GetProperty("address").GetString()!.Split(':')[1])));
    }

    [Theory]
    [InlineData("leave --tls out", "--tls", "1.3")]
    [InlineData("--alpn offered h2, foo; the server speaks none of them", "--alpn", "h2,foo")]
    [InlineData("the usual causes", "--ciphers", "ECDHE-RSA-AES128-GCM-SHA256")]
    public async Task An_alert_comes_with_what_to_try(string advice, params string[] options)
    {
        await using var server = await RunningServer.StartAsync("--tls", "1.2");

        var run = await Run.Kippu(["connect", server.Target, "--insecure", .. options]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(advice, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_root_of_another_run_has_another_name_and_advice_is_in_the_words_of_the_command_line()
    {
        var (one, other) = (_directory.File("one.pem"), _directory.File("other.pem"));
        await using var server = await RunningServer.StartAsync("--save-ca", one);
        await (await RunningServer.StartAsync("--save-ca", other)).DisposeAsync();

        var run = await Run.Kippu("connect", server.Target, "--ca", other);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("no certificate of the issuer", run.Output, StringComparison.Ordinal);
        Assert.Contains("(--ca FILE, or the system's store)", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("CustomTrustRoots", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_fingerprint_of_a_certificate_is_whole_at_80_columns()
    {
        await using var server = await RunningServer.StartAsync();

        var run = await Run.KippuAt(80, "connect", server.Target, "--insecure", "--trace");

        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"\n +[0-9a-f]{64} *\n", run.Output);
        Assert.DoesNotContain("...", run.Output, StringComparison.Ordinal);
    }
}
