using System.Security.Authentication;
using Kippu.Tests.Transport;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>Early data in the engine: what a client may still write once the server has answered, and what a server promises.</summary>
public sealed class EarlyDataTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Once_the_server_has_answered_no_early_data_can_be_written(bool retried)
    {
        var scene = await EarlyDataScene.CreateAsync(server =>
        {
            if (retried)
            {
                server.Groups.Add(NamedGroup.Secp384r1);
            }
        });
        using var pair = new ConnectionPair(scene.Client, scene.Server);
        Assert.Equal(EarlyDataScene.MaxSize, pair.Client.Connection.EarlyDataLimit);
        var output = new byte[10_000];
        pair.Server.Receive(output.AsSpan(0, pair.Client.Connection.WriteEarlyData("early"u8, output).Written));
        Assert.Equal(EarlyDataScene.MaxSize - 5, pair.Client.Connection.EarlyDataLimit);
        pair.Client.Receive(pair.Server.Drain());

        // After a HelloRetryRequest the next hello goes in the clear: nothing else may.
        var result = pair.Client.Connection.WriteEarlyData("secret"u8, output);

        Assert.Equal(0, result.Consumed);
        Assert.Equal(0, pair.Client.Connection.EarlyDataLimit);
        Assert.Equal(-1, output.AsSpan(0, result.Written).IndexOf("secret"u8));
        Assert.Equal(retried, pair.Client.EarlyDataRejected);
        pair.Server.Receive(output.AsSpan(0, result.Written));
        pair.Connect();
    }

    [Fact]
    public async Task A_server_of_TLS_12_that_answers_early_data_ends_the_connection_and_the_next_one_has_none()
    {
        var scene = await EarlyDataScene.CreateAsync();
        var old = scene.NewServer(server => server.Protocols = SslProtocols.Tls12);
        using var pair = new ConnectionPair(scene.Client, old).Run();
        Assert.Equal(TlsFault.UnsupportedVersion, pair.Client.Fault?.Fault);
        Assert.NotNull(pair.Server.Fault);

        using var next = new ConnectionPair(scene.Client, old).Connect();

        Assert.Equal(SslProtocols.Tls12, next.Client.Connection.Info.Protocol);
    }

    [Fact]
    public async Task A_server_takes_no_early_data_under_a_ticket_that_promised_more_than_it_takes_today()
    {
        var ring = new InProcessRing(timeProvider: TestServers.Clock());
        var scene = await EarlyDataScene.CreateAsync(Share);
        var stricter = scene.NewServer(server =>
        {
            Share(server);
            server.EarlyData.MaxSize = EarlyDataScene.MaxSize - 1;
        });
        scene.Clock.Advance(TimeSpan.FromMinutes(1));

        using var pair = new ConnectionPair(scene.Client, stricter).Connect();

        Assert.True(pair.Server.Connection.Info is { IsResumed: true, EarlyDataAccepted: false });

        void Share(TlsServerOptions server)
        {
            server.Tickets.Ring = ring;
            server.ScopeName = "shared";
            server.EarlyData.ReplayScope = ReplayScope.PerNode;
        }
    }

    [Fact]
    public async Task A_server_knows_what_was_negotiated_while_it_reads_early_data()
    {
        var http2 = System.Net.Security.SslApplicationProtocol.Http2;
        var scene = await EarlyDataScene.CreateAsync(server => server.ApplicationProtocols.Add(http2), client => client.ApplicationProtocols.Add(http2));
        using var pair = new ConnectionPair(scene.Client, scene.Server);
        Assert.Equal(http2, pair.Client.Connection.EarlyDataProtocol);
        Assert.Throws<InvalidOperationException>(() => pair.Server.Connection.Info);

        pair.Server.Receive(pair.Client.Drain());

        Assert.True(pair.Server.Connection.IsReadingEarlyData);
        Assert.False(pair.Server.Connection.IsConnected);
        var info = pair.Server.Connection.Info;
        Assert.True(info is { EarlyDataAccepted: true, Resumption: ResumptionKind.Psk, ServerName: TestServers.Name, NewTicket: false });
        Assert.Equal(http2, info.ApplicationProtocol);
        pair.Connect();
        Assert.False(pair.Server.Connection.IsReadingEarlyData);
        Assert.True(pair.Server.Connection.Info.NewTicket);
    }

    [Fact]
    public async Task No_early_data_follows_close_notify()
    {
        var scene = await EarlyDataScene.CreateAsync();
        using var pair = new ConnectionPair(scene.Client, scene.Server);
        var client = pair.Client.Connection;
        Assert.NotEqual(0, client.EarlyDataLimit);
        client.Close();
        pair.Client.Drain();

        Assert.Equal(0, client.EarlyDataLimit);
        Assert.Equal(new TlsWriteResult(0, 0), client.WriteEarlyData("late"u8, new byte[1000]));
    }

    [Fact]
    public void Nothing_follows_close_notify()
    {
        var time = TestServers.Clock();
        using var pair = new ConnectionPair(
            TestServers.Client(time, options => options.Protocols = SslProtocols.Tls13), TestServers.Server(time, options => options.Protocols = SslProtocols.Tls13)).Connect();
        var server = pair.Server.Connection;
        server.Close();
        pair.Client.Receive(pair.Server.Drain());

        server.UpdateKeys();
        Assert.Equal(0, server.SendTickets(2));
        pair.Client.Connection.UpdateKeys(requestPeer: true);
        pair.Server.Receive(pair.Client.Drain());

        Assert.False(server.HasPendingOutput);
        Assert.True(pair.Client.Closed);
        pair.Server.Receive(pair.Client.Write("still read"u8));
        Assert.Equal("still read"u8.ToArray(), pair.Server.Delivered);
    }
}
