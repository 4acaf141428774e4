using System.Net.Security;
using Kippu.Tests.Handshake.Peers;
using Kippu.Wire;
using Kippu.Wire.Messages;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>NewSessionTicket (RFC 8446 §4.6.1): how many a server sends (RFC 9149), what is in them, and what a client does with them.</summary>
public sealed class Tickets13Tests
{
    private readonly FakeTimeProvider _time = TestServers.Clock();

    [Fact]
    public void Two_after_a_full_handshake_and_one_after_a_resumption()
    {
        var server = TestServers.Server13(_time);
        using var full = new HostileClient13(server).Connect();
        Assert.Equal(2, full.Tickets.Count);
        using var resumed = new HostileClient13(server) { Sessions = [full.NewSession] }.Connect();

        resumed.Connected();
        Assert.Single(resumed.Tickets);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(8, 3)]
    public void As_many_as_the_options_say(int full, int resumed)
    {
        var issuing = TestServers.Server13(_time);
        using var first = new HostileClient13(issuing).Connect();
        var server = TestServers.Server13(_time, options =>
        {
            options.Tickets.PerFullHandshake = full;
            options.Tickets.PerResumption = resumed;
        });
        using var peer = new HostileClient13(server).Connect();
        Assert.Equal(full, peer.Tickets.Count);
        Assert.Equal(full > 0, peer.Victim.Connection.Info.NewTicket);
        if (full > 0)
        {
            using var again = new HostileClient13(server) { Sessions = [peer.NewSession] }.Connect();
            Assert.Equal(resumed, again.Tickets.Count);
        }
    }

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(3, 2, 3, 2)]
    [InlineData(255, 255, 8, 8)]
    public void As_many_as_the_client_wishes_within_reason(byte full, byte resumed, int givenFull, int givenResumed)
    {
        var server = TestServers.Server13(_time);
        using var first = new HostileClient13(server).Connect();
        using var peer = Wishing(new HostileClient13(server), full, resumed);
        Assert.Equal(givenFull, peer.Tickets.Count);
        Assert.Equal(givenFull, peer.Said<EncryptedExtensions>().ExpectedTickets!.Value);
        using var again = Wishing(new HostileClient13(server) { Sessions = [first.NewSession] }, full, resumed);

        Assert.True(again.Resumes);
        Assert.Equal(givenResumed, again.Tickets.Count);
        Assert.Equal(givenResumed, again.Said<EncryptedExtensions>().ExpectedTickets!.Value);
    }

    [Fact]
    public void Nobody_who_has_no_wish_is_told_how_many_come()
    {
        using var peer = new HostileClient13(TestServers.Server13(_time)).Connect();

        Assert.Null(peer.Said<EncryptedExtensions>().ExpectedTickets);
    }

    [Fact]
    public void A_client_that_keeps_none_asks_for_none()
    {
        using var peer = new HostileServer13(TestServers.Client13(_time, options => options.UseTickets = false));

        Assert.Equal(new TicketRequest(0, 0), peer.ClientHello.TicketRequest);
    }

    [Fact]
    public void Nonces_and_age_adds_differ_and_no_lifetime_is_beyond_a_week()
    {
        using var peer = Wishing(new HostileClient13(TestServers.Server13(_time, options =>
        {
            options.Tickets.Lifetime = TimeSpan.FromDays(7);
            options.Tickets.MaxLineage = TimeSpan.FromDays(30);
        })), 8, 8);
        Assert.Equal(3, peer.Victim.Connection.SendTickets(3));
        peer.Listen();

        Assert.Equal(11, peer.Tickets.Count);
        Assert.Equal(11, peer.Tickets.Select(ticket => Convert.ToHexString(ticket.Nonce.Span)).Distinct().Count());
        Assert.Equal(11, peer.Tickets.Select(ticket => ticket.AgeAdd).Distinct().Count());
        Assert.Equal(11, peer.Tickets.Select(ticket => Convert.ToHexString(ticket.Ticket.Span)).Distinct().Count());
        Assert.All(peer.Tickets, ticket => Assert.InRange(ticket.Lifetime, 1u, 604_800u));
    }

    [Fact]
    public void Every_ticket_of_a_connection_is_a_session_of_its_own()
    {
        var server = TestServers.Server13(_time);
        using var first = new HostileClient13(server).Connect();
        first.Victim.Connection.SendTickets(2);
        first.Listen();
        Assert.Equal(4, first.Tickets.Count);
        foreach (var ticket in first.Tickets)
        {
            using var peer = new HostileClient13(server) { Sessions = [first.SessionOf(ticket)] }.Connect();
            peer.Connected();
            Assert.True(peer.Resumes);
        }
    }

    [Fact]
    public void A_client_keeps_several_and_uses_each_once()
    {
        var client = TestServers.Client13(_time);
        using var first = new HostileServer13(client).Connect();
        PeerSession13[] given = [first.SendTicket(), first.SendTicket(), first.SendTicket()];
        Assert.Equal(3, client.SessionStore.Count);
        var offered = new List<string>();
        for (var i = 0; i < given.Length; i++)
        {
            using var peer = new HostileServer13(client);
            offered.Add(Convert.ToHexString(peer.ClientHello.PreSharedKeys!.Value.Identity(0).Identity.Span));
        }

        Assert.Equal(given.Select(session => Convert.ToHexString(session.Ticket)).Order(), offered.Order());
        using var none = new HostileServer13(client);
        Assert.Null(none.ClientHello.PreSharedKeys);
    }

    [Fact]
    public void A_client_states_the_age_of_the_ticket()
    {
        var client = TestServers.Client13(_time);
        using var first = new HostileServer13(client).Connect();
        var session = first.SendTicket();
        _time.Advance(TimeSpan.FromMilliseconds(12_345));
        using var peer = new HostileServer13(client);

        Assert.Equal(TimeSpan.FromMilliseconds(12_345), peer.ClientHello.PreSharedKeys!.Value.Identity(0).TicketAge(session.AgeAdd));
    }

    [Theory]
    [InlineData(0u, 0)]
    [InlineData(1u, 1)]
    [InlineData(604_800u, 604_800)]
    [InlineData(uint.MaxValue, 604_800)]
    public void A_client_offers_a_ticket_for_as_long_as_it_may(uint lifetime, int seconds)
    {
        var client = TestServers.Client13(_time);
        using (var first = new HostileServer13(client).Connect())
        {
            first.SendTicket(lifetime);
            first.SendTicket(lifetime);
        }

        if (seconds > 0)
        {
            _time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
            using var before = new HostileServer13(client);
            Assert.NotNull(before.ClientHello.PreSharedKeys);
        }

        _time.Advance(TimeSpan.FromMilliseconds(2));
        using var after = new HostileServer13(client);
        Assert.Null(after.ClientHello.PreSharedKeys);
    }

    [Fact]
    public void A_client_drops_the_siblings_when_the_server_falls_back_to_a_full_handshake()
    {
        var client = TestServers.Client13(_time);
        using var first = new HostileServer13(client).Connect();
        first.SendTicket();
        first.SendTicket();
        using var peer = new HostileServer13(client).Connect();
        peer.Connected();

        Assert.Equal(0, client.SessionStore.Count);
    }

    [Fact]
    public void A_client_forgets_the_tickets_of_a_connection_that_fails()
    {
        var client = TestServers.Client13(_time);
        using var peer = new HostileServer13(client).Connect();
        peer.SendTicket();
        Assert.Equal(1, client.SessionStore.Count);
        peer.SendMessage(HandshakeType.Finished, []);

        peer.Refused(TlsFault.UnexpectedMessage, AlertDescription.UnexpectedMessage);
        Assert.Equal(0, client.SessionStore.Count);
    }

    public static TheoryData<string, byte[]> Malformed => new()
    {
        { "empty", [] },
        { "no ticket", [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0] },
        { "cut off", [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 9, 1, 0, 0] },
        { "something behind its end", [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0] },
        { "early_data without a size", [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 0, 4, 0, 42, 0, 0] },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void A_malformed_ticket_is_decode_error(string what, byte[] body)
    {
        using var peer = new HostileServer13(TestServers.Client13(_time)).Connect();
        peer.SendMessage(HandshakeType.NewSessionTicket, body);

        Assert.True(peer.Victim.Fault is not null, what);
        peer.Refused(TlsFault.MalformedMessage, AlertDescription.DecodeError);
    }

    [Fact]
    public void An_extension_of_a_ticket_that_nobody_knows_is_passed_over()
    {
        var client = TestServers.Client13(_time);
        using var peer = new HostileServer13(client).Connect();
        peer.SendMessage(HandshakeType.NewSessionTicket, [0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 1, 1, 0, 4, 0x77, 0x77, 0, 0]);

        peer.Connected();
        Assert.Equal(1, client.SessionStore.Count);
    }

    [Fact]
    public void Tickets_without_end_are_refused()
    {
        using var peer = new HostileServer13(TestServers.Client13(_time)).Connect();
        for (var i = 0; i < 32; i++)
        {
            peer.SendTicket();
        }

        peer.Connected();
        for (var i = 0; i < 33; i++)
        {
            peer.SendTicket();
        }

        peer.Refused(TlsFault.TooManyIdleMessages, AlertDescription.UnexpectedMessage);
    }

    [Theory]
    [InlineData(TlsCipherSuite.TLS_AES_128_GCM_SHA256, TlsCipherSuite.TLS_AES_256_GCM_SHA384)]
    [InlineData(TlsCipherSuite.TLS_AES_256_GCM_SHA384, TlsCipherSuite.TLS_AES_128_GCM_SHA256)]
    public void Nodes_on_one_ring_resume_each_others_sessions_whatever_suite_they_prefer(TlsCipherSuite one, TlsCipherSuite other)
    {
        using var ring = TicketKeyRing.Create(_time.GetUtcNow());
        var client = TestServers.Client13(_time);
        TlsServer[] nodes = [Node(ring, one, other), Node(ring, other, one)];
        using var first = new ConnectionPair(client, nodes[0]).Connect();
        Assert.Equal(one, first.Server.Connection.Info.CipherSuite);
        for (var i = 1; i < 6; i++)
        {
            using var pair = new ConnectionPair(client, nodes[i % 2]).Connect();
            Assert.Equal(ResumptionKind.Psk, pair.Server.Connection.Info.Resumption);
            Assert.Equal(one, pair.Server.Connection.Info.CipherSuite);
        }
    }

    private static HostileClient13 Wishing(HostileClient13 peer, byte full, byte resumed)
    {
        peer.SendHello(hello => hello.TicketRequest = new TicketRequest(full, resumed));
        peer.SendFinished();
        peer.Connected();
        return peer;
    }

    private TlsServer Node(TicketKeyRing ring, params TlsCipherSuite[] suites) => TestServers.Server13(_time, options =>
    {
        options.Tickets.Ring = new FixedRing(ring);
        options.ScopeName = "fleet";
        foreach (var suite in suites)
        {
            options.CipherSuites.Add(suite);
        }
    });
}
