using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>The handshake patterns of RFC 5077 §3.1, each judged by what both sides put on the wire.</summary>
public sealed class PatternTests
{
    private static readonly string[] s_fullServer = ["ServerHello", "Certificate", "ServerKeyExchange", "ServerHelloDone"];
    private static readonly string[] s_fullClient = ["ClientHello", "ClientKeyExchange", "ChangeCipherSpec", "(protected)"];
    private static readonly string[] s_abbreviatedClient = ["ClientHello", "ChangeCipherSpec", "(protected)"];

    [Fact]
    public void Pattern_1_full_handshake_issues_a_ticket()
    {
        var time = TestServers.Clock();
        using var pair = new ConnectionPair(TestServers.Client(time), TestServers.Server(time)).Connect();

        var server = new WireView(pair.FromServer);
        var client = new WireView(pair.FromClient);
        Assert.Equal([.. s_fullServer, "NewSessionTicket", "ChangeCipherSpec", "(protected)"], server.Flow);
        Assert.Equal(s_fullClient, client.Flow);
        Assert.True(client.ClientHello.SessionTicket is { IsEmpty: true });
        Assert.True(server.ServerHello.SessionTicket);
        Assert.True(server.ServerHello.SessionId.IsEmpty);
        Assert.Equal(43_200u, server.NewSessionTicket.LifetimeHint);
        Assert.False(pair.Client.Connection.Info.IsResumed);
        Assert.True(pair.Client.Connection.Info.NewTicket);
        Assert.True(pair.Server.Connection.Info.NewTicket);
    }

    [Fact]
    public void Pattern_2_abbreviated_handshake_renews_the_ticket_past_half_its_life()
    {
        var time = TestServers.Clock();
        var server = TestServers.Server(time);
        var client = TestServers.Client(time);
        using var first = new ConnectionPair(client, server).Connect();
        time.Advance(TimeSpan.FromHours(7));
        using var pair = new ConnectionPair(client, server).Connect();

        var view = new WireView(pair.FromServer);
        var hello = new WireView(pair.FromClient).ClientHello;
        Assert.Equal(["ServerHello", "NewSessionTicket", "ChangeCipherSpec", "(protected)"], view.Flow);
        Assert.Equal(s_abbreviatedClient, new WireView(pair.FromClient).Flow);
        Assert.True(view.ServerHello.SessionTicket);
        Assert.Equal(hello.SessionId.ToArray(), view.ServerHello.SessionId.ToArray());
        Assert.Equal(32, hello.SessionId.Length);
        Assert.NotEqual(hello.SessionTicket!.Value.ToArray(), view.NewSessionTicket.Ticket.ToArray());
        AssertResumed(pair, ResumptionKind.Ticket);
        Assert.Equal(TimeSpan.FromHours(7), pair.Server.Connection.Info.TicketAge);
        Assert.Equal(TimeSpan.FromHours(7), pair.Client.Connection.Info.SessionAge);
    }

    [Fact]
    public void Pattern_2b_abbreviated_handshake_leaves_a_young_ticket_alone()
    {
        var time = TestServers.Clock();
        var server = TestServers.Server(time);
        var client = TestServers.Client(time);
        using var first = new ConnectionPair(client, server).Connect();
        using var pair = new ConnectionPair(client, server).Connect();

        var view = new WireView(pair.FromServer);
        Assert.Equal(["ServerHello", "ChangeCipherSpec", "(protected)"], view.Flow);
        Assert.False(view.ServerHello.SessionTicket);
        AssertResumed(pair, ResumptionKind.Ticket);
    }

    [Fact]
    public void Pattern_3_refused_ticket_and_none_issued()
    {
        var time = TestServers.Clock();
        var client = TestServers.Client(time);
        using var first = new ConnectionPair(client, TestServers.Server(time)).Connect();
        using var pair = new ConnectionPair(client, TestServers.Server(time, options => options.Tickets.IssueOnRejection = false)).Connect();

        var view = new WireView(pair.FromServer);
        Assert.Equal([.. s_fullServer, "ChangeCipherSpec", "(protected)"], view.Flow);
        Assert.False(view.ServerHello.SessionTicket);
        Assert.False(pair.Client.Connection.Info.IsResumed);
        Assert.Equal(TicketRefusal.UnknownKey, pair.Server.Connection.Info.TicketRefusal);
    }

    [Fact]
    public void Pattern_4_refused_ticket_and_a_new_one_issued()
    {
        var time = TestServers.Clock();
        var client = TestServers.Client(time);
        using var first = new ConnectionPair(client, TestServers.Server(time)).Connect();
        var other = TestServers.Server(time);
        using var pair = new ConnectionPair(client, other).Connect();

        var view = new WireView(pair.FromServer);
        Assert.Equal([.. s_fullServer, "NewSessionTicket", "ChangeCipherSpec", "(protected)"], view.Flow);
        Assert.True(view.ServerHello.SessionTicket);
        Assert.Equal(TicketRefusal.UnknownKey, pair.Server.Connection.Info.TicketRefusal);
        using var next = new ConnectionPair(client, other).Connect();
        AssertResumed(next, ResumptionKind.Ticket);
    }

