using Kippu.Handshake;
using Kippu.Tests.Handshake.Peers;
using Kippu.Wire;
using Kippu.Wire.Messages;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>
/// The (expected, received) matrix: in every state of every handshake, every message that is not legal there is an unexpected_message (RFC 5246 §7.4). States
/// are reached over the wire.
/// </summary>
public sealed class FlightMapTests
{
    private static readonly HandshakeType[] s_types = [.. Enum.GetValues<HandshakeType>(), (HandshakeType)3, (HandshakeType)99, (HandshakeType)255];

    private static readonly Dictionary<string, State> s_server = new()
    {
        ["the beginning"] = new("ClientHello", () => Server(), HandshakeType.ClientHello),
        ["a hello, certificate required"] = new("Certificate", () => Server(ClientCertificateRequirement.Required, peer => peer.SendHello()), HandshakeType.Certificate),
        ["a hello, certificate optional"] = new("Certificate", () => Server(ClientCertificateRequirement.Optional, peer => peer.SendHello()), HandshakeType.Certificate),
        ["a hello"] = new("ClientKeyExchange", () => Server(reach: peer => peer.SendHello()), HandshakeType.ClientKeyExchange),
        ["an empty certificate"] = new("ClientKeyExchange", () => Server(ClientCertificateRequirement.Optional, AfterCertificate(false)), HandshakeType.ClientKeyExchange),
        ["a certificate"] = new("ClientKeyExchange", () => Server(ClientCertificateRequirement.Required, AfterCertificate(true)), HandshakeType.ClientKeyExchange),
        ["a key exchange with a certificate"] = new(
            "CertificateVerify", () => Server(ClientCertificateRequirement.Required, AfterCertificate(true) + AfterKeyExchange), HandshakeType.CertificateVerify),
        ["a key exchange"] = new("ChangeCipherSpec", () => Server(reach: AfterHello + AfterKeyExchange)) { TakesChangeCipherSpec = true },
        ["a key exchange and an empty certificate"] = new(
            "ChangeCipherSpec", () => Server(ClientCertificateRequirement.Optional, AfterCertificate(false) + AfterKeyExchange)) { TakesChangeCipherSpec = true },
        ["a CertificateVerify"] = new(
            "ChangeCipherSpec", () => Server(ClientCertificateRequirement.Required, AfterCertificate(true) + AfterKeyExchange + AfterVerify)) { TakesChangeCipherSpec = true },
        ["a ChangeCipherSpec"] = new("Finished", () => Server(reach: AfterHello + AfterKeyExchange + AfterChange), HandshakeType.Finished),
        ["a hello that resumes"] = new("ChangeCipherSpec", () => Resuming(_ => { })) { TakesChangeCipherSpec = true },
        ["a ChangeCipherSpec that resumes"] = new("Finished", () => Resuming(AfterChange), HandshakeType.Finished),
        ["a handshake"] = new("after the handshake", () => Server(reach: peer => peer.Connect())) { Refused = HandshakeType.ClientHello },
        ["a handshake that resumed"] = new("after the handshake", () => Resuming(AfterChange + (peer => peer.SendFinished()))) { Refused = HandshakeType.ClientHello },
    };

