using System.Reflection;
using Kippu.Handshake;
using Kippu.Tests.Handshake.Peers;
using Kippu.Wire;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>
/// The (expected, received) matrix of TLS 1.3: in every state of every handshake, every message that is not legal there is an unexpected_message (RFC 8446 §4).
/// States are reached over the wire.
/// </summary>
public sealed class FlightMap13Tests
{
    private const int MostChangeCipherSpecs = 32;
    private const string Afterwards = "after the handshake";

    private static readonly HandshakeType[] s_types = [.. Enum.GetValues<HandshakeType>(), (HandshakeType)3, (HandshakeType)99, (HandshakeType)255];

    private static readonly Dictionary<string, State> s_server = new()
    {
        ["the beginning"] = new("ClientHello", () => Server(), HandshakeType.ClientHello) { RefusesChangeCipherSpec = TlsFault.UnexpectedMessage },
        ["a hello that has to be repeated"] = new("SecondClientHello", () => Retried(peer => peer.SendHello()), HandshakeType.ClientHello),
        ["a second hello"] = new("Finished", () => Retried(peer => peer.SendAllBeforeChange()), HandshakeType.Finished),
        ["a hello"] = new("Finished", () => Server(reach: peer => peer.SendHello()), HandshakeType.Finished),
        ["a hello, certificate required"] = new("Certificate", () => Server(ClientCertificateRequirement.Required, peer => peer.SendHello()), HandshakeType.Certificate),
        ["a hello, certificate optional"] = new("Certificate", () => Server(ClientCertificateRequirement.Optional, peer => peer.SendHello()), HandshakeType.Certificate),
        ["an empty certificate"] = new("Finished", () => Server(ClientCertificateRequirement.Optional, AfterCertificate(false)), HandshakeType.Finished),
        ["a certificate"] = new("CertificateVerify", () => Server(ClientCertificateRequirement.Required, AfterCertificate(true)), HandshakeType.CertificateVerify),
        ["a CertificateVerify"] = new(
            "Finished", () => Server(ClientCertificateRequirement.Required, AfterCertificate(true) + (peer => peer.SendCertificateVerify())), HandshakeType.Finished),
        ["a hello that resumes"] = new("Finished", () => Resuming(early: false, peer => peer.SendHello()), HandshakeType.Finished),
        ["early data"] = new("EndOfEarlyData", () => Resuming(early: true, peer => peer.SendHello()), HandshakeType.EndOfEarlyData),
        ["the end of early data"] = new("Finished", () => Resuming(early: true, peer => peer.SendAllBeforeChange()), HandshakeType.Finished),
        ["a handshake"] = new(Afterwards, () => Server(reach: peer => peer.Connect()), HandshakeType.KeyUpdate) { RefusesChangeCipherSpec = TlsFault.UnexpectedRecord },
        ["a handshake that resumed"] = new(Afterwards, () => Resuming(early: false, peer => peer.Connect()), HandshakeType.KeyUpdate)
        {
            RefusesChangeCipherSpec = TlsFault.UnexpectedRecord,
        },
    };

