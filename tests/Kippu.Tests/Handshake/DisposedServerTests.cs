using System.Security.Authentication;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>A server that was disposed has no keys of sessions any more. Connections that exist go on: they neither resume nor issue, and none fails for it.</summary>
public sealed class DisposedServerTests
{
    private readonly FakeTimeProvider _time = TestServers.Clock();

    [Fact]
    public void It_makes_no_more_connections()
    {
        var server = TestServers.Server(_time);
        server.Dispose();
        server.Dispose();

        Assert.Throws<ObjectDisposedException>(server.CreateConnection);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public void A_connection_that_waits_for_its_hello_neither_resumes_nor_issues(SslProtocols protocol)
    {
        var (client, server) = Peers(protocol);
        using var first = new ConnectionPair(client, server).Connect();
        using var pair = new ConnectionPair(client, server);
        server.Dispose();
        pair.Connect();

        AssertFull(pair, TicketRefusal.Disabled);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public void A_handshake_that_is_under_way_ends_without_a_ticket(SslProtocols protocol)
    {
        var (client, server) = Peers(protocol);
        using var pair = new ConnectionPair(client, server);
        pair.Tamper = (fromClient, bytes) =>
        {
            if (!fromClient)
            {
                server.Dispose();
            }

            return bytes;
        };
        pair.Connect();

        AssertFull(pair, TicketRefusal.None);
        if (protocol == SslProtocols.Tls12)
        {
            // It had been promised: RFC 5077 §3.3 allows a zero-length one.
            Assert.True(new WireView(pair.FromServer).NewSessionTicket.Ticket.IsEmpty);
        }
    }

    [Fact]
    public void A_connection_that_stands_carries_data_and_gives_no_more_tickets()
    {
        var (client, server) = Peers(SslProtocols.Tls13);
        using var pair = new ConnectionPair(client, server).Connect();
        server.Dispose();

        Assert.Equal(0, pair.Server.Connection.SendTickets());
        pair.Client.Receive(pair.Server.Write("on it goes"u8));
        Assert.Equal("on it goes"u8.ToArray(), pair.Client.Delivered);
    }

    [Fact]
    public void Sessions_by_session_ID_are_neither_found_nor_kept()
    {
        var cache = new MemorySessionCache(timeProvider: _time);
        var client = TestServers.Client(_time, options => options.UseTickets = false);
        var server = TestServers.Server(_time, options => options.SessionCache = cache);
        using var first = new ConnectionPair(client, server).Connect();
        using var second = new ConnectionPair(client, server);
        using var third = new ConnectionPair(TestServers.Client(_time, options => options.UseTickets = false), server);
        server.Dispose();
        var kept = cache.Count;

        AssertFull(second.Connect(), TicketRefusal.Disabled);
        AssertFull(third.Connect(), TicketRefusal.None);
        Assert.Equal(1, kept);
        Assert.Equal(kept, cache.Count);
    }

    [Fact]
    public void A_host_that_is_made_afterwards_has_no_sessions_either()
    {
        TlsHost? host = null;
        var server = TestServers.Server(_time, options => options.HostSelector = (_, _) => throw new InvalidOperationException("the test answers"));
        using var pair = new ConnectionPair(TestServers.Client(_time), server);
        pair.Server.Answer = question => ((HostQuestion)question).Answer(host);
        server.Dispose();
        host = server.CreateHost(new TlsHostOptions { Credentials = { TestPki.EcdsaP256.Credential }, ScopeName = "another" });

        AssertFull(pair.Connect(), TicketRefusal.None);
    }

    [Fact]
    public void A_ring_that_was_given_is_its_owners()
    {
        using var ring = new InProcessRing(_time);
        void Shared(TlsServerOptions options) => (options.Tickets.Ring, options.ScopeName) = (ring, "shop");
        var client = TestServers.Client(_time);
        var one = TestServers.Server(_time, Shared);
        using var other = TestServers.Server(_time, Shared);
        using var first = new ConnectionPair(client, one).Connect();
        one.Dispose();
        using var pair = new ConnectionPair(client, other).Connect();

        Assert.Equal(ResumptionKind.Ticket, pair.Server.Connection.Info.Resumption);
    }

    private (TlsClient Client, TlsServer Server) Peers(SslProtocols protocol) =>
        (TestServers.Client(_time, options => options.Protocols = protocol), TestServers.Server(_time, options => options.Protocols = protocol));

    private static void AssertFull(ConnectionPair pair, TicketRefusal refusal)
    {
        Assert.False(pair.Client.Connection.Info.IsResumed);
        Assert.Equal(refusal, pair.Server.Connection.Info.TicketRefusal);
        Assert.False(pair.Client.Connection.Info.NewTicket);
        Assert.False(pair.Server.Connection.Info.NewTicket);
    }
}
