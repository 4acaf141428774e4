using System.Buffers;
using System.Net.Security;
using Kippu.Crypto;
using Kippu.Resumption;
using Kippu.Tests.Handshake.Peers;
using Kippu.Wire;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>Each reason for which a session is refused, over the wire, in each version in which it can happen: the connection stands, and its info gives the reason.</summary>
public sealed class EveryTicketRefusalTests : IDisposable
{
    private static readonly Dictionary<TicketRefusal, Action<EveryTicketRefusalTests>> s_cases = new()
    {
        [TicketRefusal.Malformed] = test => test._ticket = [1, 2, 3],
        [TicketRefusal.UnknownKey] = test => test._ring = TicketKeyRing.Create(test._time.GetUtcNow()),
        [TicketRefusal.RevokedKey] = test => test._ring = test._sealing.Revoke(test.TheKey.Id, test._time.GetUtcNow()),
        [TicketRefusal.ErasedKey] = test => test.EraseKey(),
        [TicketRefusal.BadMac] = test => test._change = ticket => ticket[^1] ^= 1,
        [TicketRefusal.WrongScope] = test => test._configure = options => options.ScopeName = "another",
        [TicketRefusal.WrongVersion] = test => test._sealedFor = test._version == TlsVersion.Tls13 ? TlsVersion.Tls12 : TlsVersion.Tls13,
        [TicketRefusal.UnknownFormat] = test => test._formatAhead = 1,
        [TicketRefusal.Expired] = test => test._issued = test._time.GetUtcNow() - TimeSpan.FromHours(2),
        [TicketRefusal.LineageOver] = test => test._original = test._time.GetUtcNow() - TimeSpan.FromDays(8),
        [TicketRefusal.FromTheFuture] = test => test._issued = test._time.GetUtcNow() + TimeSpan.FromMinutes(3),
        [TicketRefusal.CertificateExpired] = test => test._certificate = TestPki.ExpiredClient,
        [TicketRefusal.ClientCertificate] = test => test.JudgeCertificatesByACallbackWithoutId(),
        [TicketRefusal.ServerName] = test => test._serverName = "other.localhost",
        [TicketRefusal.CipherSuite] = test => test._suite = CipherSuite.Find((ushort)(test._version == TlsVersion.Tls13
            ? TlsCipherSuite.TLS_AES_256_GCM_SHA384
            : TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384))!,
        [TicketRefusal.ExtendedMasterSecret] = test => test.LackExtendedMasterSecret(),
        [TicketRefusal.UnknownSession] = test => test.OfferASessionId(),
        [TicketRefusal.ApplicationRefused] = test => test._configure = options => options.Tickets.Protector = new Protector(static () => TicketVerdict.Refuse(TicketRefusal.ApplicationRefused)),
        [TicketRefusal.ApplicationFailed] = test => test._configure = options => options.Tickets.Protector = new Protector(static () => throw new TimeoutException("no vault")),
        [TicketRefusal.Disabled] = test => test._configure = options => options.Tickets.Enabled = false,
    };

    /// <summary>TLS 1.3 has neither extended master secret nor session IDs.</summary>
    private static readonly TicketRefusal[] s_onlyInTls12 = [TicketRefusal.ExtendedMasterSecret, TicketRefusal.UnknownSession];

    private readonly FakeTimeProvider _time = TestServers.Clock();
    private readonly TicketKeyRing _sealing;
    private TlsVersion _version;
    private TlsVersion? _sealedFor;
    private TicketKeyRing? _ring;
    private byte[]? _ticket;
    private byte[]? _sessionId;
    private byte _formatAhead;
    private DateTimeOffset? _original;
    private DateTimeOffset? _issued;
    private TestIdentity? _certificate;
    private CipherSuite? _suite;
    private string _serverName = TestServers.Name;
    private bool _extendedMasterSecret = true;
    private Action<byte[]> _change = static _ => { };
    private Action<TlsServerOptions> _sealingServer = static _ => { };
    private Action<TlsServerOptions> _configure = static _ => { };

    public EveryTicketRefusalTests()
    {
        var now = _time.GetUtcNow();
        _sealing = new TicketKeyRing(
            1, 1, now, TimeSpan.FromHours(24), [new TicketKey(TicketKeyId.NewRandom(), TicketKeySecret.NewRandom(), now.AddHours(-1), now.AddHours(-1), now.AddHours(36), now.AddHours(61))]);
    }

    public static TheoryData<TicketRefusal> InTls12 => [.. Reasons];

    public static TheoryData<TicketRefusal> InTls13 => [.. Reasons.Except(s_onlyInTls12)];

    private static IEnumerable<TicketRefusal> Reasons => Enum.GetValues<TicketRefusal>().Except([TicketRefusal.None]);

    private TicketKey TheKey => _sealing.Keys[0];

    private CipherSuite Usual => CipherSuite.Find((ushort)(_version == TlsVersion.Tls13 ? TlsCipherSuite.TLS_AES_128_GCM_SHA256 : TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256))!;

    public void Dispose() => _sealing.Dispose();

