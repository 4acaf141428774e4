using System.Buffers;
using System.Net.Security;
using Kippu.Resumption;
using Kippu.Tests.Handshake.Peers;
using Kippu.Wire;
using Kippu.Wire.Messages;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>As <see cref="TicketRefusalTests"/>, of tickets as pre-shared keys: each costs a full handshake, and says why.</summary>
public sealed class TicketRefusal13Tests : IDisposable
{
    private const string Scope = "tests";

    private readonly FakeTimeProvider _time = TestServers.Clock();
    private readonly TicketKeyRing _issuing;

    public TicketRefusal13Tests()
    {
        var now = _time.GetUtcNow();
        _issuing = new TicketKeyRing(1, 1, now, TimeSpan.FromHours(24), [Key(now.AddHours(-1), now.AddHours(36), now.AddHours(61))]);
    }

    private TicketKey TheKey => _issuing.Keys[0];

    public void Dispose() => _issuing.Dispose();

    [Fact]
    public void Under_an_unknown_key() => AssertRefused(Issued(), Server(TicketKeyRing.Create(_time.GetUtcNow())), TicketRefusal.UnknownKey, null);

    [Fact]
    public void Under_a_revoked_key() => AssertRefused(Issued(), Server(_issuing.Revoke(TheKey.Id, _time.GetUtcNow())), TicketRefusal.RevokedKey, TheKey.Id, newTicket: false);

    [Fact]
    public void Under_an_erased_key()
    {
        var now = _time.GetUtcNow();
        var erased = new TicketKey(TheKey.Id, TheKey.Secret, now.AddHours(-3), now.AddHours(-3), now.AddHours(-2), now.AddMinutes(-1));
        var active = Key(now.AddHours(-1), now.AddHours(36), now.AddHours(61));

        AssertRefused(Issued(), Server(new TicketKeyRing(1, 2, now, TimeSpan.FromHours(24), [erased, active])), TicketRefusal.ErasedKey, TheKey.Id);
    }

    [Fact]
    public void Too_short_to_be_one() => AssertRefused(Issued() with { Ticket = [1, 2, 3] }, Server(), TicketRefusal.Malformed, null);

    [Fact]
    public void Changed_in_any_byte_of_its_ciphertext()
    {
        var session = Issued();
        foreach (var at in new[] { 16, session.Ticket.Length / 2, session.Ticket.Length - 1 })
        {
            byte[] changed = [.. session.Ticket];
            changed[at] ^= 1;
            AssertRefused(session with { Ticket = changed }, Server(), TicketRefusal.BadMac, TheKey.Id);
        }
    }

    [Fact]
    public void Expired()
    {
        var session = Issued();
        _time.Advance(TimeSpan.FromHours(12) + TimeSpan.FromMinutes(2));
        AssertResumed(session, Server());
        _time.Advance(TimeSpan.FromMilliseconds(1));

        AssertRefused(session, Server(), TicketRefusal.Expired, TheKey.Id);
    }

    [Fact]
    public void Past_its_lineage()
    {
        var session = Issued();
        _time.Advance(TimeSpan.FromHours(2));

        AssertRefused(session, Server(configure: options => options.Tickets.MaxLineage = TimeSpan.FromHours(1)), TicketRefusal.LineageOver, TheKey.Id);
    }

    [Fact]
    public void From_the_future()
    {
        var session = Issued();
        AssertResumed(session, Server(time: new FakeTimeProvider(TestPki.Now.AddMinutes(-2))));

        AssertRefused(session, Server(time: new FakeTimeProvider(TestPki.Now.AddMinutes(-2).AddMilliseconds(-1))), TicketRefusal.FromTheFuture, TheKey.Id);
    }

    [Fact]
    public void Of_TLS_1_2()
    {
        using var first = new HostileClient(Server()).Connect();
        var ticket = first.Said<NewSessionTicket12>().Ticket.ToArray();

        AssertRefused(PeerSession13.Invented(HostilePeer13.Aes128) with { Ticket = ticket }, Server(), TicketRefusal.WrongVersion, TheKey.Id);
    }

    [Fact]
    public void Offered_in_TLS_1_2_instead()
    {
        var session = Issued();
        using var peer = new HostileClient(Server())
        {
            Session = new PeerSession { Suite = CipherSuite.Find(0xC02B)!, MasterSecret = new byte[48] }.WithTicket(session.Ticket),
        }.Connect();

        peer.Connected();
        Assert.False(peer.Resumes);
        Assert.Equal(TicketRefusal.WrongVersion, peer.Victim.Connection.Info.TicketRefusal);
    }

    [Fact]
    public void Of_another_service_on_the_same_ring() => AssertRefused(Issued(), Server(configure: options => options.ScopeName = "another"), TicketRefusal.WrongScope, TheKey.Id);

    [Fact]
    public void Of_another_requirement_for_certificates() =>
        AssertRefused(Issued(), Server(configure: options => options.ClientCertificate = ClientCertificateRequirement.Optional), TicketRefusal.WrongScope, TheKey.Id);

