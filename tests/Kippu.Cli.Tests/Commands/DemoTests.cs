using System.Text.Json;
using System.Text.RegularExpressions;

namespace Kippu.Cli.Tests.Commands;

public sealed partial class DemoTests : IDisposable
{
    private static readonly string[] s_patterns12 = ["1", "2", "2b", "3", "4", "-", "5", "5b", "zero"];
    private static readonly string[] s_patterns13 = ["full", "psk", "hrr-psk", "psk-refused", "0rtt-accepted", "flight-refused", "flight-accepted"];
    private static readonly string[] s_patterns = [.. s_patterns12, .. s_patterns13];

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Every_pattern_is_reached_inferred_and_agreed_upon()
    {
        var run = await Run.Kippu("demo", "--json");

        Assert.Equal(0, run.ExitCode);
        using var json = JsonDocument.Parse(run.Output);
        var handshakes = json.RootElement.GetProperty("handshakes").EnumerateArray().ToArray();
        Assert.Equal(s_patterns, handshakes.Select(handshake => handshake.GetProperty("pattern").GetString()));
        Assert.Equal(s_patterns, handshakes.Select(handshake => handshake.GetProperty("intended").GetString()));
        Assert.All(handshakes, handshake => Assert.Equal(0, handshake.GetProperty("disagreements").GetArrayLength()));
        Assert.All(
            handshakes.Take(s_patterns12.Length),
            handshake => Assert.Equal(handshake.GetProperty("client").GetProperty("resumed").GetBoolean() ? 1 : 2, handshake.GetProperty("roundTrips").GetInt32()));
        Assert.All(
            handshakes.Skip(s_patterns12.Length),
            handshake => Assert.Equal(handshake.GetProperty("pattern").GetString() == "hrr-psk" ? 2 : 1, handshake.GetProperty("roundTrips").GetInt32()));
        Assert.True(json.RootElement.GetProperty("allAsIntended").GetBoolean());
    }

    [Fact]
    public async Task A_renewed_ticket_is_a_fresh_envelope_of_the_same_session()
    {
        var run = await Run.Kippu("demo", "--json");

        using var json = JsonDocument.Parse(run.Output);
        var rows = json.RootElement.GetProperty("renewedTicket").GetProperty("rows").EnumerateArray()
            .ToDictionary(row => row.GetProperty("field").GetString()!, row => row.GetProperty("isSame").GetBoolean());
        string[] kept = ["master secret", "cipher suite", "server name", "ALPN", "client certificate", "original handshake"];
        string[] fresh = ["issued", "ring key", "IV"];
        Assert.All(kept, field => Assert.True(rows[field], field));
        Assert.All(fresh, field => Assert.False(rows[field], field));
    }

    [Fact]
    public async Task It_draws_a_ladder_for_each_and_a_table_without_escape_sequences_in_a_pipe()
    {
        var run = await Run.Kippu("demo", "--trace");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(s_patterns.Length, Count(run.Output, "  on the wire  "));
        Assert.Equal(s_patterns.Length - 2, Count(run.Output, "<------->")); // two replays, after which nothing comes
        Assert.Contains("(zero-length ticket)", run.Output, StringComparison.Ordinal);
        Assert.Contains("RevokedKey", run.Output, StringComparison.Ordinal);
        Assert.Contains("NewSessionTicket of pattern 2", run.Output, StringComparison.Ordinal);
        Assert.Contains("extension_type  0x0023", Spaces().Replace(run.Output, "  "), StringComparison.Ordinal);
        Assert.DoesNotContain('\e', run.Output);
        Assert.DoesNotContain("...", run.Output, StringComparison.Ordinal); // nothing is cut
    }

