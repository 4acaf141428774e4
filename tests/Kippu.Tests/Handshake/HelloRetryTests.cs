using System.Net.Security;
using Kippu.Tests.Handshake.Peers;
using Kippu.Wire;
using Kippu.Wire.Messages;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>HelloRetryRequest: what a client insists on in it and in what follows (RFC 8446 §4.1.4), and what a server insists on in the second hello (§4.1.2).</summary>
public sealed class HelloRetryTests
{
    private const ushort Secp384 = (ushort)NamedGroup.Secp384r1;
    private const int SuiteAt = 67;

    private static readonly Dictionary<string, (TlsFault Fault, AlertDescription Alert, Action<HostileServer13> Retry)> s_requests = new()
    {
        ["no change"] = Illegal(peer => peer.SendRetry(request => request.SelectedGroup = null)),
        ["a group whose share was sent"] = Illegal(peer => peer.SendRetry(request => request.SelectedGroup = (ushort)NamedGroup.X25519)),
        ["a group that was not offered"] = Illegal(peer => peer.SendRetry(request => request.SelectedGroup = 0x001E)),
        ["another session ID"] = Illegal(peer => Edited(peer, body => [.. body[..35], (byte)~body[35], .. body[36..]])),
        ["a suite that was not offered"] = Illegal(peer => Edited(peer, body => [.. body[..SuiteAt], 0x13, 0xFF, .. body[(SuiteAt + 2)..]])),
        ["a suite of TLS 1.2"] = Illegal(peer => Edited(peer, body => [.. body[..SuiteAt], 0xC0, 0x2B, .. body[(SuiteAt + 2)..]])),
        ["compression"] = Illegal(peer => Edited(peer, body => [.. body[..(SuiteAt + 2)], 1, .. body[(SuiteAt + 3)..]])),
        ["another version"] = Illegal(peer => peer.SendRetry(request => request.SelectedVersion = 0x0303)),
        ["no version"] = (TlsFault.MissingExtension, AlertDescription.MissingExtension, peer => peer.SendRetry(request => request.SelectedVersion = null)),
        ["an extension that was not offered"] = (TlsFault.UnsolicitedExtension, AlertDescription.UnsupportedExtension, peer => Extended(peer, 0x7777, [])),
        ["an extension that has its place elsewhere"] = Illegal(peer => Extended(peer, 10, [0, 2, 0, 29])),
        ["an empty cookie"] = (TlsFault.MalformedMessage, AlertDescription.DecodeError, peer => Extended(peer, 44, [0, 0])),
    };

    private static readonly Dictionary<string, Action<HostileServer13>> s_hellosAfterwards = new()
    {
        ["another suite"] = peer => Answer(peer, HostilePeer13.Aes256),
        ["a share of the group that was given up"] = peer =>
        {
            peer.Group = NamedGroup.X25519;
            peer.SendHello();
        },
        ["TLS 1.2"] = peer => peer.SendHello(hello => hello.SelectedVersion = null),
        ["TLS 1.2 in supported_versions"] = peer => peer.SendHello(hello => hello.SelectedVersion = 0x0303),
    };

    private static readonly Dictionary<string, Action<HostileClient13>> s_secondHellos = new()
    {
        ["another random"] = peer => Edited(peer, body => [.. body[..2], (byte)~body[2], .. body[3..]]),
        ["another session ID"] = peer => Edited(peer, body => [.. body[..35], (byte)~body[35], .. body[36..]]),
        ["other suites"] = peer => Change(peer, () => peer.Suites = [.. peer.Suites.Reverse()]),
        ["fewer suites"] = peer => Change(peer, () => peer.Suites = [peer.Suites[0]]),
        ["other groups"] = peer => Change(peer, () => peer.Groups = [NamedGroup.Secp384r1, NamedGroup.X25519, NamedGroup.Secp256r1]),
        ["another name"] = peer => Change(peer, () => peer.ServerName = "other.localhost"),
        ["no name"] = peer => Change(peer, () => peer.ServerName = null),
        ["other versions"] = peer => Change(peer, () => peer.Versions = [0x0304, 0x0303]),
        ["other modes"] = peer => Change(peer, () => peer.PskModes = [1, 0]),
        ["other schemes"] = peer => Change(peer, () => peer.Schemes = [SignatureScheme.EcdsaSecp256r1Sha256]),
        ["ALPN that was not there"] = peer => peer.SendHello(hello => hello.ApplicationProtocols = ProtocolNameList.Of([SslApplicationProtocol.Http2])),
        ["a request for a stapled response that was not there"] = peer => peer.SendHello(hello => hello.StatusRequest = true),
        ["early data"] = peer =>
        {
            peer.Edit = Edits.Extension(HandshakeType.ClientHello, 42, []);
            peer.SendHello();
        },
        ["a cookie that nobody gave"] = peer => peer.SendHello(hello => hello.Cookie = new byte[] { 1 }),
        ["no share"] = peer => peer.SendHello(hello => hello.KeyShares = KeyShareList.Of()),
        ["a share of another group"] = peer => peer.SendHello(hello => hello.KeyShares = KeyShareList.Of(new KeyShareEntry(29, new byte[32]))),
        ["two shares"] = peer => peer.SendHello(hello => hello.KeyShares = KeyShareList.Of(First(hello), new KeyShareEntry(29, new byte[32]))),
        ["a session that was not offered"] = peer => Change(peer, () => peer.Sessions = [PeerSession13.Invented(HostilePeer13.Aes128)]),
    };

