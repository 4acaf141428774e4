using System.Net.Security;
using Kippu.Tests.Handshake.Peers;
using Kippu.Wire;
using Kippu.Wire.Messages;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>RFC 7301 in both roles.</summary>
public sealed class ApplicationProtocolTests
{
    private static readonly SslApplicationProtocol s_h2 = SslApplicationProtocol.Http2;
    private static readonly SslApplicationProtocol s_h1 = SslApplicationProtocol.Http11;
    private static readonly SslApplicationProtocol s_other = new("other");

    private readonly FakeTimeProvider _time = TestServers.Clock();

    [Fact]
    public void The_servers_preference_decides()
    {
        using var pair = new ConnectionPair(Client(s_h1, s_h2), Server(s_h2, s_h1)).Connect();

        Assert.Equal(s_h2, pair.Client.Connection.Info.ApplicationProtocol);
        Assert.Equal(s_h2, pair.Server.Connection.Info.ApplicationProtocol);
        Assert.Equal("h2"u8.ToArray(), new WireView(pair.FromServer).ServerHello.ApplicationProtocol!.Value.ToArray());
    }

    [Fact]
    public void Nothing_in_common_ends_the_handshake()
    {
        using var peer = new HostileClient(Server(s_h2));
        peer.SendHello(hello => hello.ApplicationProtocols = ProtocolNameList.Of([s_other]));

        peer.Refused(TlsFault.NoApplicationProtocol, AlertDescription.NoApplicationProtocol);
    }

    [Fact]
    public void Nothing_in_common_ends_a_resumption_too()
    {
        var server = Server(s_h2);
        using var first = new HostileClient(server).Connect();
        using var peer = new HostileClient(server) { Session = first.NewSession };
        peer.SendHello(hello => hello.ApplicationProtocols = ProtocolNameList.Of([s_other]));

        peer.Refused(TlsFault.NoApplicationProtocol, AlertDescription.NoApplicationProtocol);
    }

    [Fact]
    public void A_server_without_protocols_ignores_the_offer()
    {
        using var pair = new ConnectionPair(Client(s_h2), Server()).Connect();

        Assert.Equal(default, pair.Client.Connection.Info.ApplicationProtocol);
        Assert.Null(new WireView(pair.FromServer).ServerHello.ApplicationProtocol);
    }

    [Fact]
    public void A_client_that_offers_none_gets_none()
    {
        using var pair = new ConnectionPair(Client(), Server(s_h2)).Connect();

        Assert.Null(new WireView(pair.FromClient).ClientHello.ApplicationProtocols);
        Assert.Equal(default, pair.Server.Connection.Info.ApplicationProtocol);
    }

    [Fact]
    public void A_resumed_handshake_negotiates_anew()
    {
        // RFC 7301 §3.1: "session resumption ... the previous contents of this extension are irrelevant": the new handshake's values count.
        using var ring = new FixedRing(TicketKeyRing.Create(_time.GetUtcNow()));
        var store = new ClientSessionStore();
        using var first = new ConnectionPair(Client(store, s_h2, s_h1), Server(ring, s_h2)).Connect();
        using var second = new ConnectionPair(Client(store, s_h2, s_h1), Server(ring, s_h1)).Connect();

        Assert.Equal(s_h2, first.Server.Connection.Info.ApplicationProtocol);
        Assert.True(second.Server.Connection.Info.IsResumed);
        Assert.Equal(s_h1, second.Server.Connection.Info.ApplicationProtocol);
        Assert.Equal(s_h1, second.Client.Connection.Info.ApplicationProtocol);
    }

    [Fact]
    public void A_choice_that_was_not_offered_is_illegal()
    {
        using var peer = new HostileServer(Client(s_h2));
        peer.SendHello(hello => hello.ApplicationProtocol = "http/1.1"u8.ToArray());

        peer.Refused(TlsFault.IllegalParameter, AlertDescription.IllegalParameter);
    }

    [Fact]
    public void A_choice_that_nobody_asked_for_is_unsupported()
    {
        using var peer = new HostileServer(Client());
        peer.SendHello(hello => hello.ApplicationProtocol = "h2"u8.ToArray());

        peer.Refused(TlsFault.UnsolicitedExtension, AlertDescription.UnsupportedExtension);
    }

    [Theory]
    [InlineData("0000")]
    [InlineData("000100")]
    [InlineData("0006026832026831")]
    [InlineData("00030268")]
    [InlineData("")]
    public void A_choice_is_exactly_one_name(string data)
    {
        using var peer = new HostileServer(Client(s_h2)) { Edit = Edits.Extension(HandshakeType.ServerHello, 16, Convert.FromHexString(data)) };
        peer.SendHello();

        peer.Refused(TlsFault.MalformedMessage, AlertDescription.DecodeError);
    }

    [Theory]
    [InlineData("0000")]
    [InlineData("000100")]
    [InlineData("00030268")]
    [InlineData("0004026832")]
    [InlineData("00030268320000")]
    public void An_offer_is_a_list_of_names_none_of_them_empty(string data)
    {
        using var peer = new HostileClient(Server(s_h2)) { Edit = Edits.Extension(HandshakeType.ClientHello, 16, Convert.FromHexString(data)) };
        peer.SendHello();

        peer.Refused(TlsFault.MalformedMessage, AlertDescription.DecodeError);
    }

    private TlsServer Server(params SslApplicationProtocol[] protocols) => Server(null, protocols);

    private TlsServer Server(IRingSource? ring, params SslApplicationProtocol[] protocols) => TestServers.Server(_time, options =>
    {
        (options.Tickets.Ring, options.ScopeName) = (ring, "tests");
        Array.ForEach(protocols, options.ApplicationProtocols.Add);
    });

    private TlsClient Client(params SslApplicationProtocol[] protocols) => Client(null, protocols);

    private TlsClient Client(ClientSessionStore? store, params SslApplicationProtocol[] protocols) => TestServers.Client(_time, options =>
    {
        options.SessionStore = store;
        Array.ForEach(protocols, options.ApplicationProtocols.Add);
    });
}