    private static readonly Dictionary<string, State> s_client = new()
    {
        ["the beginning"] = new("ServerHello", () => Client(), HandshakeType.ServerHello, HandshakeType.HelloRequest),
        ["a hello"] = new("Certificate", () => Client(Hello), HandshakeType.Certificate, HandshakeType.HelloRequest),
        ["a certificate"] = new("ServerKeyExchange", () => Client(Hello + Certificate), HandshakeType.ServerKeyExchange, HandshakeType.HelloRequest),
        ["a certificate, a staple promised"] = new(
            "CertificateStatusOrServerKeyExchange", () => Stapling(Certificate), HandshakeType.CertificateStatus, HandshakeType.ServerKeyExchange, HandshakeType.HelloRequest),
        ["a staple"] = new(
            "ServerKeyExchange", () => Stapling(Certificate + (peer => peer.Send(new CertificateStatus { OcspResponse = new byte[] { 1 } }))),
            HandshakeType.ServerKeyExchange, HandshakeType.HelloRequest),
        ["a key exchange"] = new(
            "CertificateRequestOrServerHelloDone", () => Client(Hello + Certificate + KeyExchange),
            HandshakeType.CertificateRequest, HandshakeType.ServerHelloDone, HandshakeType.HelloRequest),
        ["a certificate request"] = new(
            "ServerHelloDone", () => Client(Hello + Certificate + KeyExchange + (peer => peer.SendCertificateRequest())), HandshakeType.ServerHelloDone, HandshakeType.HelloRequest),
        ["its flight, a ticket promised"] = new("NewSessionTicket", () => Client(Promise + Full), HandshakeType.NewSessionTicket, HandshakeType.HelloRequest),
        ["its flight"] = new("ChangeCipherSpec", () => Client(Full), HandshakeType.HelloRequest) { TakesChangeCipherSpec = true },
        ["a ticket"] = new("ChangeCipherSpec", () => Client(Promise + Full + Ticket), HandshakeType.HelloRequest) { TakesChangeCipherSpec = true },
        ["a ChangeCipherSpec"] = new("Finished", () => Client(Full + Change), HandshakeType.Finished),
        ["a hello that resumes, a ticket promised"] = new("NewSessionTicket", () => Client(Resume + Promise + Hello), HandshakeType.NewSessionTicket, HandshakeType.HelloRequest),
        ["a hello that resumes"] = new("ChangeCipherSpec", () => Client(Resume + Hello), HandshakeType.HelloRequest) { TakesChangeCipherSpec = true },
        ["a renewed ticket"] = new("ChangeCipherSpec", () => Client(Resume + Promise + Hello + Ticket), HandshakeType.HelloRequest) { TakesChangeCipherSpec = true },
        ["a ChangeCipherSpec that resumes"] = new("Finished", () => Client(Resume + Hello + Change), HandshakeType.Finished),
        ["a handshake"] = new("after the handshake", () => Client(peer => peer.Connect())) { Refused = HandshakeType.HelloRequest },
        ["a handshake that resumed"] = new("after the handshake", () => Client(Resume + (peer => peer.Connect()))) { Refused = HandshakeType.HelloRequest },
    };

    public static TheoryData<string> ServerStates => [.. s_server.Keys];

    public static TheoryData<string> ClientStates => [.. s_client.Keys];

    private static Action<HostileClient> AfterHello => peer => peer.SendHello();

    private static Action<HostileClient> AfterKeyExchange => peer => peer.SendKeyExchange();

    private static Action<HostileClient> AfterVerify => peer => peer.SendCertificateVerify();

    private static Action<HostileClient> AfterChange => peer => peer.SendChangeCipherSpec();

    private static Action<HostileServer> Resume => peer => peer.Session = peer.Held;

    private static Action<HostileServer> Promise => peer => peer.PromisesTicket = true;

    private static Action<HostileServer> Hello => peer => peer.SendHello();

    private static Action<HostileServer> Certificate => peer => peer.SendCertificate();

    private static Action<HostileServer> KeyExchange => peer => peer.SendKeyExchange();

    private static Action<HostileServer> Full => peer => peer.SendFullFlight();

    private static Action<HostileServer> Ticket => peer => peer.SendTicket([1]);

    private static Action<HostileServer> Change => peer => peer.SendChangeCipherSpec();

    [Theory]
    [MemberData(nameof(ServerStates))]
    public void A_server_takes_what_is_on_its_map_and_nothing_else_after(string state) => Walk(s_server[state]);

    [Theory]
    [MemberData(nameof(ClientStates))]
    public void A_client_takes_what_is_on_its_map_and_nothing_else_after(string state) => Walk(s_client[state]);

