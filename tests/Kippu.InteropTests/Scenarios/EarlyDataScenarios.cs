using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Kippu.InteropTests.Capture;
using Kippu.InteropTests.Machinery;
using Kippu.InteropTests.Ours;
using Kippu.InteropTests.Peers;
using Kippu.InteropTests.Tls13;
using Xunit;

namespace Kippu.InteropTests.Scenarios;

/// <summary>0-RTT with OpenSSL, in both roles.</summary>
internal static class EarlyDataScenarios
{
    private const string Request = "GET /early HTTP/1.0\n\n";
    private const int MaxSize = 4096;

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("`openssl s_client -sess_in -early_data`, `EarlyDataOptions.MaxSize` set", AcceptedAsync),
        new("the bytes of that first flight sent a second time", ReplayedAsync),
        new("`openssl s_client -early_data` with a ticket from before `MaxSize` was set back to 0", SwitchedOffAsync),
        new("`TlsConnection.WriteEarlyData` towards `openssl s_server -early_data`", ServerAcceptsAsync),
        new("`TlsConnection.WriteEarlyData` towards `openssl s_server` that takes none any more", ServerRejectsAsync),
    ];

    private static async Task<string> AcceptedAsync(CancellationToken cancellationToken)
    {
        using var flights = new Flights();
        var visit = await flights.VisitTwiceAsync(MaxSize, MaxSize, cancellationToken);
        Assert.Equal((Request, ""), (visit.Early, visit.Late));
        Assert.True(visit.Info!.EarlyDataAccepted);
        return flights.Quote("Early data was accepted");
    }

    private static async Task<string> ReplayedAsync(CancellationToken cancellationToken)
    {
        using var flights = new Flights();
        var visit = await flights.VisitTwiceAsync(MaxSize, MaxSize, cancellationToken);
        Assert.Equal(Request, visit.Early);

        // The control: a node with a guard of its own takes it. That is what ReplayScope.PerNode says, and once is once.
        Assert.Equal("", (await ReplayAsync(flights.Hosts[1], flights.FirstFlight, cancellationToken)).Early);
        Assert.Equal(Request, (await ReplayAsync(flights.Other, flights.FirstFlight, cancellationToken)).Early);
        Assert.Equal("", (await ReplayAsync(flights.Other, flights.FirstFlight, cancellationToken)).Early);
        return "the same node: no early data; another node on the same ring, `ReplayScope.PerNode`: accepted once, then no more";
    }

    /// <summary>All that a client sent, once more. Its last flight does not fit the server's new key share, so the handshake fails; early data would come before that.</summary>
    private static async Task<EarlyDataHost.Visit> ReplayAsync(EarlyDataHost host, byte[] flight, CancellationToken cancellationToken)
    {
        var answering = host.AnswerAsync(cancellationToken);
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, host.Port, cancellationToken);
        await tcp.GetStream().WriteAsync(flight, cancellationToken);
        tcp.Client.Shutdown(SocketShutdown.Send);
        var visit = await answering;
        Assert.Null(visit.Info);
        Assert.Equal("", visit.Late);
        return visit;
    }

    private static async Task<string> SwitchedOffAsync(CancellationToken cancellationToken)
    {
        using var flights = new Flights();
        var visit = await flights.VisitTwiceAsync(MaxSize, 0, cancellationToken, sendLate: true);
        Assert.Equal(("", Request), (visit.Early, visit.Late));
        Assert.True(visit.Info!.IsResumed);
        Assert.False(visit.Info.EarlyDataAccepted);
        return flights.Quote("Early data was rejected");
    }

    /// <summary>Our client at s_server: the second connection sends early data, and s_server says so.</summary>
    public static async Task<string> ServerAcceptsAsync(CancellationToken cancellationToken)
    {
        var (process, driven) = await ToServerTwiceAsync(["-early_data"], cancellationToken);
        using var ending = driven;
        Assert.True(driven.Connection.Info.EarlyDataAccepted);
        Assert.False(driven.IsEarlyDataRejected);
        var words = process.Single(line => line.StartsWith("Early data received", StringComparison.Ordinal));
        Assert.Contains(process, line => line.Contains("GET /early", StringComparison.Ordinal));
        return $"`{words.Trim()}`";
    }

    private static async Task<string> ServerRejectsAsync(CancellationToken cancellationToken)
    {
        var (process, driven) = await ToServerTwiceAsync([], cancellationToken);
        using var ending = driven;
        Assert.False(driven.Connection.Info.EarlyDataAccepted);
        Assert.True(driven.IsEarlyDataRejected);
        Assert.True(driven.Connection.Info.IsResumed);
        Assert.DoesNotContain(process, line => line.Contains("GET /early", StringComparison.Ordinal));
        return $"`{process.Last(line => line.StartsWith("Reused session-id", StringComparison.Ordinal)).Trim()}`";
    }

    /// <summary>Our client twice at an s_server, whose ticket allows early data; whether it takes any is up to the arguments.</summary>
    private static async Task<(IReadOnlyList<string> Lines, DrivenConnection Driven)> ToServerTwiceAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var client = KippuClients.Make(options =>
        {
            options.Protocols = SslProtocols.Tls13;
            options.CipherSuites.Clear();
            options.EnableEarlyData = true;
        });

        var port = FreePort.Next();
        await using var process = PeerProcess.Start("openssl",
        [
            "s_server", "-accept", $"127.0.0.1:{port}", "-cert", PeerPki.Ecdsa.CertificatePath, "-cert_chain", PeerPki.Ecdsa.IntermediatesPath, "-key", PeerPki.Ecdsa.KeyPath,
            "-tls1_3", "-max_early_data", $"{MaxSize}", .. arguments,
        ]);
        await process.WaitForLineAsync("ACCEPT", cancellationToken);
        using (var first = await ConnectAsync(client, port, cancellationToken))
        {
            await first.RunUntilAsync(() => first.Connection.IsConnected, cancellationToken);
            await process.SendLineAsync("hello", cancellationToken);
            await first.RunUntilAsync(() => first.Late.Contains("hello", StringComparison.Ordinal), cancellationToken);
            await first.CloseAsync(cancellationToken);
        }

        var second = await ConnectAsync(client, port, cancellationToken);
        Assert.Equal(Request.Length, await second.WriteEarlyAsync(Request, cancellationToken));
        await second.RunUntilAsync(() => second.Connection.IsConnected, cancellationToken);
        await second.WriteAsync("late\n", cancellationToken);
        await process.WaitForLineAsync("late", cancellationToken);
        return (process.Lines, second);
    }

    private static async Task<DrivenConnection> ConnectAsync(TlsClient client, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
        return new DrivenConnection(client.CreateConnection(new TlsTarget("localhost")), new NetworkStream(socket, ownsSocket: true));
    }

    /// <summary>Two visits of s_client, the second with early data, and what it sent then.</summary>
    private sealed class Flights : IDisposable
    {
        private readonly TempFolder _folder = new();
        private IReadOnlyList<string> _words = [];

        public List<EarlyDataHost> Hosts { get; } = [];

        /// <summary>A node of the same fleet that has seen none of it.</summary>
        public EarlyDataHost Other => Hosts[2];

        public byte[] FirstFlight { get; private set; } = [];

        public async Task<EarlyDataHost.Visit> VisitTwiceAsync(int maxSize, int maxSizeThen, CancellationToken cancellationToken, bool sendLate = false)
        {
            var ring = KippuServers.NewRing();
            var session = _folder["session.pem"];
            var request = _folder.Write("request", Request);
            Hosts.Add(new EarlyDataHost(Server(ring, maxSize)));
            Hosts.Add(new EarlyDataHost(Server(ring, maxSizeThen)));
            Hosts.Add(new EarlyDataHost(Server(ring, maxSizeThen)));
            await VisitAsync(Hosts[0], Hosts[0].Port, ["-sess_out", session], sendLate: true, cancellationToken);

            using var capture = new PcapFile(_folder["wire.pcap"]);
            using var sent = new MemoryStream();
            await using var relay = new RecordingRelay(capture, _ => Hosts[1].Port, sent);
            var visit = await VisitAsync(Hosts[1], relay.Port, ["-sess_in", session, "-early_data", request], sendLate, cancellationToken);
            await relay.DrainAsync(cancellationToken);
            Assert.True(Assert.Single(await SeenHandshake13.ReadAsync(capture.Path, cancellationToken)).OffersEarlyData);
            FirstFlight = sent.ToArray();
            return visit;
        }

        public string Quote(string verdict) =>
            $"`{Assert.Single(_words, line => line == verdict)}` `{_words.First(line => line.StartsWith("Reused, ", StringComparison.Ordinal))}`";

        public void Dispose()
        {
            Hosts.ForEach(host => host.Dispose());
            _folder.Dispose();
        }

        private static TlsServer Server(IRingSource ring, int maxSize)
        {
            var clock = new OlderClock();
            var guard = new MemoryReplayGuard(TimeSpan.FromSeconds(10), timeProvider: clock);
            clock.CatchUp();
            return KippuServers.Make13(options =>
            {
                options.Tickets.Ring = ring;
                options.EarlyData.MaxSize = maxSize;
                options.EarlyData.ReplayGuard = guard;
                options.EarlyData.ReplayScope = ReplayScope.PerNode;
            });
        }

        private async Task<EarlyDataHost.Visit> VisitAsync(EarlyDataHost host, int port, string[] arguments, bool sendLate, CancellationToken cancellationToken)
        {
            var answering = host.AnswerAsync(cancellationToken);
            await using var process = PeerProcess.Start("openssl", [.. Tls13Scenarios.ClientArguments(port), .. arguments]);
            if (sendLate)
            {
                await process.SendLineAsync(Request.TrimEnd('\n') + "\n", cancellationToken);
            }

            await process.WaitForLineAsync(" 200 ", cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            _words = process.Lines;
            return await answering;
        }
    }
}