    [Fact]
    public async Task A_terminal_of_80_columns_shows_it_whole()
    {
        var run = await Run.KippuAt(80, "demo");

        Assert.Equal(0, run.ExitCode);
        var lines = run.Output.Split('\n').Select(line => line.TrimEnd()).ToArray();
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 80));
        var header = Array.FindIndex(lines, line => line.TrimStart().StartsWith("pattern ", StringComparison.Ordinal) && line.EndsWith("  ms", StringComparison.Ordinal));
        Assert.All(lines[(header + 1)..(header + 1 + s_patterns.Length)], line => Assert.Matches(@" [AB]( -> [AB])? +\d +\d+ +\d+\.\d\d$", line)); // one row a line
        Assert.Matches(@"^  issued +\d{4}-.*Z +new +\d{4}-.*Z$", lines.Single(line => line.StartsWith("  issued ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_relay_that_is_not_there_is_named()
    {
        var run = await Run.Kippu("demo", "--via", "1,2");

        Assert.Equal(3, run.ExitCode);
        Assert.StartsWith("kippu: --via: no relay to node A on 127.0.0.1:1: ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(" at Kippu", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_TLS_1_3_encrypts_is_named_in_the_notation_of_RFC_8446()
    {
        var run = await Run.Kippu("demo", "--trace");

        Assert.All(
            [
                "{EncryptedExtensions}", "{Certificate}", "{CertificateVerify}", "{Finished}", "[NewSessionTicket]", "(Application Data)", "(EndOfEarlyData)",
                "HelloRetryRequest", "+ early_data", "+ key_share: asks for secp384r1", "+ pre_shared_key: takes identity 0", ", binder ", "[Application Data]",
                "obfuscated_ticket_age", "ticket_age_add", "max_early_data_size", "in the clear pre_shared_key in both hellos",
                "decrypted    no certificate; early_data in EncryptedExtensions: accepted; 1 ticket after the handshake",
            ],
            text => Assert.Contains(text, run.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_replay_gives_a_node_early_data_that_it_has_not_seen_and_no_other()
    {
        var run = await Run.Kippu("demo", "--json");

        using var json = JsonDocument.Parse(run.Output);
        var early = json.RootElement.GetProperty("handshakes").EnumerateArray().Where(handshake => handshake.TryGetProperty("earlyDataBytes", out _))
            .Select(handshake => (Node: handshake.GetProperty("node").GetString(), Bytes: handshake.GetProperty("earlyDataBytes").GetInt32(), IsReplay: handshake.TryGetProperty("replayedBytes", out _)));
        Assert.Equal([("A", 21, false), ("A", 0, true), ("B", 21, true)], early);
    }

    [Fact]
    public async Task It_tells_its_ports_first_and_logs_a_key_for_each_handshake()
    {
        var keyLog = _directory.File("keys.log");

        var run = await Run.Kippu("demo", "--keylog", keyLog);

        var lines = run.Output.Split('\n');
        Assert.Matches(@"^node A listening on 127\.0\.0\.1:\d+$", lines[0].TrimEnd());
        Assert.Matches(@"^node B listening on 127\.0\.0\.1:\d+$", lines[1].TrimEnd());
        var keys = await File.ReadAllLinesAsync(keyLog);
        Assert.Equal(s_patterns12.Length, keys.Count(key => key.StartsWith("CLIENT_RANDOM ", StringComparison.Ordinal)));
        Assert.Equal(s_patterns13.Length - 2, keys.Count(key => key.StartsWith("CLIENT_HANDSHAKE_TRAFFIC_SECRET ", StringComparison.Ordinal)));
        Assert.Single(keys, key => key.StartsWith("CLIENT_EARLY_TRAFFIC_SECRET ", StringComparison.Ordinal));
        Assert.All(keys, key => Assert.Matches("^[A-Z_0-9]+ [0-9a-f]{64} [0-9a-f]{64,96}$", key));
        Assert.All(keys, key => Assert.DoesNotContain(key.Split(' ')[2], run.Output, StringComparison.OrdinalIgnoreCase));
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    [GeneratedRegex(" {2,}")]
    private static partial Regex Spaces();
}
