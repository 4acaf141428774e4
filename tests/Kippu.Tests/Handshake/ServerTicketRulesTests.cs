using System.Security.Cryptography;
using Kippu.Tests.Handshake.Peers;
using Kippu.Wire;
using Kippu.Wire.Messages;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>What RFC 5077 §3.1 to §3.4 demands of a server, of a client that does as it likes.</summary>
public sealed class ServerTicketRulesTests
{
    private readonly FakeTimeProvider _time = TestServers.Clock();

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(31)]
    [InlineData(32)]
    public void A_server_that_takes_a_ticket_echoes_the_session_ID(int length)
    {
        var server = TestServers.Server(_time);
        using var first = new HostileClient(server).Connect();
        var sessionId = RandomNumberGenerator.GetBytes(length);
        using var peer = new HostileClient(server) { Session = first.NewSession with { SessionId = sessionId } }.Connect();

        peer.Connected();
        Assert.Equal(sessionId, peer.Said<ServerHello>().SessionId.ToArray());
        Assert.Equal(ResumptionKind.Ticket, peer.Victim.Connection.Info.Resumption);
    }

    [Fact]
    public void A_ticket_without_a_session_ID_is_taken_too()
    {
        var server = TestServers.Server(_time);
        using var first = new HostileClient(server).Connect();
        using var peer = new HostileClient(server) { Session = first.NewSession with { SessionId = [] } }.Connect();

        peer.Connected();
        Assert.True(peer.Said<ServerHello>().SessionId.IsEmpty);
        Assert.Equal(ResumptionKind.Ticket, peer.Victim.Connection.Info.Resumption);
    }

    [Fact]
    public void A_session_ID_beside_a_ticket_is_never_looked_up()
    {
        var cache = new CountingCache(_time);
        var server = TestServers.Server(_time, options => options.SessionCache = cache);
        using var first = new HostileClient(server) { AsksForTicket = false }.Connect();
        Assert.Equal(1, cache.Stored);

        var session = first.NewSession;
        using var peer = new HostileClient(server) { Session = session with { Ticket = RandomNumberGenerator.GetBytes(200) } }.Connect();
        peer.Connected();
        Assert.False(peer.Resumes);
        Assert.Equal(TicketRefusal.Malformed, peer.Victim.Connection.Info.TicketRefusal);
        Assert.Equal(0, cache.LookedUp);

        using var byId = new HostileClient(server) { Session = session }.Connect();
        byId.Connected();
        Assert.True(byId.Resumes);
        Assert.Equal(1, cache.LookedUp);
    }

    [Theory]
    [InlineData(false, TicketRefusal.UnknownSession)]
    [InlineData(true, TicketRefusal.None)]
    public void An_unknown_session_ID_counts_as_refused_unless_the_client_speaks_TLS_13_and_makes_one_up(bool speaks13, TicketRefusal refusal)
    {
        var server = TestServers.Server(_time, options => options.SessionCache = new CountingCache(_time));
        using var first = new HostileClient(server) { AsksForTicket = false }.Connect();
        var session = first.NewSession with { SessionId = RandomNumberGenerator.GetBytes(32) };
        using var peer = new HostileClient(server) { Session = session, Versions = speaks13 ? [(ushort)TlsVersion.Tls13, (ushort)TlsVersion.Tls12] : null }.Connect();

        peer.Connected();
        Assert.False(peer.Resumes);
        Assert.Equal(refusal, peer.Victim.Connection.Info.TicketRefusal);
    }

    [Fact]
    public void No_ticket_is_sent_before_the_clients_Finished_has_verified()
    {
        var cache = new CountingCache(_time);
        var server = TestServers.Server(_time, options => options.SessionCache = cache);
        using var peer = new HostileClient(server) { Edit = Edits.FlipLast(HandshakeType.Finished) }.Connect();

        peer.Refused(TlsFault.BadFinished, AlertDescription.DecryptError);
        Assert.Equal(["ServerHello", "Certificate", "ServerKeyExchange", "ServerHelloDone", "Alert"], peer.Flow);
        Assert.Equal(0, cache.Stored);
    }

    [Fact]
    public void No_session_ID_is_kept_before_the_clients_Finished_has_verified()
    {
        var cache = new CountingCache(_time);
        var server = TestServers.Server(_time, options => options.SessionCache = cache);
        using var peer = new HostileClient(server) { AsksForTicket = false };
        peer.SendHello();
        peer.SendKeyFlight();
        peer.SendChangeCipherSpec();
        Assert.Equal(0, cache.Stored);
        peer.SendFinished();

        peer.Connected();
        Assert.Equal(1, cache.Stored);
        Assert.Equal(32, peer.Said<ServerHello>().SessionId.Length);
    }

    [Fact]
    public void A_client_that_knows_a_session_ID_but_not_its_secret_cannot_end_the_session()
    {
        var server = TestServers.Server(_time, TestServers.WithSessionCache);
        using var first = new HostileClient(server) { AsksForTicket = false }.Connect();
        var session = first.NewSession;
        using var thief = new HostileClient(server) { Session = session };
        thief.SendHello();
        thief.SendContent(ContentType.ChangeCipherSpec, [1]);
        thief.SendContent(ContentType.Handshake, RandomNumberGenerator.GetBytes(40));
        thief.Refused(TlsFault.BadRecordMac, AlertDescription.BadRecordMac);

        using var owner = new HostileClient(server) { Session = session }.Connect();
        owner.Connected();
        Assert.True(owner.Resumes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_full_handshake_that_promises_a_ticket_gives_no_session_ID(bool asksForTicket)
    {
        using var peer = new HostileClient(TestServers.Server(_time, TestServers.WithSessionCache)) { AsksForTicket = asksForTicket }.Connect();

        peer.Connected();
        Assert.Equal(asksForTicket ? 0 : 32, peer.Said<ServerHello>().SessionId.Length);
        Assert.Equal(asksForTicket, peer.Said<ServerHello>().SessionTicket);
        Assert.Equal(asksForTicket, peer.HasSaid(HandshakeType.NewSessionTicket));
    }

    [Fact]
    public void A_ring_that_runs_out_during_the_handshake_makes_the_ticket_empty()
    {
        using var ring = new FixedRing(TicketKeyRing.Create(_time.GetUtcNow()));
        var server = TestServers.Server(_time, options => (options.Tickets.Ring, options.ScopeName) = (ring, "tests"));
        using var peer = new HostileClient(server);
        peer.SendHello();
        Assert.True(peer.Said<ServerHello>().SessionTicket);
        _time.Advance(TimeSpan.FromDays(30));
        peer.SendKeyFlight();
        peer.SendChangeCipherSpec();
        peer.SendFinished();

        peer.Connected();
        Assert.True(peer.Said<NewSessionTicket12>().Ticket.IsEmpty);
        Assert.False(peer.Victim.Connection.Info.NewTicket);
    }

    [Fact]
    public void A_ring_that_has_run_out_promises_nothing_and_handshakes_go_on()
    {
        using var ring = new FixedRing(TicketKeyRing.Create(_time.GetUtcNow()));
        var server = TestServers.Server(_time, options => (options.Tickets.Ring, options.ScopeName) = (ring, "tests"));
        _time.Advance(TimeSpan.FromDays(30));
        using var peer = new HostileClient(server).Connect();

        peer.Connected();
        Assert.False(peer.Said<ServerHello>().SessionTicket);
        Assert.False(peer.HasSaid(HandshakeType.NewSessionTicket));
    }

    [Theory]
    [InlineData(TicketRenewal.Always, 0, true)]
    [InlineData(TicketRenewal.Never, 11, false)]
    [InlineData(TicketRenewal.PastHalfLife, 5, false)]
    [InlineData(TicketRenewal.PastHalfLife, 6, true)]
    [InlineData(TicketRenewal.WhenKeyIsNotCurrent, 11, false)]
    public void A_ticket_is_renewed_when_the_policy_says_so(TicketRenewal renewal, int hours, bool renewed)
    {
        using var ring = new FixedRing(TicketKeyRing.Create(_time.GetUtcNow()));
        var server = TestServers.Server(_time, options => (options.Tickets.Ring, options.ScopeName, options.Tickets.Renewal) = (ring, "tests", renewal));
        using var first = new HostileClient(server).Connect();
        _time.Advance(TimeSpan.FromHours(hours));
        using var peer = new HostileClient(server) { Session = first.NewSession }.Connect();

        peer.Connected();
        Assert.True(peer.Resumes);
        Assert.Equal(renewed, peer.Said<ServerHello>().SessionTicket);
        Assert.Equal(renewed, peer.HasSaid(HandshakeType.NewSessionTicket));
        Assert.Equal(renewed, peer.Victim.Connection.Info.NewTicket);
    }

    [Fact]
    public void A_session_resumed_by_its_ID_gets_a_ticket_only_if_the_client_asks()
    {
        var server = TestServers.Server(_time, TestServers.WithSessionCache);
        using var first = new HostileClient(server) { AsksForTicket = false }.Connect();
        using var silent = new HostileClient(server) { Session = first.NewSession }.Connect();
        using var asking = new HostileClient(server) { Session = first.NewSession with { Ticket = [] } }.Connect();

        Assert.True(silent.Resumes && asking.Resumes);
        Assert.False(silent.HasSaid(HandshakeType.NewSessionTicket));
        Assert.True(asking.HasSaid(HandshakeType.NewSessionTicket));
        using var next = new HostileClient(server) { Session = asking.Session!.WithTicket(asking.Said<NewSessionTicket12>().Ticket.ToArray()) }.Connect();
        next.Connected();
        Assert.Equal(ResumptionKind.Ticket, next.Victim.Connection.Info.Resumption);
    }

    [Fact]
    public void With_tickets_turned_off_none_is_promised_and_none_is_taken()
    {
        using var ring = new FixedRing(TicketKeyRing.Create(_time.GetUtcNow()));
        using var first = new HostileClient(TestServers.Server(_time, options => (options.Tickets.Ring, options.ScopeName) = (ring, "tests"))).Connect();
        var off = TestServers.Server(_time, options => (options.Tickets.Ring, options.ScopeName, options.Tickets.Enabled) = (ring, "tests", false));
        using var peer = new HostileClient(off) { Session = first.NewSession }.Connect();

        peer.Connected();
        Assert.False(peer.Resumes);
        Assert.False(peer.Said<ServerHello>().SessionTicket);
        Assert.Equal(TicketRefusal.Disabled, peer.Victim.Connection.Info.TicketRefusal);
    }

    [Fact]
    public void The_hint_is_what_is_left_of_the_lineage_however_often_a_ticket_was_renewed()
    {
        var server = TestServers.Server(_time, options => (options.Tickets.Renewal, options.Tickets.MaxLineage) = (TicketRenewal.Always, TimeSpan.FromHours(13)));
        using var first = new HostileClient(server).Connect();
        Assert.Equal(12u * 3600, first.Said<NewSessionTicket12>().LifetimeHint);
        _time.Advance(TimeSpan.FromHours(8));
        using var second = new HostileClient(server) { Session = first.NewSession }.Connect();
        Assert.Equal(5u * 3600, second.Said<NewSessionTicket12>().LifetimeHint);
        _time.Advance(TimeSpan.FromHours(4));
        using var third = new HostileClient(server) { Session = second.Session!.WithTicket(second.Said<NewSessionTicket12>().Ticket.ToArray()) }.Connect();

        Assert.True(third.Resumes);
        Assert.Equal(3600u, third.Said<NewSessionTicket12>().LifetimeHint);
        Assert.Equal(TimeSpan.FromHours(12), third.Victim.Connection.Info.SessionAge);
        Assert.Equal(TimeSpan.FromHours(4), third.Victim.Connection.Info.TicketAge);
    }

    private sealed class CountingCache(TimeProvider time) : ISessionCache
    {
        private readonly MemorySessionCache _inner = new(timeProvider: time);

        public int Stored { get; private set; }

        public int LookedUp { get; private set; }

        public void Set(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, DateTimeOffset expires)
        {
            Stored++;
            _inner.Set(key, value, expires);
        }

        public bool TryGet(ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value)
        {
            LookedUp++;
            return _inner.TryGet(key, out value);
        }

        public void Remove(ReadOnlySpan<byte> key) => _inner.Remove(key);
    }
}
