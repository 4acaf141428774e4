using Kippu.InteropTests.Capture;
using Kippu.InteropTests.Machinery;
using Kippu.InteropTests.Ours;
using Kippu.InteropTests.Peers;
using Xunit;

namespace Kippu.InteropTests.Scenarios;

/// <summary>What real clients are known to stumble over, with a server of ours as it is by default.</summary>
internal static class HabitScenarios
{
    private const int Connections = 4;

    public static IReadOnlyList<Scenario> All { get; } =
    [
        KeepsResuming(new SslStreamClient(), "2b", "it loses its session when each resumption renews it"),
        KeepsResuming(new OpenSslClient(), "2b", "its session in a file"),
        KeepsResuming(new GoClient(), "2b", "without extended_master_secret, which the server then must allow"),
        KeepsResuming(new CurlClient(), "5", "by session ID alone"),
        new("`openssl s_client -status`, the extension that makes some servers drop the hello", StatusRequestIsNoTroubleAsync),
    ];

    private static Scenario KeepsResuming(ClientPeer peer, string pattern, string habit) => new($"{peer} connects {Connections} times ({habit})", async cancellationToken =>
    {
        using var folder = new TempFolder();
        using var capture = new PcapFile(folder["wire.pcap"]);
        await using var host = new KippuHost(KippuServers.Make(options =>
        {
            options.SessionCache = new MemorySessionCache();
            options.Tickets.AllowLegacyResumption = !peer.HasExtendedMasterSecret;
        }));
        await using var relay = new RecordingRelay(capture, _ => host.Port);
        await peer.ConnectAsync(new ClientTask { Port = relay.Port, Folder = folder, Connections = Connections }, cancellationToken);
        await relay.DrainAsync(cancellationToken);
        var seen = await Tshark.HandshakesAsync(capture.Path, cancellationToken);
        Assert.Equal(Enumerable.Repeat(pattern, Connections - 1), seen.Skip(1).Select(handshake => handshake.Pattern));
        return $"tshark: {string.Join(", ", seen.Select(handshake => handshake.Pattern))}";
    });

    private static async Task<string> StatusRequestIsNoTroubleAsync(CancellationToken cancellationToken)
    {
        await using var host = new KippuHost(KippuServers.Make(_ => { }));
        var lines = await PeerProcess.RunAsync(
            "openssl",
            ["s_client", "-connect", $"127.0.0.1:{host.Port}", "-servername", "localhost", "-CAfile", PeerPki.Root, "-verify_return_error", "-status", "-msg"],
            cancellationToken);
        var status = Assert.Single(lines, line => line.StartsWith("OCSP response:", StringComparison.Ordinal)).Trim();
        return $"`{status}` `{OpenSslClient.Read(lines).Session}`";
    }
}