    [Theory]
    [MemberData(nameof(InTls12))]
    public void In_TLS_12_the_reason_is_told(TicketRefusal reason)
    {
        Prepare(TlsVersion.Tls12, reason);
        var session = new PeerSession { Suite = Usual, MasterSecret = new byte[48] };
        session = _sessionId is { } id ? session with { SessionId = id } : session.WithTicket(Ticket());
        using var peer = new HostileClient(Server(_configure)) { Session = session, Suites = [(ushort)Usual.Id] }.Connect();

        peer.Connected();
        Assert.False(peer.Resumes);
        Assert.Equal(reason, peer.Victim.Connection.Info.TicketRefusal);
    }

    [Theory]
    [MemberData(nameof(InTls13))]
    public void In_TLS_13_the_reason_is_told(TicketRefusal reason)
    {
        Prepare(TlsVersion.Tls13, reason);
        using var peer = new HostileClient13(Server(_configure)) { Sessions = [PeerSession13.Invented(Usual) with { Ticket = Ticket() }], Suites = [(ushort)Usual.Id] }.Connect();

        peer.Connected();
        Assert.False(peer.Resumes);
        Assert.Equal(reason, peer.Victim.Connection.Info.TicketRefusal);
    }

    /// <summary>The control: what these tests make is a ticket.</summary>
    [Fact]
    public void Without_a_reason_it_is_taken()
    {
        _version = TlsVersion.Tls12;
        using var peer = new HostileClient(Server(_configure)) { Session = new PeerSession { Suite = Usual, MasterSecret = new byte[48] }.WithTicket(Ticket()), Suites = [(ushort)Usual.Id] }.Connect();
        _version = TlsVersion.Tls13;
        using var peer13 = new HostileClient13(Server(_configure)) { Sessions = [PeerSession13.Invented(Usual) with { Ticket = Ticket() }], Suites = [(ushort)Usual.Id] }.Connect();

        peer.Connected();
        peer13.Connected();
        Assert.True(peer.Resumes);
        Assert.True(peer13.Resumes);
    }

    private void Prepare(TlsVersion version, TicketRefusal reason)
    {
        Assert.True(s_cases.TryGetValue(reason, out var prepare), $"{reason} is new: say here how it comes about");
        _version = version;
        prepare(this);
    }

    private void EraseKey()
    {
        var now = _time.GetUtcNow();
        var erased = new TicketKey(TheKey.Id, TheKey.Secret, now.AddHours(-3), now.AddHours(-3), now.AddHours(-2), now.AddMinutes(-1));
        var active = new TicketKey(TicketKeyId.NewRandom(), TicketKeySecret.NewRandom(), now.AddHours(-1), now.AddHours(-1), now.AddHours(36), now.AddHours(61));
        _ring = new TicketKeyRing(1, 2, now, TimeSpan.FromHours(24), [erased, active]);
    }

    private void JudgeCertificatesByACallbackWithoutId()
    {
        _certificate = TestPki.Client;
        _sealingServer = _configure = options => options.ClientVerification.Callback = static (_, _) => new ValueTask<bool>(true);
    }

    private void LackExtendedMasterSecret()
    {
        _extendedMasterSecret = false;
        _configure = options => options.Tickets.AllowLegacyResumption = true;
    }

    private void OfferASessionId()
    {
        _sessionId = new byte[7];
        _configure = TestServers.WithSessionCache;
    }

    /// <summary>A ticket by the ring, in the scope of the server.</summary>
    private byte[] Ticket()
    {
        if (_ticket is not null)
        {
            return _ticket;
        }

        using var scoped = Server(_sealingServer);
        using var cipher = new TicketCipher(scoped.SessionScope, SealingPurpose.Ticket);
        using var state = State();
        using var buffer = new WireBuffer();
        buffer.Reserve(TicketCipher.HeaderLength);
        var stamp = new SessionStamp(_issued ?? _time.GetUtcNow(), TimeSpan.FromHours(1), scoped.SessionScope.Digest.ToArray());
        Assert.True(SessionStateCodec.TryWriteForSealing(buffer, state, stamp));
        if (_formatAhead > 0)
        {
            var later = buffer.Written[TicketCipher.HeaderLength..].ToArray();
            later[0] += _formatAhead;
            buffer.Truncate(TicketCipher.HeaderLength);
            new TlsWriter(buffer).WriteBytes(later);
        }

        Assert.True(cipher.TrySeal(buffer, 0, _sealing, TheKey, state.Version, []));
        var ticket = buffer.Written.ToArray();
        _change(ticket);
        return ticket;
    }

    private SessionState State() => new()
    {
        Version = _sealedFor ?? _version,
        Suite = _suite ?? Usual,
        Secret = SecretBytes.CopyOf(new byte[(_sealedFor ?? _version) == TlsVersion.Tls13 ? (_suite ?? Usual).HashLength : 48]),
        ExtendedMasterSecret = _extendedMasterSecret,
        ServerName = _serverName,
        OriginalHandshake = _original ?? _time.GetUtcNow(),
        PeerCertificate = _certificate?.Certificate.RawData,
    };

    private TlsServer Server(Action<TlsServerOptions> configure) => TestServers.Server13(_time, options =>
    {
        options.Tickets.Ring = new FixedRing(_ring ?? _sealing);
        options.ScopeName = "tests";
        configure(options);
    });

    private sealed class Protector(Func<TicketVerdict> open) : ITicketProtector
    {
        public bool TrySeal(in TicketContext context, ReadOnlySpan<byte> state, IBufferWriter<byte> ticket) => false;

        public TicketVerdict Open(in TicketContext context, ReadOnlySpan<byte> ticket, IBufferWriter<byte> state) => open();
    }
}
