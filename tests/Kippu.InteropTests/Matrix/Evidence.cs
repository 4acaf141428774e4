using Kippu.InteropTests.Capture;
using Kippu.InteropTests.Machinery;
using Kippu.InteropTests.Ours;
using Kippu.InteropTests.Peers;

namespace Kippu.InteropTests.Matrix;

/// <summary>Quotations that show what a peer cannot do: from its output, its manual, or tshark's view of its hello.</summary>
internal static class Evidence
{
    /// <summary>A first connection of a foreign client to a server of ours with tickets and a session cache.</summary>
    public static async Task<SeenHandshake> OfClientAsync(ClientPeer peer, CancellationToken cancellationToken)
    {
        using var folder = new TempFolder();
        using var capture = new PcapFile(folder["wire.pcap"]);
        await using var host = new KippuHost(KippuServers.Make(options => options.SessionCache = new MemorySessionCache()));
        await using var relay = new RecordingRelay(capture, _ => host.Port);
        await peer.ConnectAsync(new ClientTask { Port = relay.Port, Folder = folder }, cancellationToken);
        await relay.DrainAsync(cancellationToken);
        return (await Tshark.HandshakesAsync(capture.Path, cancellationToken)).Single();
    }

    /// <summary>A first connection of our client to a foreign server.</summary>
    public static async Task<SeenHandshake> OfServerAsync(ServerPeer peer, CancellationToken cancellationToken)
    {
        using var folder = new TempFolder();
        using var capture = new PcapFile(folder["wire.pcap"]);
        await using var server = await peer.StartAsync(new ServerTask(), folder, cancellationToken);
        await using var relay = new RecordingRelay(capture, _ => server.Port);
        await KippuVisit.GetAsync(KippuClients.Make(_ => { }), relay.Port, cancellationToken);
        await relay.DrainAsync(cancellationToken);
        return (await Tshark.HandshakesAsync(capture.Path, cancellationToken)).Single();
    }

    /// <summary>Extensions as the document quotes them.</summary>
    public static string List(IReadOnlyDictionary<int, int> extensions) => string.Join(", ", extensions.Keys.Order());

    /// <summary>The lines of a program's help that speak of something, white space shortened.</summary>
    /// <exception cref="InvalidOperationException">None does.</exception>
    public static async Task<string> HelpLinesAsync(string program, IReadOnlyList<string> arguments, string part, CancellationToken cancellationToken)
    {
        var lines = (await PeerProcess.RunAsync(program, arguments, cancellationToken)).Where(line => line.Contains(part, StringComparison.Ordinal)).ToList();
        return lines.Count > 0
            ? string.Join(" ", lines.Select(line => $"`{string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))}`"))
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} does not speak of '{part}' any more");
    }

    /// <summary>Why no foreign server shows the zero-length ticket: each sends what it promised.</summary>
    public static async Task<Absence> NeverZeroLengthAsync(ServerPeer peer, CancellationToken cancellationToken)
    {
        var seen = await OfServerAsync(peer, cancellationToken);
        return seen.NewSessionTicket is { Length: > 0 }
            ? new Absence("sends the ticket that it promised", "tshark on pattern 1: `New Session Ticket` with a `Session Ticket Length` above 0, and nothing that can be set makes it 0")
            : throw new InvalidOperationException($"{peer} sent no ticket, or one of zero length: {seen.Messages}");
    }
}
