using System.Buffers;
using System.Net.Security;
using Kippu.Certificates;
using Kippu.Crypto;
using Kippu.Resumption;
using Kippu.Tests.Handshake.Peers;
using Kippu.Wire;
using Kippu.Wire.Messages;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>Tickets that are genuine, and refused all the same: by the state of their key, their times, their version, suite, or the application.</summary>
public sealed class TicketRefusalTests : IDisposable
{
    private const string Scope = "tests";

    private readonly FakeTimeProvider _time = TestServers.Clock();
    private readonly TicketKeyRing _issuing;

    public TicketRefusalTests()
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

        AssertRefused(Issued(), Server(Ring(erased, ActiveKey())), TicketRefusal.ErasedKey, TheKey.Id);
    }

    [Fact]
    public void Under_a_retired_key_it_is_taken()
    {
        var now = _time.GetUtcNow();
        var retired = new TicketKey(TheKey.Id, TheKey.Secret, now.AddHours(-3), now.AddHours(-3), now.AddHours(-2), now.AddHours(24));

        AssertResumed(Issued(), Server(Ring(retired, ActiveKey())));
    }

    [Fact]
    public void Under_a_key_that_is_merely_published_here_it_is_taken()
    {
        // A node that promoted the key earlier has sealed by it already.
        var published = new TicketKey(TheKey.Id, TheKey.Secret, _time.GetUtcNow().AddHours(-3));

        AssertResumed(Issued(), Server(Ring(published, ActiveKey())));
    }

    [Fact]
    public void Under_a_key_that_no_longer_seals_it_is_renewed_where_the_policy_says_so()
    {
        var now = _time.GetUtcNow();
        var retired = new TicketKey(TheKey.Id, TheKey.Secret, now.AddHours(-3), now.AddHours(-3), now.AddHours(-2), now.AddHours(24));
        var active = ActiveKey();
        var server = Server(Ring(retired, active), options => options.Tickets.Renewal = TicketRenewal.WhenKeyIsNotCurrent);
        using var peer = new HostileClient(server) { Session = Issued() }.Connect();

        peer.Connected();
        Assert.True(peer.Resumes);
        Assert.Equal(active.Id, TicketKeyId.Read(peer.Said<NewSessionTicket12>().Ticket.Span));
        Assert.Equal(TheKey.Id, peer.Victim.Connection.Info.TicketKey);
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
        AssertResumed(session, Server());

        AssertRefused(session, Server(configure: options => options.Tickets.MaxLineage = TimeSpan.FromHours(1)), TicketRefusal.LineageOver, TheKey.Id);
    }

    [Fact]
    public void From_the_future()
    {
        var session = Issued();
        var behind = new FakeTimeProvider(TestPki.Now.AddMinutes(-2));
        AssertResumed(session, Server(time: behind));
        var further = new FakeTimeProvider(TestPki.Now.AddMinutes(-2).AddMilliseconds(-1));

        AssertRefused(session, Server(time: further), TicketRefusal.FromTheFuture, TheKey.Id);
    }

    [Fact]
    public void Of_another_version()
    {
        AssertRefused(Sealed(TlsVersion.Tls13, Scope), Server(), TicketRefusal.WrongVersion, TheKey.Id);
        AssertResumed(Sealed(TlsVersion.Tls12, Scope), Server());
    }

    [Fact]
    public void Of_another_service_on_the_same_ring() => AssertRefused(Sealed(TlsVersion.Tls12, "another"), Server(), TicketRefusal.WrongScope, TheKey.Id);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_a_suite_that_is_not_enabled_or_not_offered(bool byServer)
    {
        var session = Issued();
        Assert.Equal(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, session.Suite.Id);
        var server = Server(configure: options =>
        {
            if (byServer)
            {
                options.CipherSuites.Add(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384);
            }
        });
        using var peer = new HostileClient(server) { Session = session, Suites = byServer ? [0xC02B, 0xC02C] : [0xC02C] }.Connect();

        peer.Connected();
        Assert.False(peer.Resumes);
        Assert.Equal(TicketRefusal.CipherSuite, peer.Victim.Connection.Info.TicketRefusal);
    }

    [Fact]
    public void A_session_keeps_its_suite_though_the_server_would_choose_another_now()
    {
        var session = Issued();
        var server = Server(configure: options =>
        {
            options.CipherSuites.Add(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384);
            options.CipherSuites.Add(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256);
        });

        AssertResumed(session, server);
    }

    [Theory]
    [InlineData(TicketRefusal.Expired)]
    [InlineData(TicketRefusal.ApplicationRefused)]
    public void By_the_application(TicketRefusal reason) =>
        AssertRefused(Issued(), Server(configure: options => options.Tickets.Protector = new Protector(() => TicketVerdict.Refuse(reason))), reason, null);

    [Fact]
    public void By_an_application_that_throws() =>
        AssertRefused(
            Issued(), Server(configure: options => options.Tickets.Protector = new Protector(() => throw new TimeoutException("no vault"))), TicketRefusal.ApplicationFailed, null, newTicket: false);

    [Fact]
    public void By_a_session_cache_that_throws_and_handshakes_go_on()
    {
        var server = Server(configure: options => options.SessionCache = new BrokenCache());
        using var peer = new HostileClient(server)
        {
            Session = new PeerSession { Suite = CipherSuite.Find(0xC02B)!, MasterSecret = new byte[48], SessionId = new byte[32] },
        }.Connect();

        peer.Connected();
        Assert.Equal(TicketRefusal.ApplicationFailed, peer.Victim.Connection.Info.TicketRefusal);
    }

    [Fact]
    public void An_unknown_session_ID_is_told_from_none()
    {
        var server = Server(configure: TestServers.WithSessionCache);
        using var unknown = new HostileClient(server)
        {
            Session = new PeerSession { Suite = CipherSuite.Find(0xC02B)!, MasterSecret = new byte[48], SessionId = new byte[7] },
        }.Connect();
        using var none = new HostileClient(server).Connect();

        Assert.Equal(TicketRefusal.UnknownSession, unknown.Victim.Connection.Info.TicketRefusal);
        Assert.Equal(TicketRefusal.None, none.Victim.Connection.Info.TicketRefusal);
    }

    private static TicketKey Key(DateTimeOffset activateAt, DateTimeOffset retireAt, DateTimeOffset eraseAt) =>
        new(TicketKeyId.NewRandom(), TicketKeySecret.NewRandom(), activateAt, activateAt, retireAt, eraseAt);

    private static void AssertRefused(PeerSession session, TlsServer server, TicketRefusal reason, TicketKeyId? key, bool newTicket = true)
    {
        using var peer = new HostileClient(server) { Session = session }.Connect();

        peer.Connected();
        Assert.False(peer.Resumes);
        var info = peer.Victim.Connection.Info;
        Assert.Equal(reason, info.TicketRefusal);
        Assert.Equal(key, info.TicketKey);
        Assert.Null(info.TicketAge);
        Assert.Null(info.SessionAge);
        Assert.Equal(newTicket, info.NewTicket);
    }

    private static void AssertResumed(PeerSession session, TlsServer server)
    {
        using var peer = new HostileClient(server) { Session = session }.Connect();

        peer.Connected();
        Assert.True(peer.Resumes);
        Assert.Equal(TicketRefusal.None, peer.Victim.Connection.Info.TicketRefusal);
    }

    private TicketKey ActiveKey() => Key(_time.GetUtcNow().AddHours(-1), _time.GetUtcNow().AddHours(36), _time.GetUtcNow().AddHours(61));

    private TicketKeyRing Ring(params TicketKey[] keys) => new(1, 2, _time.GetUtcNow(), TimeSpan.FromHours(24), keys);

    private PeerSession Issued()
    {
        using var first = new HostileClient(Server()) { Suites = [0xC02B] }.Connect();
        first.Connected();
        return first.NewSession;
    }

    /// <summary>A ticket by the issuing ring, as a server of this version and service would have made it.</summary>
    private PeerSession Sealed(TlsVersion version, string scopeName)
    {
        var policy = new CertificateVerifier(TestPki.Verification).Policy;
        var scope = new SessionScope(new ScopePolicy { Name = scopeName, AnchorDigests = policy.AnchorDigests, RevocationMode = policy.Verification });
        using var ring = new FixedRing(_issuing);
        using var tickets = new TicketService(new TicketOptions(), scope, ring);
        var secret = new byte[48];
        secret.AsSpan().Fill(7);
        using var state = new SessionState
        {
            Version = version,
            Suite = CipherSuite.Find(0xC02B)!,
            Secret = SecretBytes.CopyOf(secret),
            ExtendedMasterSecret = true,
            ServerName = TestServers.Name,
            OriginalHandshake = _time.GetUtcNow(),
        };
        using var ticket = new WireBuffer();
        Assert.True(tickets.TrySeal(state, _time.GetUtcNow(), ticket, out _, out _));
        return new PeerSession { Suite = state.Suite, MasterSecret = secret }.WithTicket(ticket.Written.ToArray());
    }

    private TlsServer Server(TicketKeyRing? ring = null, Action<TlsServerOptions>? configure = null, TimeProvider? time = null) => TestServers.Server(time ?? _time, options =>
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

    private sealed class BrokenCache : ISessionCache
    {
        public void Set(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, DateTimeOffset expires) => throw new TimeoutException();

        public bool TryGet(ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value) => throw new TimeoutException();

        public void Remove(ReadOnlySpan<byte> key) => throw new TimeoutException();
    }
}