    [Theory]
    [InlineData("other.localhost")]
    [InlineData(null)]
    public void Of_another_name(string? name)
    {
        using var peer = new HostileClient13(Server()) { Sessions = [Issued()], ServerName = name }.Connect();

        AssertRefused(peer, TicketRefusal.ServerName, TheKey.Id, newTicket: true);
    }

    [Fact]
    public void Of_a_hash_that_is_not_offered()
    {
        using var peer = new HostileClient13(Server()) { Sessions = [Issued()], Suites = [(ushort)HostilePeer13.Aes256.Id] }.Connect();

        AssertRefused(peer, TicketRefusal.CipherSuite, TheKey.Id, newTicket: true);
    }

    [Fact]
    public void Of_a_hash_that_is_not_enabled() =>
        AssertRefused(Issued(), Server(configure: options => options.CipherSuites.Add(TlsCipherSuite.TLS_AES_256_GCM_SHA384)), TicketRefusal.CipherSuite, TheKey.Id);

    [Fact]
    public void Another_suite_of_the_same_hash_is_no_reason()
    {
        var session = Issued();
        Assert.Equal(TlsCipherSuite.TLS_AES_128_GCM_SHA256, session.Suite.Id);
        using var peer = new HostileClient13(Server()) { Sessions = [session], Suites = [(ushort)TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256] }.Connect();

        peer.Connected();
        Assert.True(peer.Resumes);
        Assert.Equal(TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256, peer.Victim.Connection.Info.CipherSuite);
    }

    [Fact]
    public void By_a_server_whose_tickets_are_off() =>
        AssertRefused(Issued(), Server(configure: options => options.Tickets.Enabled = false), TicketRefusal.Disabled, null, newTicket: false);

    [Fact]
    public void By_the_application() => AssertRefused(
        Issued(), Server(configure: options => options.Tickets.Protector = new Protector(() => TicketVerdict.Refuse(TicketRefusal.ApplicationRefused))), TicketRefusal.ApplicationRefused, null);

    [Fact]
    public void By_an_application_that_throws() => AssertRefused(
        Issued(), Server(configure: options => options.Tickets.Protector = new Protector(() => throw new TimeoutException("no vault"))), TicketRefusal.ApplicationFailed, null, newTicket: false);

    [Fact]
    public void No_ticket_comes_after_a_refusal_where_the_options_say_so()
    {
        using var peer = new HostileClient13(Server(configure: options => options.Tickets.IssueOnRejection = false)) { Sessions = [PeerSession13.Invented(HostilePeer13.Aes128)] }.Connect();

        peer.Connected();
        Assert.Empty(peer.Tickets);
    }

    private static TicketKey Key(DateTimeOffset activateAt, DateTimeOffset retireAt, DateTimeOffset eraseAt) =>
        new(TicketKeyId.NewRandom(), TicketKeySecret.NewRandom(), activateAt, activateAt, retireAt, eraseAt);

    private static void AssertRefused(PeerSession13 session, TlsServer server, TicketRefusal reason, TicketKeyId? key, bool newTicket = true)
    {
        using var peer = new HostileClient13(server) { Sessions = [session] }.Connect();
        AssertRefused(peer, reason, key, newTicket);
    }

    private static void AssertRefused(HostileClient13 peer, TicketRefusal reason, TicketKeyId? key, bool newTicket)
    {
        peer.Connected();
        Assert.False(peer.Resumes);
        var info = peer.Victim.Connection.Info;
        Assert.Equal(reason, info.TicketRefusal);
        Assert.Equal(key, info.TicketKey);
        Assert.Null(info.TicketAge);
        Assert.Null(info.SessionAge);
        Assert.Equal(newTicket, info.NewTicket);
        Assert.Equal(newTicket, peer.Tickets.Count > 0);
    }

    private static void AssertResumed(PeerSession13 session, TlsServer server)
    {
        using var peer = new HostileClient13(server) { Sessions = [session] }.Connect();

        peer.Connected();
        Assert.True(peer.Resumes);
        Assert.Equal(TicketRefusal.None, peer.Victim.Connection.Info.TicketRefusal);
    }

    private PeerSession13 Issued()
    {
        using var first = new HostileClient13(Server()) { Suites = [(ushort)HostilePeer13.Aes128.Id] }.Connect();
        first.Connected();
        return first.NewSession;
    }

    private TlsServer Server(TicketKeyRing? ring = null, Action<TlsServerOptions>? configure = null, TimeProvider? time = null) => TestServers.Server13(time ?? _time, options =>
    {
        options.Tickets.Ring = new FixedRing(ring ?? _issuing);
        options.ScopeName = Scope;
        configure?.Invoke(options);
    });

    private sealed class Protector(Func<TicketVerdict> open) : ITicketProtector
    {
        public bool TrySeal(in TicketContext context, ReadOnlySpan<byte> state, IBufferWriter<byte> ticket)
        {
            open();
            ticket.Write(state);
            return true;
        }

        public TicketVerdict Open(in TicketContext context, ReadOnlySpan<byte> ticket, IBufferWriter<byte> state) => open();
    }
}
