using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Kippu.InteropTests.Capture;
using Kippu.InteropTests.Machinery;
using Kippu.InteropTests.Ours;
using Kippu.InteropTests.Peers;
using Kippu.InteropTests.Scenarios;
using Xunit;

namespace Kippu.InteropTests.Tls13;

/// <summary>0-RTT: a connection, and another that sends its GET in the first flight. The judges are the peer's words and tshark, which has the keys here.</summary>
internal static class EarlyData13
{
    public const string Name = "0-RTT";
    private const string Request = "GET / HTTP/1.0\r\nHost: localhost\r\n\r\n";

    /// <summary>Our server, a foreign client.</summary>
    public static async Task<Result13> WithClientAsync(ClientPeer peer, CancellationToken cancellationToken)
    {
        using var folder = new TempFolder();
        using var capture = new PcapFile(folder["wire.pcap"]);
        var keys = new List<string>();
        using var host = new EarlyDataHost(Server(keys));
        await using var relay = new RecordingRelay(capture, _ => host.Port);
        var answering = host.AnswerAsync(2, cancellationToken);
        var words = await peer.ConnectAsync(new ClientTask { Port = relay.Port, Folder = folder, Connections = 2, AllVersions = true, EarlyData = true }, cancellationToken);
        var visits = await answering;
        await relay.DrainAsync(cancellationToken);

        var seen = (await SeenHandshake13.ReadAsync(capture.Path, cancellationToken))[1];
        Assert.True(seen.IsResumed);
        Assert.NotEqual(false, words[1].Resumed);
        if (!seen.OffersEarlyData)
        {
            Assert.Equal("", visits[1].Early);
            return new Result13($"sends none, with a ticket that allows it. tshark: its `Client Hello` has the extensions {string.Join(", ", seen.ClientExtensions)}, not 42", "", IsAbsent: true);
        }

        Assert.Contains("GET /", visits[1].Early, StringComparison.Ordinal);
        Assert.Equal("", visits[1].Late);
        return await AcceptedAsync(capture, folder, keys, words[1], seen, cancellationToken);
    }

    /// <summary>Our client, a foreign server.</summary>
    public static async Task<Result13> WithServerAsync(ServerPeer peer, CancellationToken cancellationToken)
    {
        if (peer is OpenSslServer)
        {
            // It takes early data on its console alone.
            return new Result13(await EarlyDataScenarios.ServerAcceptsAsync(cancellationToken), "");
        }

        using var folder = new TempFolder();
        using var capture = new PcapFile(folder["wire.pcap"]);
        var keys = new List<string>();
        await using var server = await peer.StartAsync(new ServerTask { AllVersions = true, EarlyData = true }, folder, cancellationToken);
        await using var relay = new RecordingRelay(capture, _ => server.Port);
        var client = KippuClients.Make(options =>
        {
            options.Protocols = SslProtocols.Tls13;
            options.CipherSuites.Clear();
            options.EnableEarlyData = true;
            options.KeyLog = keys.Add;
        });
        await VisitAsync(client, relay.Port, server, cancellationToken);
        var visit = await VisitAsync(client, relay.Port, server, cancellationToken);
        await relay.DrainAsync(cancellationToken);

        var seen = (await SeenHandshake13.ReadAsync(capture.Path, cancellationToken))[1];
        Assert.True(seen.IsResumed);
        if (!seen.OffersEarlyData)
        {
            var tickets = await Tshark.ExtensionsAsync(capture.Path, KeyFile(folder, keys), HandshakeType13.NewSessionTicket, connection: 0, cancellationToken);
            Assert.NotEmpty(tickets);
            Assert.DoesNotContain(tickets, ticket => ticket.Contains(ExtensionNumbers.EarlyData));
            return new Result13("its tickets allow none, and nothing that can be set makes them. tshark: its `New Session Ticket` does not have the extension 42", "", IsAbsent: true);
        }

        Assert.True(visit.Info.EarlyDataAccepted);
        Assert.NotEqual(false, visit.Words.Resumed);
        return await AcceptedAsync(capture, folder, keys, visit.Words, seen, cancellationToken);
    }

    private static async Task<Result13> AcceptedAsync(
        PcapFile capture, TempFolder folder, List<string> keys, PeerWords words, SeenHandshake13 seen, CancellationToken cancellationToken)
    {
        var extensions = Assert.Single(await Tshark.ExtensionsAsync(capture.Path, KeyFile(folder, keys), HandshakeType13.EncryptedExtensions, connection: 1, cancellationToken));
        Assert.Contains(ExtensionNumbers.EarlyData, extensions);
        var quotes = new[] { words.EarlyData, words.Session }.OfType<string>().Select(quote => $"`{quote.Trim()}`");
        return new Result13(string.Join(" ", quotes), $"{seen.Words}, `Encrypted Extensions` 42");
    }

    private static async Task<(TlsConnectionInfo Info, PeerWords Words)> VisitAsync(TlsClient client, int port, RunningServer server, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
        using var driven = new DrivenConnection(client.CreateConnection(new TlsTarget("localhost")), new NetworkStream(socket, ownsSocket: true));
        var isEarly = await driven.WriteEarlyAsync(Request, cancellationToken) > 0;
        await driven.RunUntilAsync(() => driven.Connection.IsConnected, cancellationToken);
        if (!isEarly && server.AnswersRequests)
        {
            await driven.WriteAsync(Request, cancellationToken);
        }

        await driven.RunUntilAsync(() => server.AnswersRequests ? driven.Late.Contains("\r\n\r\n", StringComparison.Ordinal) : isEarly || driven.Connection.Info.NewTicket, cancellationToken);
        await driven.CloseAsync(cancellationToken);
        if (server.AnswersRequests)
        {
            await driven.RunUntilAsync(() => false, cancellationToken);
        }

        driven.Dispose();
        return (driven.Connection.Info, await server.WordsAsync(driven.Late, cancellationToken));
    }

    private static string KeyFile(TempFolder folder, List<string> keys) => folder.Write("keys.log", string.Join('\n', keys) + "\n");

    private static TlsServer Server(List<string> keys)
    {
        var clock = new OlderClock();
        var guard = new MemoryReplayGuard(TimeSpan.FromSeconds(10), timeProvider: clock);
        clock.CatchUp();
        return KippuServers.Make13(options =>
        {
            options.EarlyData.MaxSize = ServerTask.MaxEarlyData;
            options.EarlyData.ReplayGuard = guard;
            options.KeyLog = keys.Add;
        });
    }
}
