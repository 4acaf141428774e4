using Kippu.InteropTests.Capture;
using Kippu.InteropTests.Machinery;
using Kippu.InteropTests.Ours;
using Kippu.InteropTests.Peers;
using Kippu.InteropTests.Tls13;
using Xunit;

namespace Kippu.InteropTests.Scenarios;

/// <summary>A browser against our server, which closes after each answer.</summary>
internal static class BrowserScenarios
{
    private const string Page =
        "<!doctype html><title>not yet</title><script>(async () => { let words = 'statuses'; for (let i = 0; i < 3; i++) " +
        "words += ' ' + (await fetch('/' + i, { cache: 'no-store' })).status; document.title = words; })()</script>";

    public static IReadOnlyList<Scenario> All { get; } =
        [new("headless Chromium loads a page from `TlsServer`; its script fetches three more things, one after the other", PageLoadsAsync)];

    private static async Task<string> PageLoadsAsync(CancellationToken cancellationToken)
    {
        using var folder = new TempFolder();
        using var capture = new PcapFile(folder["wire.pcap"]);
        await using var host = new KippuHost(KippuServers.Make13(_ => { })) { Page = Page };
        await using var relay = new RecordingRelay(capture, _ => host.Port);

        var lines = await Browser.LoadAsync($"https://localhost:{relay.Port}/", folder, cancellationToken);
        await relay.DrainAsync(cancellationToken);
        var title = Assert.Single(lines, line => line.Contains("<title>", StringComparison.Ordinal));
        title = title[title.IndexOf("<title>", StringComparison.Ordinal)..(title.IndexOf("</title>", StringComparison.Ordinal) + "</title>".Length)];
        Assert.Equal("<title>statuses 200 200 200</title>", title);

        // It opens two at once at first, before it has a ticket. Those that follow are resumed, by the server's word and by the wire's.
        var ours = await host.ConnectionsAsync(cancellationToken);
        var seen = await SeenHandshake13.ReadAsync(capture.Path, cancellationToken);
        Assert.Equal(ResumptionKind.None, ours[0].Info!.Resumption);
        Assert.Contains(ours, connection => connection.Info?.Resumption == ResumptionKind.Psk);
        Assert.Contains(seen, handshake => handshake.IsTls13 && handshake.IsResumed);
        return $"`{title}`; tshark on the last connection: {seen.Last(handshake => handshake.IsResumed).Words}";
    }
}
