using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Kippu.AspNetCore.Tests;

public sealed class EndpointTests
{
    public static TheoryData<SslProtocols> Versions => new(SslProtocols.Tls12, SslProtocols.Tls13);

    [Theory, MemberData(nameof(Versions))]
    public async Task A_client_resumes_by_its_ticket(SslProtocols version)
    {
        await using var host = await KestrelHost.StartAsync(listen => listen.UseKippu());
        var visitor = new Visitor(version);

        var first = await visitor.VisitAsync(host.Port);
        var second = await visitor.VisitAsync(host.Port);

        Assert.Equal(("Kippu", "https", "None"), (first.Engine, first.Scheme, first.Resumption));
        Assert.Equal(("Kippu", "https", ResumedBy(version)), (second.Engine, second.Scheme, second.Resumption));
        Assert.Equal(version.ToString(), second.Tls);
        Assert.Equal("localhost", second.HostName);
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task A_session_of_one_node_is_resumed_by_another_with_the_same_ring(SslProtocols version)
    {
        using var ring = TicketKeyRing.Create(TimeProvider.System.GetUtcNow());
        await using var one = await KestrelHost.StartAsync(listen => listen.UseKippu(options => options.Tickets.Ring = new FixedRing(ring)));
        await using var two = await KestrelHost.StartAsync(listen => listen.UseKippu(options => options.Tickets.Ring = new FixedRing(ring)));
        await using var stranger = await KestrelHost.StartAsync(listen => listen.UseKippu());
        var visitor = new Visitor(version);

        Assert.Equal("None", (await visitor.VisitAsync(one.Port)).Resumption);
        Assert.Equal(ResumedBy(version), (await visitor.VisitAsync(two.Port)).Resumption);
        var refused = await visitor.VisitAsync(stranger.Port);
        Assert.Equal(("None", "UnknownKey"), (refused.Resumption, refused.Refusal));
    }

    [Theory]
    [InlineData("1.1", "HTTP/1.1")]
    [InlineData("2.0", "HTTP/2")]
    public async Task SslStream_speaks_either_version_of_HTTP_by_ALPN(string version, string protocol)
    {
        await using var host = await KestrelHost.StartAsync(listen => listen.UseKippu());

        var page = await Visitor.BrowseAsync(host.Port, Version.Parse(version));

        Assert.Equal(("Kippu", protocol), (page.Engine, page.Protocol));
        Assert.Empty(host.Log.Warnings);
        Assert.StartsWith("https://127.0.0.1:", Assert.Single(host.Addresses), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ALPN_follows_the_protocols_of_the_endpoint()
    {
        await using var host = await KestrelHost.StartAsync(listen =>
        {
            listen.UseKippu();
            listen.Protocols = HttpProtocols.Http1;
        });

        await Assert.ThrowsAsync<HttpRequestException>(() => Visitor.BrowseAsync(host.Port, HttpVersion.Version20));
        Assert.Equal("HTTP/1.1", (await Visitor.BrowseAsync(host.Port, HttpVersion.Version11)).Protocol);
    }

    [Fact]
    public async Task A_connection_closed_before_its_first_byte_is_no_failure()
    {
        await using var host = await KestrelHost.StartAsync(listen => listen.UseKippu());
        using (var tcp = new TcpClient())
        {
            await tcp.ConnectAsync(IPAddress.Loopback, host.Port, Visitor.Token);
        }

        var visitor = new Visitor();
        await visitor.VisitAsync(host.Port);

        Assert.DoesNotContain(host.Log.Entries, entry => entry.Category.StartsWith("Kippu", StringComparison.Ordinal) && entry.Message.Contains("failed", StringComparison.Ordinal));
    }

    private static string ResumedBy(SslProtocols version) => version == SslProtocols.Tls13 ? "Psk" : "Ticket";
}
