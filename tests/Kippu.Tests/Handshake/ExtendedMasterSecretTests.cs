using Kippu.Resumption;
using Kippu.Tests.Handshake.Peers;
using Kippu.Wire;
using Kippu.Wire.Messages;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>RFC 7627 §5.2 (full handshakes), §5.3 (abbreviated ones) and §5.4 (interoperability), every branch in both roles.</summary>
public sealed class ExtendedMasterSecretTests
{
    private readonly FakeTimeProvider _time = TestServers.Clock();
    private readonly IRingSource _ring;

    public ExtendedMasterSecretTests() => _ring = new FixedRing(TicketKeyRing.Create(_time.GetUtcNow()));

    [Fact]
    public void A_client_sends_it_always_also_when_it_resumes()
    {
        var client = TestServers.Client(_time);
        using var first = new HostileServer(client) { PromisesTicket = true }.Connect();
        using var second = new HostileServer(client);

        Assert.True(first.ClientHello.ExtendedMasterSecret);
        Assert.False(second.ClientHello.SessionTicket!.Value.IsEmpty);
        Assert.True(second.ClientHello.ExtendedMasterSecret);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_server_answers_it_if_it_came(bool sent)
    {
        using var peer = new HostileClient(Server()) { ExtendedMasterSecret = sent }.Connect();

        peer.Connected();
        Assert.Equal(sent, peer.Said<ServerHello>().ExtendedMasterSecret);
        Assert.Equal(sent, peer.Victim.Connection.Info.ExtendedMasterSecret);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_client_goes_on_without_it(bool answered)
    {
        using var peer = new HostileServer(TestServers.Client(_time)) { ExtendedMasterSecret = answered }.Connect();

        peer.Connected();
        Assert.Equal(answered, peer.Victim.Connection.Info.ExtendedMasterSecret);
    }

    [Fact]
    public void A_server_that_requires_it_refuses_who_does_not_send_it()
    {
        using var peer = new HostileClient(Server(requires: true)) { ExtendedMasterSecret = false };
        peer.SendHello();

        peer.Refused(TlsFault.ExtendedMasterSecretRequired, AlertDescription.HandshakeFailure);
    }

    [Fact]
    public void A_client_that_requires_it_refuses_who_does_not_answer_it()
    {
        using var peer = new HostileServer(TestServers.Client(_time, options => options.RequireExtendedMasterSecret = true)) { ExtendedMasterSecret = false };
        peer.SendHello();

        peer.Refused(TlsFault.ExtendedMasterSecretRequired, AlertDescription.HandshakeFailure);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Its_data_is_empty(bool victimIsServer)
    {
        using HostilePeer peer = victimIsServer
            ? new HostileClient(Server()) { Edit = Edits.Extension(HandshakeType.ClientHello, 23, [0]) }
            : new HostileServer(TestServers.Client(_time)) { Edit = Edits.Extension(HandshakeType.ServerHello, 23, [0]) };
        peer.SendHello();

        peer.Refused(TlsFault.MalformedMessage, AlertDescription.DecodeError);
    }

    [Fact]
    public void A_client_never_keeps_a_session_without_it()
    {
        var client = TestServers.Client(_time);
        using var peer = new HostileServer(client) { ExtendedMasterSecret = false, PromisesTicket = true, SessionId = new byte[32] }.Connect();

        peer.Connected();
        Assert.Equal(0, client.SessionStore.Count);
        using var next = new HostileServer(client);
        Assert.True(next.ClientHello.SessionTicket is { IsEmpty: true });
        Assert.True(next.ClientHello.SessionId.IsEmpty);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_client_never_offers_a_session_without_it_though_its_store_holds_one(bool extended)
    {
        var client = TestServers.Client(_time);
        using var peer = new HostileServer(client) { PromisesTicket = true }.Connect();
        using var exported = new MemoryStream();
        client.SessionStore.Export(exported);
        var store = new ClientSessionStore();
        foreach (var (key, session) in ClientSessionJson.Read(exported.ToArray()))
        {
            var state = new SessionState
            {
                Version = session.State.Version,
                Suite = session.State.Suite,
                Secret = session.State.Secret,
                ExtendedMasterSecret = extended,
                ServerName = session.State.ServerName,
                OriginalHandshake = session.State.OriginalHandshake,
                PeerCertificate = session.State.PeerCertificate,
                PeerVerification = session.State.PeerVerification,
            };
            store.Add(key, new ClientSession(state, session.Ticket, [], session.Received, session.Expires), _time.GetUtcNow());
        }

        Assert.Equal(1, store.Count);
        using var next = new HostileServer(TestServers.Client(_time, options => options.SessionStore = store));
        Assert.Equal(extended, next.ClientHello.SessionTicket is { IsEmpty: false });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_session_without_it_gets_a_ticket_or_an_ID_only_where_that_is_allowed(bool allowed)
    {
        using var peer = new HostileClient(Server(allowed)) { ExtendedMasterSecret = false }.Connect();
        using var byId = new HostileClient(Server(allowed)) { ExtendedMasterSecret = false, AsksForTicket = false }.Connect();

        peer.Connected();
        Assert.Equal(allowed, peer.Said<ServerHello>().SessionTicket);
        Assert.Equal(allowed, peer.HasSaid(HandshakeType.NewSessionTicket));
        Assert.Equal(allowed ? 32 : 0, byId.Said<ServerHello>().SessionId.Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_session_with_it_resumed_by_a_hello_without_it_ends_the_handshake(bool byTicket)
    {
        // RFC 7627 §5.3: "If the original session used the "extended_master_secret" extension but the new ClientHello does not contain it, the server MUST abort".
        var server = Server(allowLegacy: true);
        var session = Session(server, byTicket, extended: true);
        using var peer = new HostileClient(server) { Session = session, ExtendedMasterSecret = false };
        peer.SendHello();

        peer.Refused(TlsFault.ExtendedMasterSecretMismatch, AlertDescription.HandshakeFailure);
        Assert.Equal(["Alert"], peer.Flow);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_session_without_it_resumed_by_a_hello_with_it_falls_back_to_a_full_handshake(bool byTicket)
    {
        var server = Server(allowLegacy: true);
        var session = Session(server, byTicket, extended: false);
        using var peer = new HostileClient(server) { Session = session }.Connect();

        peer.Connected();
        Assert.False(peer.Resumes);
        Assert.True(peer.Said<ServerHello>().ExtendedMasterSecret);
        Assert.Equal(TicketRefusal.ExtendedMasterSecret, peer.Victim.Connection.Info.TicketRefusal);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Without_it_on_both_sides_a_session_is_resumed_only_where_that_is_allowed(bool byTicket, bool allowed)
    {
        var cache = new MemorySessionCache(timeProvider: _time);
        var session = Session(Server(allowLegacy: true, cache: cache), byTicket, extended: false);
        using var peer = new HostileClient(Server(allowed, cache: cache)) { Session = session, ExtendedMasterSecret = false }.Connect();

        peer.Connected();
        Assert.Equal(allowed, peer.Resumes);
        Assert.False(peer.Said<ServerHello>().ExtendedMasterSecret);
        Assert.Equal(allowed ? TicketRefusal.None : TicketRefusal.ExtendedMasterSecret, peer.Victim.Connection.Info.TicketRefusal);
        Assert.Throws<InvalidOperationException>(() => peer.Victim.Connection.ExportKeyingMaterial("EXPERIMENTAL"u8, null, new byte[16]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void With_it_on_both_sides_a_session_is_resumed_and_it_is_answered(bool byTicket)
    {
        var server = Server();
        using var peer = new HostileClient(server) { Session = Session(server, byTicket, extended: true) }.Connect();

        peer.Connected();
        Assert.True(peer.Resumes);
        Assert.True(peer.Said<ServerHello>().ExtendedMasterSecret);
    }

    [Fact]
    public void A_client_ends_a_handshake_that_resumes_its_session_without_it()
    {
        var client = TestServers.Client(_time);
        using var first = new HostileServer(client) { PromisesTicket = true }.Connect();
        using var peer = new HostileServer(client) { Session = first.NewSession, ExtendedMasterSecret = false };
        peer.SendHello();

        peer.Refused(TlsFault.ExtendedMasterSecretMismatch, AlertDescription.HandshakeFailure);
    }

    [Fact]
    public void A_client_whose_server_falls_back_to_a_full_handshake_without_it_goes_on()
    {
        var client = TestServers.Client(_time);
        using var first = new HostileServer(client) { PromisesTicket = true }.Connect();
        using var peer = new HostileServer(client) { ExtendedMasterSecret = false }.Connect();

        peer.Connected();
        Assert.Equal(0, client.SessionStore.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Nothing_is_exported_without_it(bool victimIsServer)
    {
        using HostilePeer peer = victimIsServer
            ? new HostileClient(Server()) { ExtendedMasterSecret = false }.Connect()
            : new HostileServer(TestServers.Client(_time)) { ExtendedMasterSecret = false }.Connect();

        peer.Connected();
        var thrown = Assert.Throws<InvalidOperationException>(() => peer.Victim.Connection.ExportKeyingMaterial("EXPERIMENTAL"u8, null, new byte[16]));
        Assert.Contains("RFC 7627", thrown.Message, StringComparison.Ordinal);
    }

    private static PeerSession Session(TlsServer server, bool byTicket, bool extended)
    {
        using var first = new HostileClient(server) { ExtendedMasterSecret = extended, AsksForTicket = byTicket }.Connect();
        first.Connected();
        Assert.Equal(byTicket, first.NewSession.Ticket is not null);
        return first.NewSession;
    }

    private TlsServer Server(bool allowLegacy = false, bool requires = false, ISessionCache? cache = null) => TestServers.Server(_time, options =>
    {
        options.Tickets.Ring = _ring;
        options.ScopeName = "tests";
        options.Tickets.AllowLegacyResumption = allowLegacy;
        options.RequireExtendedMasterSecret = requires;
        options.SessionCache = cache ?? new MemorySessionCache(timeProvider: _time);
    });
}
