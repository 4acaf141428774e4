using Kippu.InteropTests.Capture;
using Kippu.InteropTests.Machinery;
using Kippu.InteropTests.Ours;
using Kippu.InteropTests.Peers;

namespace Kippu.InteropTests.Matrix;

/// <summary>A pattern with our client and a foreign server.</summary>
internal static class ClientRole
{
    public static async Task<Cell> ObserveAsync(ServerPeer peer, Pattern pattern, CancellationToken cancellationToken)
    {
        if (await peer.LacksAsync(pattern, cancellationToken) is { } absence)
        {
            return absence.ToCell();
        }

        var plan = PlanFor(pattern, peer);
        using var folder = new TempFolder();
        using var secondFolder = new TempFolder();
        using var capture = new PcapFile(folder["wire.pcap"]);
        await using var first = await peer.StartAsync(plan.First, folder, cancellationToken);
        await using var second = plan.Second is null ? null : await peer.StartAsync(plan.Second, secondFolder, cancellationToken);
        await using var relay = new RecordingRelay(capture, number => number == 0 || second is null ? first.Port : second.Port);

        var store = new ClientSessionStore();
        List<PeerWords> words = [];
        List<TlsConnectionInfo> infos = [];
        for (var number = 0; number < pattern.Connections; number++)
        {
            var client = KippuClients.Make(options =>
            {
                options.SessionStore = store;
                options.UseTickets = number >= plan.ConnectionsWithoutTickets;
            });
            var visit = await KippuVisit.GetAsync(client, relay.Port, cancellationToken);
            words.Add(await (number == 0 || second is null ? first : second).WordsAsync(visit.Response, cancellationToken));
            infos.Add(visit.Info);
        }

        await relay.DrainAsync(cancellationToken);
        var seen = await Tshark.HandshakesAsync(capture.Path, cancellationToken);
        Agreement.Check(pattern, words, seen, infos);
        return new Cell(words[^1].All, seen[^1].Messages, IsAbsent: false);
    }

    private static Plan PlanFor(Pattern pattern, ServerPeer peer)
    {
        var usual = new ServerTask();
        return pattern.Number switch
        {
            "1" or "2b" => new Plan(usual),
            "2" => new Plan(usual, usual with { TicketKeys = ["second", ServerTask.UsualTicketKey] }),
            "3" => new Plan(usual, usual with { Tickets = false }),
            "4" => new Plan(usual, usual with { TicketKeys = ["second"] }),
            "5" => new Plan(usual, ConnectionsWithoutTickets: 2),
            "5b" => new Plan(usual, ConnectionsWithoutTickets: 1),
            _ => throw new ArgumentException($"{peer} cannot be made to follow pattern {pattern}", nameof(pattern)),
        };
    }

    /// <param name="First">The server of the first connection.</param>
    /// <param name="Second">The server of the second one; null: the first.</param>
    /// <param name="ConnectionsWithoutTickets">How many of our hellos do without the SessionTicket extension.</param>
    private sealed record Plan(ServerTask First, ServerTask? Second = null, int ConnectionsWithoutTickets = 0);
}
