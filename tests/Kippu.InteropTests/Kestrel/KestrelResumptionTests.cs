using Kippu.InteropTests.Machinery;
using Kippu.InteropTests.Ours;
using Kippu.InteropTests.Peers;
using Xunit;

namespace Kippu.InteropTests.Kestrel;

/// <summary>Two processes with Kestrel on Kippu: what one has begun, <c>openssl s_client</c> resumes at the other.</summary>
public sealed class KestrelResumptionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("-tls1_2", "engine=Kippu resumed=Ticket")]
    [InlineData("-tls1_3", "engine=Kippu resumed=Psk")]
    public async Task A_session_crosses_processes_that_share_a_ring(string version, string answer)
    {
        using var folder = new TempFolder();
        var ring = await KippuCommand.NewRingAsync(folder, "fleet.ring", Token);
        await using var one = await KestrelNode.StartAsync(Token, $"Kippu:RingFile={ring}");
        await using var two = await KestrelNode.StartAsync(Token, $"Kippu:RingFile={ring}");

        var first = await VisitAsync(one.Port, version, ["-sess_out", folder["session.pem"]]);
        var second = await VisitAsync(two.Port, version, ["-sess_in", folder["session.pem"]]);

        Assert.Contains(first, line => line.StartsWith("New, TLSv1", StringComparison.Ordinal));
        Assert.Contains(second, line => line.StartsWith("Reused, TLSv1", StringComparison.Ordinal));
        Assert.Contains(first, line => line.Contains("engine=Kippu resumed=None", StringComparison.Ordinal));
        Assert.Contains(second, line => line.Contains(answer, StringComparison.Ordinal));
    }

    /// <summary>The control: the test above can tell.</summary>
    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task A_session_does_not_cross_processes_with_rings_of_their_own(string version)
    {
        using var folder = new TempFolder();
        await using var one = await KestrelNode.StartAsync(Token);
        await using var two = await KestrelNode.StartAsync(Token);

        await VisitAsync(one.Port, version, ["-sess_out", folder["session.pem"]]);
        var second = await VisitAsync(two.Port, version, ["-sess_in", folder["session.pem"]]);

        Assert.Contains(second, line => line.StartsWith("New, TLSv1", StringComparison.Ordinal));
        Assert.Contains(second, line => line.Contains("engine=Kippu resumed=None refusal=UnknownKey", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_connection_that_is_not_chosen_is_served_by_SslStream()
    {
        await using var node = await KestrelNode.StartAsync(Token, "Kippu:Mode=Off");

        Assert.Contains(await VisitAsync(node.Port, "-tls1_3", []), line => line.Contains("engine=SslStream", StringComparison.Ordinal));
    }

    private static async Task<IReadOnlyList<string>> VisitAsync(int port, string version, string[] arguments)
    {
        await using var client = PeerProcess.Start(
            "openssl",
            ["s_client", "-connect", $"127.0.0.1:{port}", "-servername", "localhost", "-verify_hostname", "localhost", "-CAfile", PeerPki.Root, "-verify_return_error", version, .. arguments]);
        await client.SendLineAsync("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r", Token);
        await client.WaitForExitAsync(Token);
        return client.Lines;
    }
}
