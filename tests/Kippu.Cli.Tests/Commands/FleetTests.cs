using System.Diagnostics;
using System.Text.Json;

namespace Kippu.Cli.Tests.Commands;

/// <summary><c>kippu fleet</c> with real processes. Each run takes its seconds: that is what it measures.</summary>
public sealed class FleetTests
{
    [Fact]
    public async Task A_ticket_of_any_node_is_resumed_on_any_other_through_rotations_and_a_killed_node()
    {
        var run = await Run.Kippu("fleet", "--nodes", "3", "--for", "10s", "--kill", "B@3", "--json");

        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        using var json = JsonDocument.Parse(run.Output);
        var report = json.RootElement;
        Assert.Equal(100, report.GetProperty("percentOnOtherNodes").GetDouble());
        Assert.InRange(report.GetProperty("rotations").GetInt32(), 1, 10);
        var pairs = report.GetProperty("pairs").EnumerateArray().ToArray();
        Assert.All(["1.2", "1.3"], version => Assert.Equal(
            ["AB", "AC", "BA", "BC", "CA", "CB"],
            pairs.Where(pair => Text(pair, "version") == version && Text(pair, "issuer") != Text(pair, "acceptor")).Select(pair => Text(pair, "issuer") + Text(pair, "acceptor"))));
        Assert.All(pairs, pair => Assert.Equal(pair.GetProperty("attempts").GetInt32(), pair.GetProperty("resumed").GetInt32() + pair.GetProperty("failed").GetInt32()));
        Assert.All(report.GetProperty("failures").EnumerateArray(), failure => Assert.True(failure.GetProperty("onKilledNode").GetBoolean() && Text(failure, "node") == "B"));
        Assert.Equal(["node B: killed (SIGKILL)", "node B: serves again"], report.GetProperty("events").EnumerateArray().Select(happening => Text(happening, "event")).Where(text => text.StartsWith("node", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task With_rings_of_their_own_nodes_resume_their_own_tickets_and_no_others()
    {
        var run = await Run.Kippu("fleet", "--nodes", "2", "--for", "5s", "--private-rings", "--json");

        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        using var json = JsonDocument.Parse(run.Output);
        Assert.InRange(json.RootElement.GetProperty("percentOnOtherNodes").GetDouble(), 0, 4.99);
        Assert.InRange(json.RootElement.GetProperty("attemptsOnOtherNodes").GetInt32(), 10, int.MaxValue);
        Assert.All(
            json.RootElement.GetProperty("pairs").EnumerateArray(),
            pair => Assert.Equal(Text(pair, "issuer") == Text(pair, "acceptor") ? pair.GetProperty("attempts").GetInt32() : 0, pair.GetProperty("resumed").GetInt32()));
    }

    [Fact]
    public async Task A_node_that_does_not_see_the_ring_for_too_long_is_found_and_the_reason_is_told()
    {
        var run = await Run.Kippu("fleet", "--nodes", "2", "--for", "12s", "--cut", "B@0.5+11");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("node B: cut off from the ring", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"finding: \d+ tickets? (was|were) refused on other nodes: UnknownKey \d+", run.Output);
        Assert.DoesNotContain('\e', run.Output);
    }

    [Fact]
    public async Task Nodes_that_are_paused_restarted_and_out_of_sight_of_the_ring_for_a_moment_cost_nothing()
    {
        var run = await Run.Kippu("fleet", "--nodes", "3", "--for", "8s", "--pause", "A@1+1", "--restart", "B@3", "--cut", "C@2");

        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        Assert.All(["node A: paused", "node A: goes on", "node B: is being restarted", "node B: serves again", "node C: cut off", "node C: sees the ring again"], text => Assert.Contains(text, run.Output, StringComparison.Ordinal));
        Assert.Contains("(100 %)", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("failed:", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nodes_end_with_the_command_even_if_that_is_killed()
    {
        using var directory = new TemporaryDirectory();
        var start = new ProcessStartInfo("dotnet", [typeof(CommandLine).Assembly.Location, "fleet", "--nodes", "2", "--for", "60s"]) { RedirectStandardOutput = true };

        // What a command that was killed could not remove is removed with the test.
        start.Environment["TMPDIR"] = Path.GetDirectoryName(directory.File("x"));
        using var command = Process.Start(start)!;
        Process[] nodes = [];
        try
        {
            Assert.Contains("2 nodes", await command.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
            nodes = ChildrenOf(command.Id);
            Assert.Equal(2, nodes.Length);
        }
        finally
        {
            command.Kill();
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        foreach (var node in nodes)
        {
            await node.WaitForExitAsync(patience.Token);
            node.Dispose();
        }
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    /// <summary>By /proc: these tests run where a signal can be sent.</summary>
    private static Process[] ChildrenOf(int parent) =>
    [
        .. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out var id) && ParentOf(id) == parent).Select(name => Process.GetProcessById(int.Parse(name!))),
    ];

    private static int? ParentOf(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1]);
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return null;
        }
    }
}