    [Fact]
    public void Pattern_5_session_id_without_the_ticket_extension()
    {
        var time = TestServers.Clock();
        var server = TestServers.Server(time, TestServers.WithSessionCache);
        var client = TestServers.Client(time, options => options.UseTickets = false);
        using var first = new ConnectionPair(client, server).Connect();
        Assert.Equal(32, new WireView(first.FromServer).ServerHello.SessionId.Length);
        Assert.Null(new WireView(first.FromClient).ClientHello.SessionTicket);
        using var pair = new ConnectionPair(client, server).Connect();

        var view = new WireView(pair.FromServer);
        Assert.Equal(["ServerHello", "ChangeCipherSpec", "(protected)"], view.Flow);
        Assert.Equal(new WireView(first.FromServer).ServerHello.SessionId.ToArray(), view.ServerHello.SessionId.ToArray());
        AssertResumed(pair, ResumptionKind.SessionId);
    }

    [Fact]
    public void No_session_id_is_given_that_could_not_be_kept()
    {
        var time = TestServers.Clock();
        using var ring = TicketKeyRing.Create(time.GetUtcNow());
        var server = TestServers.Server(time, options =>
        {
            TestServers.WithSessionCache(options);
            options.ScopeName = "test";
            options.Tickets.Ring = new FixedRing(ring);
        });
        // The fake certificate clock stays within the certificate; the ring's last key has retired long before.
        time.Advance(TimeSpan.FromDays(5));
        Assert.True(ring.HasRunOut(time.GetUtcNow()));
        using var pair = new ConnectionPair(TestServers.Client(time), server).Connect();

        var view = new WireView(pair.FromServer);
        Assert.Equal([.. s_fullServer, "ChangeCipherSpec", "(protected)"], view.Flow);
        Assert.True(view.ServerHello.SessionId.IsEmpty);
        Assert.False(view.ServerHello.SessionTicket);
    }

    [Fact]
    public void Pattern_5b_session_id_with_an_empty_ticket_extension_keeps_the_id_and_gets_a_ticket()
    {
        var time = TestServers.Clock();
        var server = TestServers.Server(time, TestServers.WithSessionCache);
        var store = new ClientSessionStore();
        using var first = new ConnectionPair(TestServers.Client(time, options => (options.UseTickets, options.SessionStore) = (false, store)), server).Connect();
        var client = TestServers.Client(time, options => options.SessionStore = store);
        using var pair = new ConnectionPair(client, server).Connect();

        var view = new WireView(pair.FromServer);
        Assert.True(new WireView(pair.FromClient).ClientHello.SessionTicket is { IsEmpty: true });
        Assert.Equal(["ServerHello", "NewSessionTicket", "ChangeCipherSpec", "(protected)"], view.Flow);
        Assert.Equal(new WireView(first.FromServer).ServerHello.SessionId.ToArray(), view.ServerHello.SessionId.ToArray());
        AssertResumed(pair, ResumptionKind.SessionId);
        using var next = new ConnectionPair(client, server).Connect();
        AssertResumed(next, ResumptionKind.Ticket);
    }

    [Fact]
    public void Zero_length_ticket_when_the_server_thinks_better_of_it()
    {
        var time = TestServers.Clock();
        var server = TestServers.Server(time, options => (options.Tickets.Protector, options.ScopeName) = (new DecliningProtector(), "shop"));
        var client = TestServers.Client(time);
        using var pair = new ConnectionPair(client, server).Connect();

        var view = new WireView(pair.FromServer);
        Assert.Equal([.. s_fullServer, "NewSessionTicket", "ChangeCipherSpec", "(protected)"], view.Flow);
        Assert.True(view.NewSessionTicket.Ticket.IsEmpty);
        Assert.Equal(0u, view.NewSessionTicket.LifetimeHint);
        Assert.False(pair.Client.Connection.Info.NewTicket);
        using var next = new ConnectionPair(client, server).Connect();
        Assert.True(new WireView(next.FromClient).ClientHello.SessionTicket is { IsEmpty: true });
    }

    [Fact]
    public void A_client_that_sends_no_ticket_extension_gets_no_ticket()
    {
        var time = TestServers.Clock();
        using var pair = new ConnectionPair(TestServers.Client(time, options => options.UseTickets = false), TestServers.Server(time)).Connect();

        Assert.Equal([.. s_fullServer, "ChangeCipherSpec", "(protected)"], new WireView(pair.FromServer).Flow);
        Assert.True(new WireView(pair.FromServer).ServerHello.SessionId.IsEmpty);
    }

    private static void AssertResumed(ConnectionPair pair, ResumptionKind kind)
    {
        Assert.Equal(kind, pair.Client.Connection.Info.Resumption);
        Assert.Equal(kind, pair.Server.Connection.Info.Resumption);
        Assert.Equal(s_abbreviatedClient, new WireView(pair.FromClient).Flow);
        var data = "over the resumed connection"u8.ToArray();
        pair.Server.Receive(pair.Client.Write(data));
        Assert.Equal(data, pair.Server.Delivered);
        pair.Client.Receive(pair.Server.Write(data));
        Assert.Equal(data, pair.Client.Delivered);
    }

    private sealed class DecliningProtector : ITicketProtector
    {
        public bool TrySeal(in TicketContext context, ReadOnlySpan<byte> state, System.Buffers.IBufferWriter<byte> ticket) => false;

        public TicketVerdict Open(in TicketContext context, ReadOnlySpan<byte> ticket, System.Buffers.IBufferWriter<byte> state) => TicketVerdict.Refuse();
    }
}