    private static readonly Dictionary<string, State> s_client = new()
    {
        ["the beginning"] = new("ServerHello", () => Client(), HandshakeType.ServerHello, HandshakeType.HelloRequest),
        ["the beginning, TLS 1.3 only"] = new("ServerHello", () => new HostileServer13(Only13()), HandshakeType.ServerHello),
        ["a request to retry"] = new("ServerHello", () => Client(peer => peer.SendRetry()), HandshakeType.ServerHello),
        ["a hello"] = new("EncryptedExtensions", () => Client(Hello), HandshakeType.EncryptedExtensions),
        ["extensions"] = new("CertificateRequestOrCertificate", () => Client(Hello + Extensions), HandshakeType.CertificateRequest, HandshakeType.Certificate),
        ["a certificate request"] = new("Certificate", () => Client(Hello + Extensions + (peer => peer.SendCertificateRequest())), HandshakeType.Certificate),
        ["a certificate"] = new("CertificateVerify", () => Client(Hello + Extensions + (peer => peer.SendCertificate())), HandshakeType.CertificateVerify),
        ["a CertificateVerify"] = new("Finished", () => Client(peer => peer.SendAllBeforeChange()), HandshakeType.Finished),
        ["a hello that resumes"] = new("EncryptedExtensions", () => Client(Resume + Hello), HandshakeType.EncryptedExtensions),
        ["extensions that resume"] = new("Finished", () => Client(Resume + Hello + Extensions), HandshakeType.Finished),
        ["a handshake"] = new(Afterwards, () => Client(peer => peer.Connect()), HandshakeType.KeyUpdate, HandshakeType.NewSessionTicket)
        {
            RefusesChangeCipherSpec = TlsFault.UnexpectedRecord,
        },
        ["a handshake that resumed"] = new(Afterwards, () => Client(Resume + (peer => peer.Connect())), HandshakeType.KeyUpdate, HandshakeType.NewSessionTicket)
        {
            RefusesChangeCipherSpec = TlsFault.UnexpectedRecord,
        },
    };

    public static TheoryData<string> ServerStates => [.. s_server.Keys];

    public static TheoryData<string> ClientStates => [.. s_client.Keys];

    private static Action<HostileServer13> Resume => peer => peer.Session = peer.Held;

    private static Action<HostileServer13> Hello => peer => peer.SendHello();

    private static Action<HostileServer13> Extensions => peer => peer.SendEncryptedExtensions();

    [Theory]
    [MemberData(nameof(ServerStates))]
    public void A_server_takes_what_is_on_its_map_and_nothing_else_after(string state) => Walk(s_server[state]);

    [Theory]
    [MemberData(nameof(ClientStates))]
    public void A_client_takes_what_is_on_its_map_and_nothing_else_after(string state) => Walk(s_client[state]);

    [Fact]
    public void Every_state_of_every_handshake_is_walked()
    {
        Assert.Equal(Expectations(typeof(ServerHandshake13)), Walked(s_server, "ClientHello"));
        Assert.Equal(Expectations(typeof(ClientHandshake13)), Walked(s_client, "ServerHello"));
    }

    [Theory]
    [MemberData(nameof(ServerStates))]
    public void A_server_drops_ChangeCipherSpec_during_the_handshake_up_to_a_number(string state) => WalkChangeCipherSpec(s_server[state]);

    [Theory]
    [MemberData(nameof(ClientStates))]
    public void A_client_drops_ChangeCipherSpec_during_the_handshake_up_to_a_number(string state) => WalkChangeCipherSpec(s_client[state]);

