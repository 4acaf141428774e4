using Kippu.InteropTests.Capture;
using Kippu.InteropTests.Machinery;
using Kippu.InteropTests.Ours;
using Kippu.InteropTests.Peers;
using Xunit;

namespace Kippu.InteropTests.Matrix;

/// <summary>A pattern with our server and a foreign client.</summary>
internal static class ServerRole
{
    public static async Task<Cell> ObserveAsync(ClientPeer peer, Pattern pattern, CancellationToken cancellationToken)
    {
        if (await peer.LacksAsync(pattern, cancellationToken) is { } absence)
        {
            return absence.ToCell();
        }

        using var folder = new TempFolder();
        using var capture = new PcapFile(folder["wire.pcap"]);
        await using var host = new KippuHost(ServersFor(pattern, peer.HasExtendedMasterSecret));
        await using var relay = new RecordingRelay(capture, _ => host.Port);
        var task = new ClientTask { Port = relay.Port, Folder = folder, Connections = pattern.Connections, Tickets = pattern != Pattern.SessionId };

        var words = await peer.ConnectAsync(task, cancellationToken);
        await relay.DrainAsync(cancellationToken);
        var seen = await Tshark.HandshakesAsync(capture.Path, cancellationToken);
        var hosted = await host.ConnectionsAsync(cancellationToken);
        Agreement.Check(pattern, words, seen, [.. hosted.Select(connection => connection.Info ?? throw new InvalidOperationException("our handshake failed", connection.Failure))]);

        // A first connection offers nothing, so nothing was refused; the session ID that a client of TLS 1.3 makes up is no offer.
        Assert.Equal(TicketRefusal.None, hosted[0].Info!.TicketRefusal);

        // A hint of 0 makes Java and wolfSSL drop the ticket.
        Assert.All(seen, handshake => Assert.True(handshake.NewSessionTicket is not { Length: > 0, LifetimeHint: 0 }));
        return new Cell(words[^1].All, seen[^1].Messages, IsAbsent: false);
    }

    /// <summary>One server for each connection of the pattern. Those of one list share ring, session cache and scope, unless the pattern is about a foreign ticket.</summary>
    private static IReadOnlyList<TlsServer> ServersFor(Pattern pattern, bool extendedMasterSecret)
    {
        var ring = KippuServers.NewRing();
        var cache = new MemorySessionCache();
        TlsServer Server(Action<TlsServerOptions> change) => KippuServers.Make(options =>
        {
            options.Tickets.Ring = ring;
            options.Tickets.AllowLegacyResumption = !extendedMasterSecret;
            change(options);
        });

        return pattern.Number switch
        {
            "1" => [Server(_ => { })],
            "2" => [Server(options => options.Tickets.Renewal = TicketRenewal.Always)],
            "2b" => [Server(options => options.Tickets.Renewal = TicketRenewal.Never)],
            "3" => [Server(_ => { }), Server(options => (options.Tickets.Ring, options.Tickets.IssueOnRejection) = (KippuServers.NewRing(), false))],
            "4" => [Server(_ => { }), Server(options => options.Tickets.Ring = KippuServers.NewRing())],
            "5" => [Server(options => options.SessionCache = cache)],
            "5b" => [Server(options => (options.SessionCache, options.Tickets.Enabled) = (cache, false)), Server(options => options.SessionCache = cache)],
            "zero" => [Server(options => options.Tickets.Protector = new DecliningProtector())],
            _ => throw new ArgumentOutOfRangeException(nameof(pattern), pattern, null),
        };
    }
}
