using Kippu.InteropTests.Machinery;
using Kippu.InteropTests.Ours;
using Kippu.InteropTests.Peers;
using Xunit;

namespace Kippu.InteropTests.Scenarios;

/// <summary>Two server processes behind haproxy, which passes TCP connections on to one and the other in turn.</summary>
internal static class FleetScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("two `kippu serve --ring` with one file behind haproxy (TCP, round robin): `openssl s_client -reconnect`", SharedRingAsync),
        new("two `kippu serve` with rings of their own behind haproxy: the same", OwnRingsAsync),
    ];

    private static async Task<string> SharedRingAsync(CancellationToken cancellationToken)
    {
        using var folder = new TempFolder();
        var ring = await KippuCommand.NewRingAsync(folder, "fleet.ring", cancellationToken);
        var (verdicts, nodes) = await ReconnectAsync(folder, ["--ring", ring], cancellationToken);
        Assert.Equal(OpenSslReconnect.Reconnections, verdicts.Reused);
        return $"{verdicts.Words}; haproxy: `{string.Join(' ', nodes)}`";
    }

    private static async Task<string> OwnRingsAsync(CancellationToken cancellationToken)
    {
        using var folder = new TempFolder();
        var (verdicts, nodes) = await ReconnectAsync(folder, [], cancellationToken);
        Assert.Equal(0, verdicts.Reused);
        return $"{verdicts.Words}; haproxy: `{string.Join(' ', nodes)}`";
    }

    /// <summary>s_client's verdicts, and the node of each of its connections in haproxy's words.</summary>
    private static async Task<(OpenSslReconnect Verdicts, IReadOnlyList<string> Nodes)> ReconnectAsync(TempFolder folder, string[] arguments, CancellationToken cancellationToken)
    {
        await using var one = await KippuCommand.ServeAsync(folder, cancellationToken, arguments);
        await using var two = await KippuCommand.ServeAsync(folder, cancellationToken, arguments);
        var port = FreePort.Next();
        await using var haproxy = HaproxyFile.Start(folder, "tcp", $"""
            frontend fleet
              bind 127.0.0.1:{port}
              log global
              log-format "node %s"
              default_backend nodes
            backend nodes
              balance roundrobin
              server one 127.0.0.1:{one.Port}
              server two 127.0.0.1:{two.Port}
            """);
        await FreePort.WaitUntilOpenAsync(port, haproxy, cancellationToken);

        // That was a connection too: it had its turn.
        await haproxy.WaitUntilAsync(lines => Nodes(lines, 1), cancellationToken);
        var heard = haproxy.Lines.Count;
        var verdicts = await OpenSslReconnect.RunAsync(port, cancellationToken);
        var nodes = await haproxy.WaitUntilAsync(lines => Nodes(lines, OpenSslReconnect.Reconnections + 1), cancellationToken, heard);
        Assert.Equal(["one", "two"], nodes.Distinct().Order());
        Assert.DoesNotContain(nodes.Zip(nodes.Skip(1)), pair => pair.First == pair.Second);
        return (verdicts, nodes);
    }

    private static List<string>? Nodes(IReadOnlyList<string> lines, int count)
    {
        var nodes = lines.Where(line => line.Contains("node ", StringComparison.Ordinal)).Select(line => line[(line.LastIndexOf(' ') + 1)..]).ToList();
        return nodes.Count == count ? nodes : null;
    }
}
