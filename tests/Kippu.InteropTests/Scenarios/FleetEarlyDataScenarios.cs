using System.Net;
using System.Net.Sockets;
using Kippu.InteropTests.Capture;
using Kippu.InteropTests.Machinery;
using Kippu.InteropTests.Ours;
using Kippu.InteropTests.Peers;
using Xunit;

namespace Kippu.InteropTests.Scenarios;

/// <summary>TLS 1.3 across two processes with one ring in a file: sessions, early data, and early data that somebody replays.</summary>
internal static class FleetEarlyDataScenarios
{
    private const string Request = "GET / HTTP/1.0\n\n";
    private const string Accepted = "Early data was accepted";
    private const int UsageExitCode = 2;
    private static readonly string[] s_earlyData = ["--early-data-window", "2"];
    private static readonly string[] s_perNode = ["--replay-scope", "per-node"];

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("two `kippu serve --ring` with one file: `openssl s_client -tls1_3 -sess_out` at the first, `-sess_in` at the second", SessionCrossesAsync),
        new("the same with different files", SessionDoesNotCrossAsync),
        new("`kippu serve --ring --early-data-window 2`, no `--replay-scope`: exit code 2", ScopeIsDemandedAsync),
        new("with `--replay-scope per-node`, twice with one file: `openssl s_client -sess_out` at the first, `-sess_in -early_data` at the second", EarlyDataCrossesAsync),
        new("the bytes of that first flight once more: to the second node, to the first, to the first again", ReplayedAsync),
    ];

    private static async Task<string> SessionCrossesAsync(CancellationToken cancellationToken)
    {
        await using var fleet = new Fleet();
        await fleet.StartAsync(oneRing: true, [], cancellationToken);
        await fleet.VisitAsync(fleet.One.Port, ["-sess_out", fleet.Session], cancellationToken);
        await fleet.VisitAsync(fleet.Two.Port, ["-sess_in", fleet.Session], cancellationToken);
        return $"`{Assert.Single(fleet.Words, line => line.StartsWith("Reused, TLSv1.3", StringComparison.Ordinal))}`";
    }

    /// <summary>The control: the scenario above can tell.</summary>
    private static async Task<string> SessionDoesNotCrossAsync(CancellationToken cancellationToken)
    {
        await using var fleet = new Fleet();
        await fleet.StartAsync(oneRing: false, [], cancellationToken);
        await fleet.VisitAsync(fleet.One.Port, ["-sess_out", fleet.Session], cancellationToken);
        await fleet.VisitAsync(fleet.Two.Port, ["-sess_in", fleet.Session], cancellationToken);
        return $"`{Assert.Single(fleet.Words, line => line.StartsWith("New, TLSv1.3", StringComparison.Ordinal))}`";
    }

    private static async Task<string> ScopeIsDemandedAsync(CancellationToken cancellationToken)
    {
        using var folder = new TempFolder();
        var ring = await KippuCommand.NewRingAsync(folder, "fleet.ring", cancellationToken);
        await using var process = KippuCommand.Start(folder, ["serve", "--port", "0", "--ring", ring, .. s_earlyData]);
        Assert.Equal(UsageExitCode, await process.WaitForExitAsync(cancellationToken));
        return $"`{Assert.Single(process.Lines, line => line.Contains("--replay-scope per-node", StringComparison.Ordinal)).Trim()}`";
    }

    private static async Task<string> EarlyDataCrossesAsync(CancellationToken cancellationToken)
    {
        await using var fleet = new Fleet();
        await fleet.RecordAsync(cancellationToken);
        return $"`{fleet.Verdict}` `{fleet.Words.First(line => line.StartsWith("Reused, ", StringComparison.Ordinal))}`";
    }

    private static async Task<string> ReplayedAsync(CancellationToken cancellationToken)
    {
        await using var fleet = new Fleet();
        var flight = await fleet.RecordAsync(cancellationToken);

        // One right after the other: later than two seconds after it was made the flight is too old for everybody. That the second is accepted shows that the first was not.
        List<(bool Accepted, Replay Replay)> replays =
        [
            (false, await fleet.ReplayAsync(fleet.Two, "two", flight, cancellationToken)),
            (true, await fleet.ReplayAsync(fleet.One, "one", flight, cancellationToken)),
            (false, await fleet.ReplayAsync(fleet.One, "one", flight, cancellationToken)),
        ];
        List<string> words = [];
        foreach (var (accepted, replay) in replays)
        {
            Assert.Contains($"\"earlyData\":\"{(accepted ? "accepted" : "refused")}\"", replay.Told, StringComparison.Ordinal);
            var extensions = Assert.Single(await Tshark.ExtensionsAsync(replay.CapturePath, replay.KeyPath, HandshakeType13.EncryptedExtensions, connection: 0, cancellationToken));
            Assert.Equal(accepted, extensions.Contains(ExtensionNumbers.EarlyData));
            words.Add(accepted ? $"with {ExtensionNumbers.EarlyData}, early_data" : $"without {ExtensionNumbers.EarlyData}");
        }

        return $"tshark decrypts the `Encrypted Extensions`: {string.Join("; ", words)}";
    }

    /// <summary>What became of a replayed flight.</summary>
    /// <param name="Told">The node's own line about it.</param>
    /// <param name="CapturePath">The wire.</param>
    /// <param name="KeyPath">The keys of this connection alone.</param>
    private sealed record Replay(string Told, string CapturePath, string KeyPath);

    /// <summary>The two processes, their files, and the client.</summary>
    private sealed class Fleet : IAsyncDisposable
    {
        private readonly TempFolder _folder = new();
        private readonly List<ServeProcess> _nodes = [];
        private int _replays;

        public ServeProcess One => _nodes[0];

        public ServeProcess Two => _nodes[1];

        public string Session => _folder["session.pem"];

        /// <summary>What the last s_client said.</summary>
        public IReadOnlyList<string> Words { get; private set; } = [];

        public string? Verdict => Words.SingleOrDefault(line => line.StartsWith("Early data was ", StringComparison.Ordinal));

        public async Task StartAsync(bool oneRing, string[] arguments, CancellationToken cancellationToken)
        {
            foreach (var name in new[] { "one", "two" })
            {
                var ring = oneRing ? _folder["fleet.ring"] : _folder[name + ".ring"];
                if (!File.Exists(ring))
                {
                    await KippuCommand.NewRingAsync(_folder, Path.GetFileName(ring), cancellationToken);
                }

                _nodes.Add(await KippuCommand.ServeAllAsync(_folder, cancellationToken, ["--ring", ring, "--json", "--keylog", _folder[name + ".keys"], .. arguments]));
            }
        }

        /// <summary>s_client at the first node, then with its session and early data at the second. A node takes none until it has watched for a while, so it is tried until it does.</summary>
        /// <returns>The first flight of the visit whose early data was accepted: ClientHello, ChangeCipherSpec, early data.</returns>
        public async Task<byte[]> RecordAsync(CancellationToken cancellationToken)
        {
            await StartAsync(oneRing: true, [.. s_earlyData, .. s_perNode], cancellationToken);
            var request = _folder.Write("request", Request);
            await VisitAsync(One.Port, ["-sess_out", Session], cancellationToken);
            while (true)
            {
                using var capture = new PcapFile(_folder["accepted.pcap"]);
                using var sent = new MemoryStream();
                await using var relay = new RecordingRelay(capture, _ => Two.Port, sent);
                await VisitAsync(relay.Port, ["-sess_in", Session, "-early_data", request], cancellationToken);
                await relay.DrainAsync(cancellationToken);
                if (Verdict == Accepted)
                {
                    return FirstFlight(sent.ToArray());
                }
            }
        }

        /// <summary>Sends the flight to a node and closes.</summary>
        public async Task<Replay> ReplayAsync(ServeProcess node, string name, byte[] flight, CancellationToken cancellationToken)
        {
            var heard = node.Process.Lines.Count;
            var known = (await File.ReadAllLinesAsync(_folder[name + ".keys"], cancellationToken)).Length;
            var number = ++_replays;
            using var capture = new PcapFile(_folder[$"replay{number}.pcap"]);
            await using var relay = new RecordingRelay(capture, _ => node.Port);
            using (var tcp = new TcpClient())
            {
                await tcp.ConnectAsync(IPAddress.Loopback, relay.Port, cancellationToken);
                var stream = tcp.GetStream();
                await stream.WriteAsync(flight, cancellationToken);
                tcp.Client.Shutdown(SocketShutdown.Send);
                await stream.CopyToAsync(Stream.Null, cancellationToken);
            }

            await relay.DrainAsync(cancellationToken);

            // All connections of one flight have one client random: the keys of this one are the last.
            var told = await node.Process.WaitForLineAsync("\"earlyData\":", cancellationToken, heard);
            var keys = (await File.ReadAllLinesAsync(_folder[name + ".keys"], cancellationToken)).Skip(known);
            return new Replay(told, capture.Path, _folder.Write($"replay{number}.keys", string.Join('\n', keys) + "\n"));
        }

        /// <summary>One visit of s_client, to the answer and the end.</summary>
        public async Task VisitAsync(int port, string[] arguments, CancellationToken cancellationToken)
        {
            await using var process = PeerProcess.Start("openssl", [.. Tls13Scenarios.ClientArguments(port), .. arguments]);
            if (!arguments.Contains("-early_data") || await process.WaitForLineAsync("Early data was ", cancellationToken) != Accepted)
            {
                await process.SendLineAsync(Request.TrimEnd('\n') + "\n", cancellationToken);
            }

            await process.WaitForLineAsync(" 200 ", cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            Words = process.Lines;
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var node in _nodes)
            {
                await node.DisposeAsync();
            }

            _folder.Dispose();
        }

        /// <summary>All records up to the first that is protected.</summary>
        private static byte[] FirstFlight(byte[] sent)
        {
            const int HeaderLength = 5;
            const byte ApplicationData = 23;
            var end = 0;
            byte type;
            do
            {
                type = sent[end];
                end += HeaderLength + ((sent[end + 3] << 8) | sent[end + 4]);
            }
            while (type != ApplicationData);
            return sent[..end];
        }
    }
}
