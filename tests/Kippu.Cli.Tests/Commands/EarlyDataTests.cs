using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;

namespace Kippu.Cli.Tests.Commands;

/// <summary>0-RTT between <c>kippu connect</c> and <c>kippu serve</c>: one and the same first flight, once and again.</summary>
public sealed class EarlyDataTests : IDisposable
{
    private const string Request = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    private readonly TemporaryDirectory _directory = new();
    private readonly string _request;

    public EarlyDataTests()
    {
        _request = _directory.File("request");
        File.WriteAllText(_request, Request);
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task It_goes_with_the_first_flight_as_soon_as_there_is_a_session()
    {
        await using var server = await RunningServer.StartAMinuteAgoAsync("--early-data", "1000", "--json");

        var run = await Run.Kippu("connect", server.Target, "--insecure", "--early-data", _request, "--reconnect", "2", "--json");
        var served = await server.StopAsync();

        Assert.Equal(0, run.ExitCode);
        using var json = JsonDocument.Parse(run.Output);
        var connections = json.RootElement.GetProperty("connections").EnumerateArray().ToArray();
        Assert.Equal(["full", "0rtt-accepted", "0rtt-accepted"], connections.Select(connection => connection.GetProperty("pattern").GetString()));
        Assert.Equal(["notOffered", "accepted", "accepted"], connections.Select(connection => connection.GetProperty("negotiated").GetProperty("earlyData").GetString()));
        Assert.All(connections, connection => Assert.Equal("HTTP/1.1 200 OK", connection.GetProperty("answer").GetString()));
        var lines = served.Output.Split('\n').Where(line => line.StartsWith('{')).ToArray();
        Assert.Equal([false, true, true], lines.Select(line => line.Contains($"\"earlyData\":\"accepted\",\"earlyDataBytes\":{Request.Length}", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_is_refused_is_sent_again_and_that_is_a_finding()
    {
        await using var server = await RunningServer.StartAsync("--early-data", "1000"); // whose guard watches for twenty seconds first

        var run = await Run.Kippu("connect", server.Target, "--insecure", "--early-data", _request, "--reconnect", "1", "--json");
        var served = await server.StopAsync();

        Assert.Equal(1, run.ExitCode);
        using var json = JsonDocument.Parse(run.Output);
        var second = json.RootElement.GetProperty("connections")[1];
        Assert.Equal("0rtt-refused", second.GetProperty("pattern").GetString());
        Assert.True(second.GetProperty("negotiated").GetProperty("resumed").GetBoolean());
        Assert.Equal("HTTP/1.1 200 OK", second.GetProperty("answer").GetString());
        Assert.Contains("refused it, and it was sent again", json.RootElement.GetProperty("findings")[0].GetString(), StringComparison.Ordinal);
        Assert.Contains("early data: refused", served.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_whose_tickets_allow_none_gets_it_after_the_handshake()
    {
        await using var server = await RunningServer.StartAsync();

        var run = await Run.Kippu("connect", server.Target, "--insecure", "--early-data", _request, "--reconnect", "1");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("the server's tickets allow none", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shared_ring_demands_that_per_node_is_said()
    {
        var run = await Run.Kippu("serve", "--early-data", "1000", "--ring", await NewRingAsync());

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--replay-scope per-node", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_replayed_flight_is_refused_by_the_same_node_and_accepted_once_by_another()
    {
        var (certificate, ca) = TestCertificate.Create(_directory, "localhost");
        string[] options = [.. certificate, "--ring", await NewRingAsync(), "--early-data", "1000", "--replay-scope", "per-node"];
        await using var one = await RunningServer.StartAMinuteAgoAsync(options);
        await using var other = await RunningServer.StartAMinuteAgoAsync(options);

        var flight = await RecordAsync(one, "--ca", ca);
        await ReplayAsync(one, flight);
        await ReplayAsync(other, flight);
        await ReplayAsync(other, flight);

        string[] atOne = [.. Lines(await one.StopAsync())];
        string[] atOther = [.. Lines(await other.StopAsync())];
        Assert.EndsWith($"early data: accepted, {Request.Length} bytes", atOne[1], StringComparison.Ordinal);
        Assert.Contains("failed: Truncated", atOne[2], StringComparison.Ordinal);
        Assert.EndsWith("early data: refused", atOne[2], StringComparison.Ordinal);
        Assert.EndsWith($"early data: accepted, {Request.Length} bytes", atOther[0], StringComparison.Ordinal);
        Assert.EndsWith("early data: refused", atOther[1], StringComparison.Ordinal);
    }

    private static IEnumerable<string> Lines(Run served) => served.Output.Split('\n').Select(line => line.TrimEnd()).Where(line => line.StartsWith('#'));

    private async Task<string> NewRingAsync()
    {
        var ring = _directory.File("ring.json");
        await Run.Kippu("keys", "new", ring, "--plain");
        return ring;
    }

    /// <summary>A full handshake and one with early data, and somebody on the way who listens.</summary>
    private async Task<byte[]> RecordAsync(RunningServer server, params string[] arguments)
    {
        await using var relay = new ListeningRelay(PortOf(server));
        var run = await Run.Kippu(["connect", relay.Target, "--reconnect", "1", "--early-data", _request, "--json", .. arguments]);
        Assert.True(run.ExitCode == 0, run.Output);
        return relay.FirstFlights[1];
    }

    private static int PortOf(RunningServer server) => int.Parse(server.Target.Split(':')[1], CultureInfo.InvariantCulture);

    private static async Task ReplayAsync(RunningServer server, byte[] flight)
    {
        using var client = new TcpClient("127.0.0.1", PortOf(server));
        var stream = client.GetStream();
        await stream.WriteAsync(flight, TestContext.Current.CancellationToken);
        client.Client.Shutdown(SocketShutdown.Send);
        await stream.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken);
    }
}
