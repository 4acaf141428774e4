namespace Kippu.Cli.Tests.Commands;

/// <summary>What <c>kippu serve</c> says of itself and of its connections.</summary>
public sealed class ServeTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Both_ends_count_the_same_tickets()
    {
        await using var server = await RunningServer.StartAsync("--json");

        var run = await Run.Kippu("connect", server.Target, "--insecure", "--tls", "1.3");
        var served = await server.StopAsync();

        Assert.Matches("new tickets +2, for 12 h", run.Output);
        Assert.Contains("\"newTickets\":2,", served.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_life_of_a_ticket_is_told_as_the_ring_lets_it_be()
    {
        var ring = _directory.File("ring.json");
        await Run.Kippu("keys", "new", ring, "--plain");
        await using var limited = await RunningServer.StartAsync("--ring", ring, "--ticket-lifetime", "7d");
        await using var free = await RunningServer.StartAsync("--ticket-lifetime", "5d");

        var atLimited = await Run.Kippu("connect", limited.Target, "--insecure");
        var atFree = await Run.Kippu("connect", free.Target, "--insecure");
        var saidByLimited = await limited.StopAsync();
        var saidByFree = await free.StopAsync();

        Assert.Matches("tickets +for 1 d \\(the ring's limit\\)", saidByLimited.Output);
        Assert.Contains("--ticket-lifetime 7 d: the tickets of this ring live for 1 d at most", saidByLimited.Error, StringComparison.Ordinal);
        Assert.Contains(", for 1 d", atLimited.Output, StringComparison.Ordinal);
        Assert.Matches("tickets +for 5 d, renewed", saidByFree.Output);
        Assert.Contains(", for 5 d", atFree.Output, StringComparison.Ordinal);
        Assert.Empty(saidByFree.Error);
    }

    [Fact]
    public async Task A_ring_that_has_run_out_is_said_to_be_past()
    {
        var file = _directory.File("ring.json");
        using (var ring = TicketKeyRing.Create(TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(3)))
        {
            await using var stream = File.Create(file);
            ring.Save(stream);
        }

        await using var server = await RunningServer.StartAsync("--ring", file);
        var served = await server.StopAsync();

        Assert.Matches("seals until +[-0-9]+ [0-9]+:[0-9]+Z \\(past\\); a new key: kippu keys rotate", served.Output);
        Assert.Matches("tickets +none: the ring has run out", served.Output);
    }

    [Fact]
    public async Task What_it_promises_is_not_cut()
    {
        var (ring, ca) = (_directory.File("ring.json"), _directory.File("ca.pem"));
        await Run.Kippu("keys", "new", ring, "--plain");
        await using var server = await RunningServer.StartAsync("--ring", ring, "--early-data", "4096", "--replay-scope", "per-node", "--save-ca", ca);

        var served = await server.StopAsync();

        Assert.Contains("each first flight once, and once on every other node", served.Output, StringComparison.Ordinal);
        Assert.Contains($"its authority is in {ca}", served.Output, StringComparison.Ordinal);
    }
}