    [Fact]
    public void Every_state_of_every_handshake_is_walked()
    {
        Assert.Equal(Expectations(typeof(ServerHandshake12)), s_server.Values.Select(state => state.Expected).Except(["ClientHello", "after the handshake"]).Order());
        Assert.Equal(Expectations(typeof(ClientHandshake12)), s_client.Values.Select(state => state.Expected).Except(["ServerHello", "after the handshake"]).Order());
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
                AssertTakesEmptyBody(peer, type);
            }
            else if (type == state.Refused)
            {
                peer.Refused(TlsFault.RenegotiationRefused, AlertDescription.NoRenegotiation);
            }
            else
            {
                Assert.Contains(state.Expected, peer.Refused(TlsFault.UnexpectedMessage, AlertDescription.UnexpectedMessage).Message, StringComparison.Ordinal);
            }
        }

        using var last = state.Reach();
        last.SendContent(ContentType.ChangeCipherSpec, ChangeCipherSpec.Bytes);
        if (state.TakesChangeCipherSpec)
        {
            Assert.Null(last.Victim.Fault);
        }
        else
        {
            last.Refused(TlsFault.UnexpectedMessage, AlertDescription.UnexpectedMessage);
        }
    }

    /// <summary>It is taken for what it is: two messages have no body, and of any other none is too little.</summary>
    private static void AssertTakesEmptyBody(HostilePeer peer, HandshakeType type)
    {
        if (type is HandshakeType.HelloRequest or HandshakeType.ServerHelloDone)
        {
            Assert.Null(peer.Victim.Fault);
        }
        else
        {
            peer.Refused(TlsFault.MalformedMessage, AlertDescription.DecodeError);
        }
    }

    private static IEnumerable<string> Expectations(Type handshake) =>
        Enum.GetNames(handshake.GetNestedType("Expect", System.Reflection.BindingFlags.NonPublic)!).Except(["Nothing"]).Order();

    private static HostileClient Server(ClientCertificateRequirement certificate = ClientCertificateRequirement.None, Action<HostileClient>? reach = null)
    {
        var peer = new HostileClient(TestServers.Server(TestServers.Clock(), options => options.ClientCertificate = certificate));
        reach?.Invoke(peer);
        return peer;
    }

    private static Action<HostileClient> AfterCertificate(bool shows) => peer =>
    {
        peer.Credential = shows ? TestPki.Client.Credential : null;
        peer.SendHello();
        peer.SendCertificate();
    };

    private static HostileClient Resuming(Action<HostileClient> reach)
    {
        var server = TestServers.Server(TestServers.Clock());
        using var first = new HostileClient(server).Connect();
        var peer = new HostileClient(server) { Session = first.NewSession };
        peer.SendHello();
        Assert.True(peer.Resumes);
        reach(peer);
        return peer;
    }

    /// <summary>A client that holds a session, which the server resumes if <paramref name="reach"/> says so.</summary>
    private static HostileServer Client(Action<HostileServer>? reach = null)
    {
        var client = TestServers.Client(TestServers.Clock());
        using var first = new HostileServer(client) { PromisesTicket = true }.Connect();
        var peer = new HostileServer(client) { Held = first.NewSession };
        reach?.Invoke(peer);
        return peer;
    }

    /// <summary>A client that asks for an OCSP response, and a server that says one may come.</summary>
    private static HostileServer Stapling(Action<HostileServer> reach)
    {
        var peer = new HostileServer(TestServers.Client(TestServers.Clock(), options => options.ServerVerification.RequestOcspResponse = true));
        peer.SendHello(hello => hello.StatusRequest = true);
        reach(peer);
        return peer;
    }

    private sealed record State(string Expected, Func<HostilePeer> Reach, params HandshakeType[] Legal)
    {
        public bool TakesChangeCipherSpec { get; init; }

        public HandshakeType? Refused { get; init; }
    }
}