    [Theory]
    [InlineData(true, new byte[] { 2 })]
    [InlineData(true, new byte[] { 1, 1 })]
    [InlineData(false, new byte[] { 2 })]
    [InlineData(false, new byte[] { 1, 1 })]
    public void A_ChangeCipherSpec_of_any_other_content_is_refused(bool victimIsServer, byte[] content)
    {
        foreach (var afterHello in new[] { false, true })
        {
            using var peer = HostilePeer13.Of13(victimIsServer, TestServers.Clock());
            if (afterHello)
            {
                peer.SendHello();
            }

            peer.SendClear(ContentType.ChangeCipherSpec, content);

            peer.Refused(TlsFault.UnexpectedRecord, AlertDescription.UnexpectedMessage);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_protected_ChangeCipherSpec_is_refused(bool victimIsServer)
    {
        using var peer = HostilePeer13.Of13(victimIsServer, TestServers.Clock());
        peer.SendHello();
        peer.SendContent(ContentType.ChangeCipherSpec, [1]);

        peer.Refused(TlsFault.UnexpectedRecord, AlertDescription.UnexpectedMessage);
    }

    private static void Walk(State state)
    {
        foreach (var type in s_types)
        {
            using var peer = state.Reach();
            Assert.Null(peer.Victim.Fault);
            peer.SendMessage(type, []);
            if (state.Legal.Contains(type))
            {
                Assert.NotEqual(TlsFault.UnexpectedMessage, peer.Victim.Fault?.Fault);
            }
            else
            {
                Assert.Contains(state.Expected, peer.Refused(TlsFault.UnexpectedMessage, AlertDescription.UnexpectedMessage).Message, StringComparison.Ordinal);
            }
        }
    }

    /// <summary>RFC 8446 §5: it may come "at any time after the first ClientHello message has been sent or received and before the peer's Finished message has been received".</summary>
    private static void WalkChangeCipherSpec(State state)
    {
        using var peer = state.Reach();
        peer.SendChangeCipherSpec();
        if (state.RefusesChangeCipherSpec is { } fault)
        {
            peer.Refused(fault, AlertDescription.UnexpectedMessage);
            return;
        }

        for (var i = 0; i <= MostChangeCipherSpecs && peer.Victim.Fault is null; i++)
        {
            peer.SendChangeCipherSpec();
        }

        peer.Refused(TlsFault.TooManyEmptyRecords, AlertDescription.UnexpectedMessage);
    }

    private static IEnumerable<string> Walked(Dictionary<string, State> states, string first) =>
        states.Values.Select(state => state.Expected).Distinct().Except([first, Afterwards]).Order();

    private static IEnumerable<string> Expectations(Type handshake) =>
        Enum.GetNames(handshake.GetNestedType("Expect", BindingFlags.NonPublic)!).Except(["Nothing"]).Order();

    private static HostileClient13 Server(ClientCertificateRequirement certificate = ClientCertificateRequirement.None, Action<HostileClient13>? reach = null)
    {
        var peer = new HostileClient13(TestServers.Server13(TestServers.Clock(), options => options.ClientCertificate = certificate));
        reach?.Invoke(peer);
        return peer;
    }

    private static HostileClient13 Retried(Action<HostileClient13> reach)
    {
        var peer = new HostileClient13(TestServers.Server13(TestServers.Clock(), options => options.Groups.Add(NamedGroup.Secp384r1)));
        reach(peer);
        Assert.NotNull(peer.Retry);
        return peer;
    }

    private static Action<HostileClient13> AfterCertificate(bool shows) => peer =>
    {
        peer.Credential = shows ? TestPki.Client.Credential : null;
        peer.SendHello();
        peer.SendCertificate();
    };

    private static HostileClient13 Resuming(bool early, Action<HostileClient13> reach)
    {
        var time = TestServers.Clock();
        var server = TestServers.Server13(time, options => options.EarlyData.MaxSize = 1000);
        time.Advance(TimeSpan.FromMinutes(1));
        using var first = new HostileClient13(server).Connect();
        var peer = new HostileClient13(server) { Sessions = [first.NewSession], EarlyData = early };
        reach(peer);
        Assert.True(peer.Resumes);
        Assert.Equal(early, peer.EarlyDataAccepted);
        return peer;
    }

    /// <summary>A client that holds a session, which the server resumes if <paramref name="reach"/> says so.</summary>
    private static HostileServer13 Client(Action<HostileServer13>? reach = null)
    {
        var client = TestServers.Client13(TestServers.Clock());
        using var first = new HostileServer13(client).Connect();
        var peer = new HostileServer13(client, first.SendTicket());
        reach?.Invoke(peer);
        return peer;
    }

    private static TlsClient Only13() => TestServers.Client(TestServers.Clock(), options => options.Protocols = System.Security.Authentication.SslProtocols.Tls13);

    private sealed record State(string Expected, Func<HostilePeer13> Reach, params HandshakeType[] Legal)
    {
        /// <summary>Null: it is dropped.</summary>
        public TlsFault? RefusesChangeCipherSpec { get; init; }
    }
}
