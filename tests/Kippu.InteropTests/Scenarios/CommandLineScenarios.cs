using Kippu.InteropTests.Capture;
using Kippu.InteropTests.Machinery;
using Kippu.InteropTests.Ours;
using Kippu.InteropTests.Peers;
using Xunit;

namespace Kippu.InteropTests.Scenarios;

/// <summary><c>kippu serve</c> and <c>kippu connect</c>, as processes.</summary>
internal static class CommandLineScenarios
{
    private const int Reconnections = 3;

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("`kippu serve`: `openssl s_client -tls1_2 -reconnect`", ServeResumesAsync),
        new("`kippu serve --ring`, twice with one file: `openssl s_client -sess_out` at the first, `-sess_in` at the second", RingIsSharedAsync),
        new("`kippu serve --ring`, twice with different files: the same", RingIsNotSharedAsync),
        ConnectTo(new OpenSslServer(page: false), "Reused session-id", "--no-request"),
        ConnectTo(new NginxServer(), "ssl_session_reused=r"),
        ConnectTo(new GnuTlsServer(), "*** This is a resumed session"),
    ];

    private static async Task<string> ServeResumesAsync(CancellationToken cancellationToken)
    {
        using var folder = new TempFolder();
        await using var server = await KippuCommand.ServeAsync(folder, cancellationToken);
        var verdicts = await OpenSslReconnect.RunAsync(server.Port, cancellationToken);
        Assert.Equal(OpenSslReconnect.Reconnections, verdicts.Reused);
        return verdicts.Words;
    }

    private static async Task<string> RingIsSharedAsync(CancellationToken cancellationToken)
    {
        var words = await SessionCrossesAsync(differentRings: false, cancellationToken);
        Assert.True(words.Resumed);
        return $"`{words.Session}`";
    }

    /// <summary>The control: the test above can tell.</summary>
    private static async Task<string> RingIsNotSharedAsync(CancellationToken cancellationToken)
    {
        var words = await SessionCrossesAsync(differentRings: true, cancellationToken);
        Assert.False(words.Resumed);
        return $"`{words.Session}`";
    }

    private static async Task<PeerWords> SessionCrossesAsync(bool differentRings, CancellationToken cancellationToken)
    {
        using var folder = new TempFolder();
        using var capture = new PcapFile(folder["wire.pcap"]);
        var ring = await KippuCommand.NewRingAsync(folder, "fleet.ring", cancellationToken);
        var other = differentRings ? await KippuCommand.NewRingAsync(folder, "other.ring", cancellationToken) : ring;
        await using var first = await KippuCommand.ServeAsync(folder, cancellationToken, "--ring", ring);
        await using var second = await KippuCommand.ServeAsync(folder, cancellationToken, "--ring", other);
        await using var relay = new RecordingRelay(capture, number => number == 0 ? first.Port : second.Port);
        var words = await new OpenSslClient().ConnectAsync(new ClientTask { Port = relay.Port, Folder = folder, Connections = 2 }, cancellationToken);

        await relay.DrainAsync(cancellationToken);
        var seen = await Tshark.HandshakesAsync(capture.Path, cancellationToken);
        Assert.Equal(["1", differentRings ? "4" : "2b"], seen.Select(handshake => handshake.Pattern));
        return words[1];
    }

    /// <param name="peer">The server.</param>
    /// <param name="words">What it says about a session that it resumed.</param>
    /// <param name="arguments">Further arguments of <c>kippu connect</c>: s_server, without -www, answers nothing.</param>
    private static Scenario ConnectTo(ServerPeer peer, string words, params string[] arguments) => new($"`kippu connect --reconnect {Reconnections}`: {peer}", async cancellationToken =>
    {
        using var folder = new TempFolder();
        using var capture = new PcapFile(folder["wire.pcap"]);
        await using var server = (ServerProcess)await peer.StartAsync(new ServerTask(), folder, cancellationToken);
        await using var relay = new RecordingRelay(capture, _ => server.Port);

        // Exit code 0: each of the later connections was resumed, it says. Now the others.
        await KippuCommand.RunAsync(folder, cancellationToken, ["connect", $"localhost:{relay.Port}", "--reconnect", $"{Reconnections}", "--ca", PeerPki.Root, .. arguments]);
        await server.WaitForLinesAsync(words, Reconnections, cancellationToken);
        await relay.DrainAsync(cancellationToken);
        var seen = await Tshark.HandshakesAsync(capture.Path, cancellationToken);
        Assert.Equal(["1", .. Enumerable.Repeat("2b", Reconnections)], seen.Select(handshake => handshake.Pattern));
        return $"{Reconnections} × `{words}`";
    });
}
