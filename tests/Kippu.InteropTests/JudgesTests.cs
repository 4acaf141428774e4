using Kippu.InteropTests.Capture;
using Kippu.InteropTests.Machinery;
using Kippu.InteropTests.Matrix;
using Kippu.InteropTests.Peers;
using Xunit;

namespace Kippu.InteropTests;

/// <summary>The judges must be right before they judge us: two programs of others, whose behaviour is documented, and no Kippu anywhere.</summary>
public sealed class JudgesTests
{
    /// <summary>What nginx is told, and the pattern that its documentation promises then.</summary>
    public static TheoryData<string, bool, string[], bool> Documented() => new()
    {
        { "2b", true, ["first"], true },
        { "2", true, ["second", "first"], true },
        { "4", true, ["second"], true },
        { "3", true, ["first"], false },
        { "5", false, ["first"], true },
    };

    [Theory]
    [MemberData(nameof(Documented))]
    public async Task OpenSSL_nginx_and_tshark_agree_on_each_pattern(string pattern, bool clientTickets, string[] secondKeys, bool secondTickets)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var clientFolder = new TempFolder();
        using var firstFolder = new TempFolder();
        using var secondFolder = new TempFolder();
        using var capture = new PcapFile(clientFolder["wire.pcap"]);
        await using var first = await new NginxServer().StartAsync(new ServerTask(), firstFolder, limit.Token);
        await using var second = await new NginxServer().StartAsync(new ServerTask { TicketKeys = secondKeys, Tickets = secondTickets }, secondFolder, limit.Token);
        await using var relay = new RecordingRelay(capture, number => number == 0 || pattern == "5" ? first.Port : second.Port);

        var words = await new OpenSslClient().ConnectAsync(new ClientTask { Port = relay.Port, Folder = clientFolder, Connections = 2, Tickets = clientTickets }, limit.Token);
        await relay.DrainAsync(limit.Token);
        var seen = await Tshark.HandshakesAsync(capture.Path, limit.Token);

        Assert.Equal(pattern, seen[1].Pattern);
        Assert.Equal(Pattern.All.Single(one => one.Number == pattern).Resumes, words[1].Resumed);
        Assert.Equal(seen[1].NewSessionTicket is not null, words[1].Ticket is not null);
    }
}