    private readonly FakeTimeProvider _time = TestServers.Clock();

    public static TheoryData<string> Requests => [.. s_requests.Keys];

    public static TheoryData<string> HellosAfterwards => [.. s_hellosAfterwards.Keys];

    public static TheoryData<string> SecondHellos => [.. s_secondHellos.Keys];

    [Theory]
    [MemberData(nameof(Requests))]
    public void A_client_refuses_a_request_with(string name)
    {
        var (fault, alert, retry) = s_requests[name];
        using var peer = new HostileServer13(TestServers.Client13(_time));
        retry(peer);

        peer.Refused(fault, alert);
        Assert.Single(peer.Heard);
    }

    [Theory]
    [MemberData(nameof(HellosAfterwards))]
    public void A_client_refuses_a_ServerHello_after_a_request_with(string name)
    {
        using var peer = new HostileServer13(TestServers.Client13(_time)) { Group = NamedGroup.Secp384r1 };
        peer.SendRetry();
        s_hellosAfterwards[name](peer);

        peer.Refused(TlsFault.IllegalParameter, AlertDescription.IllegalParameter);
    }

    [Fact]
    public void A_client_refuses_a_second_request()
    {
        using var peer = new HostileServer13(TestServers.Client13(_time));
        peer.SendRetry();
        peer.SendRetry(request => request.SelectedGroup = (ushort)NamedGroup.Secp256r1);

        peer.Refused(TlsFault.UnexpectedMessage, AlertDescription.UnexpectedMessage);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_client_echoes_a_cookie(bool withGroup)
    {
        byte[] cookie = [.. Enumerable.Range(0, 300).Select(i => (byte)i)];
        using var peer = new HostileServer13(TestServers.Client13(_time)) { Group = withGroup ? NamedGroup.Secp384r1 : NamedGroup.X25519 };
        var first = peer.ClientHello;
        peer.SendRetry(request =>
        {
            request.Cookie = cookie;
            request.SelectedGroup = withGroup ? Secp384 : null;
        });
        peer.Connect();

        peer.Connected();
        Assert.Equal(cookie, peer.ClientHello.Cookie!.Value.ToArray());
        Assert.Equal(withGroup, !first.KeyShares!.Value.Raw.SequenceEqual(peer.ClientHello.KeyShares!.Value.Raw));
        SecondClientHello.Check(first, peer.Retry!, peer.ClientHello);
        Assert.True(peer.Victim.Connection.Info.RetriedHello);
    }

    [Fact]
    public void A_client_drops_a_session_whose_hash_is_not_that_of_the_request()
    {
        var client = TestServers.Client13(_time);
        using var first = new HostileServer13(client).Connect();
        var session = first.SendTicket();
        using var peer = new HostileServer13(client, session) { ChosenSuite = HostilePeer13.Aes256, Group = NamedGroup.Secp384r1 };
        Assert.NotNull(peer.ClientHello.PreSharedKeys);
        peer.SendRetry();
        Assert.Null(peer.ClientHello.PreSharedKeys);
        peer.Connect();

        peer.Connected();
    }

    [Theory]
    [MemberData(nameof(SecondHellos))]
    public void A_server_refuses_a_second_hello_with(string name)
    {
        using var peer = new HostileClient13(Server());
        peer.SendHello();
        Assert.Equal(Secp384, peer.Retry!.SelectedGroup!.Value);
        s_secondHellos[name](peer);

        peer.Refused(TlsFault.IllegalParameter, AlertDescription.IllegalParameter);
    }

    [Fact]
    public void A_server_takes_a_second_hello_with_padding_and_without_a_session()
    {
        var server = Server();
        using var first = new HostileClient13(server).Connect();
        using var peer = new HostileClient13(server) { Sessions = [first.NewSession] };
        peer.SendHello();
        peer.Sessions = [];
        peer.Edit = Edits.Extension(HandshakeType.ClientHello, 21, new byte[100]);
        peer.SendHello();
        peer.SendFinished();

        peer.Connected();
        Assert.False(peer.Resumes);
    }

    [Fact]
    public void A_server_takes_a_second_hello_with_another_age()
    {
        var server = Server();
        using var first = new HostileClient13(server).Connect();
        using var peer = new HostileClient13(server) { Sessions = [first.NewSession] };
        peer.SendHello();
        peer.Sessions = [peer.Sessions[0] with { Age = TimeSpan.FromSeconds(3) }];
        peer.SendHello();
        peer.SendFinished();

        peer.Connected();
        Assert.True(peer.Resumes);
    }

    [Fact]
    public void A_server_passes_over_a_session_that_does_not_fit_the_suite_of_its_request()
    {
        // By the first session of the first hello the server has committed itself to SHA-256; in the second the other one is left.
        using var peer = Retried(out _, out var other);
        peer.Sessions = [other];
        peer.SendHello();
        peer.SendFinished();

        peer.Connected();
        Assert.False(peer.Resumes);
        Assert.Equal(HostilePeer13.Aes128, peer.Suite);
        Assert.Equal(TicketRefusal.CipherSuite, peer.Victim.Connection.Info.TicketRefusal);
    }

    [Fact]
    public void A_session_that_does_not_fit_does_not_hide_one_that_does()
    {
        using var peer = Retried(out var fitting, out var other);
        peer.Sessions = [other, fitting];
        peer.SendHello();
        peer.SendFinished();

        peer.Connected();
        Assert.True(peer.Resumes);
        Assert.Equal(1, peer.Said<ServerHello>().SelectedIdentity!.Value);
    }

    [Theory]
    [InlineData(new int[0])]
    [InlineData(new[] { 0x0017 })]
    public void A_server_asks_for_its_first_group_that_the_client_knows(int[] shares)
    {
        using var peer = new HostileClient13(Server(NamedGroup.Secp521r1, NamedGroup.Secp384r1)) { ShareGroups = [.. shares.Select(group => (NamedGroup)group)] }.Connect();

        peer.Connected();
        Assert.Equal(Secp384, peer.Retry!.SelectedGroup!.Value);
        Assert.Equal(["ServerHello", "ChangeCipherSpec", "ServerHello", "EncryptedExtensions", "Certificate", "CertificateVerify", "Finished", "NewSessionTicket", "NewSessionTicket"], peer.Flow);
    }

    [Fact]
    public void A_share_in_hand_is_better_than_a_group_preferred()
    {
        using var peer = new HostileClient13(Server(NamedGroup.Secp384r1, NamedGroup.X25519)).Connect();

        peer.Connected();
        Assert.Null(peer.Retry);
    }

    [Fact]
    public void Without_a_group_in_common_the_handshake_fails()
    {
        using var peer = new HostileClient13(Server(NamedGroup.Secp521r1));
        peer.SendHello();

        peer.Refused(TlsFault.NoCommonGroup, AlertDescription.HandshakeFailure);
    }

    [Fact]
    public void Without_a_session_ID_there_is_no_ChangeCipherSpec()
    {
        using var peer = new HostileClient13(Server()) { SessionId = [] }.Connect();

        peer.Connected();
        Assert.DoesNotContain("ChangeCipherSpec", peer.Flow);
    }

    private static (TlsFault Fault, AlertDescription Alert, Action<HostileServer13> Retry) Illegal(Action<HostileServer13> retry) =>
        (TlsFault.IllegalParameter, AlertDescription.IllegalParameter, retry);

    private static void Edited(HostileServer13 peer, Func<byte[], byte[]> change)
    {
        peer.Edit = Edits.Body(HandshakeType.ServerHello, change);
        peer.SendRetry();
    }

    private static void Extended(HostileServer13 peer, int type, byte[] data)
    {
        peer.Edit = Edits.Extension(HandshakeType.ServerHello, type, data);
        peer.SendRetry();
    }

    private static void Edited(HostileClient13 peer, Func<byte[], byte[]> change)
    {
        peer.Edit = Edits.Body(HandshakeType.ClientHello, change);
        peer.SendHello();
    }

    private static void Change(HostileClient13 peer, Action change)
    {
        change();
        peer.SendHello();
    }

    private static void Answer(HostileServer13 peer, CipherSuite suite)
    {
        peer.Edit = Edits.Body(HandshakeType.ServerHello, body => [.. body[..SuiteAt], (byte)((int)suite.Id >> 8), (byte)suite.Id, .. body[(SuiteAt + 2)..]]);
        peer.SendHello();
    }

    private static KeyShareEntry First(ClientHello hello)
    {
        foreach (var share in hello.KeyShares!.Value)
        {
            return share;
        }

        throw new InvalidOperationException("there is no share");
    }

    /// <summary>A client that has offered three sessions, the first of the suite that the server's request names, the second of another hash, the third the first again.</summary>
    private HostileClient13 Retried(out PeerSession13 fitting, out PeerSession13 other)
    {
        var server = Server();
        using var first = new HostileClient13(server) { Suites = [(ushort)HostilePeer13.Aes128.Id] }.Connect();
        using var second = new HostileClient13(server) { Suites = [(ushort)HostilePeer13.Aes256.Id] }.Connect();
        (fitting, other) = (first.NewSession, second.NewSession);
        var peer = new HostileClient13(server) { Sessions = [fitting, other, fitting] };
        peer.SendHello();
        Assert.Equal((ushort)HostilePeer13.Aes128.Id, peer.Retry!.CipherSuite);
        return peer;
    }

    private TlsServer Server(params NamedGroup[] groups) => TestServers.Server13(_time, options =>
    {
        foreach (var group in groups.DefaultIfEmpty(NamedGroup.Secp384r1))
        {
            options.Groups.Add(group);
        }
    });
}
