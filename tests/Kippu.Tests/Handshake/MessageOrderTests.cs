using Kippu.Tests.Handshake.Peers;
using Kippu.Wire;
using Kippu.Wire.Messages;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>Messages left out, said twice, exchanged, and spread over records as no rule allows.</summary>
public sealed class MessageOrderTests
{
    public static TheoryData<bool, HandshakeType> Messages => Conversations.Messages;

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_left_out_makes_the_next_one_unexpected(bool victimIsServer, HandshakeType type)
    {
        using var peer = Conversations.Run(victimIsServer, Edits.Drop(type));
        if (type is HandshakeType.Finished)
        {
            Assert.Null(peer.Victim.Fault);
            Assert.False(peer.Victim.Connection.IsConnected);
            peer.HangUp();
            peer.Silent(TlsFault.Truncated);
        }
        else if (type is HandshakeType.CertificateRequest)
        {
            peer.Connected(); // a server need not ask
        }
        else
        {
            peer.Refused(TlsFault.UnexpectedMessage, AlertDescription.UnexpectedMessage);
        }
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_said_twice_is_refused(bool victimIsServer, HandshakeType type)
    {
        using var peer = Conversations.Run(victimIsServer, static (_, raw) => raw, (sent, raw) => sent == type ? [.. raw, .. raw] : raw);

        peer.Refused(type == HandshakeType.Finished ? TlsFault.MessageAcrossKeyChange : TlsFault.UnexpectedMessage, AlertDescription.UnexpectedMessage);
    }

    [Fact]
    public void A_second_Finished_is_unexpected()
    {
        using var peer = Conversations.WithServer(static (_, raw) => raw);
        peer.Connected();
        peer.SendFinished();

        peer.Refused(TlsFault.UnexpectedMessage, AlertDescription.UnexpectedMessage);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_second_ChangeCipherSpec_is_unexpected(bool victimIsServer)
    {
        using var peer = HostilePeer.Of(victimIsServer, TestServers.Clock());
        BeforeFinished(peer);
        peer.SendContent(ContentType.ChangeCipherSpec, [1]);

        peer.Refused(TlsFault.UnexpectedMessage, AlertDescription.UnexpectedMessage);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_ChangeCipherSpec_after_the_handshake_is_unexpected(bool victimIsServer)
    {
        using HostilePeer peer = victimIsServer
            ? new HostileClient(TestServers.Server(TestServers.Clock())).Connect()
            : new HostileServer(TestServers.Client(TestServers.Clock())).Connect();
        peer.SendContent(ContentType.ChangeCipherSpec, [1]);

        peer.Refused(TlsFault.UnexpectedMessage, AlertDescription.UnexpectedMessage);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Finished_without_ChangeCipherSpec_is_unexpected(bool victimIsServer)
    {
        // RFC 5246 §7.4.9: "It is a fatal error if a Finished message is not preceded by a ChangeCipherSpec message at the appropriate point".
        using var peer = HostilePeer.Of(victimIsServer, TestServers.Clock());
        peer.SendAllBeforeChange();
        peer.SendFinished();

        peer.Refused(TlsFault.UnexpectedMessage, AlertDescription.UnexpectedMessage);
    }

    [Fact]
    public void A_ChangeCipherSpec_before_the_keys_are_agreed_is_unexpected()
    {
        // CVE-2014-0224 was this: keys made from nothing.
        using var early = new HostileClient(TestServers.Server(TestServers.Clock()));
        early.SendHello();
        early.SendContent(ContentType.ChangeCipherSpec, [1]);
        early.Refused(TlsFault.UnexpectedMessage, AlertDescription.UnexpectedMessage);

        using var asServer = new HostileServer(TestServers.Client(TestServers.Clock()));
        asServer.SendHello();
        asServer.SendContent(ContentType.ChangeCipherSpec, [1]);
        asServer.Refused(TlsFault.UnexpectedMessage, AlertDescription.UnexpectedMessage);
    }

    [Theory]
    [InlineData("", TlsFault.UnexpectedRecord, AlertDescription.UnexpectedMessage)]
    [InlineData("0101", TlsFault.MalformedMessage, AlertDescription.DecodeError)]
    [InlineData("00", TlsFault.IllegalParameter, AlertDescription.IllegalParameter)]
    [InlineData("02", TlsFault.IllegalParameter, AlertDescription.IllegalParameter)]
    public void A_ChangeCipherSpec_is_one_byte_of_value_1(string content, TlsFault fault, AlertDescription alert)
    {
        foreach (var victimIsServer in new[] { true, false })
        {
            using var peer = HostilePeer.Of(victimIsServer, TestServers.Clock());
            peer.SendAllBeforeChange();
            peer.SendContent(ContentType.ChangeCipherSpec, Convert.FromHexString(content));

            peer.Refused(fault, alert);
        }
    }

    [Fact]
    public void Keys_do_not_change_in_the_middle_of_a_message()
    {
        using var peer = new HostileClient(TestServers.Server(TestServers.Clock()));
        peer.SendHello();
        peer.SendKeyFlight();
        peer.SendContent(ContentType.Handshake, [20, 0, 0]);
        peer.Refused(TlsFault.UnexpectedMessage, AlertDescription.UnexpectedMessage);

        using var asServer = new HostileServer(TestServers.Client(TestServers.Clock()));
        asServer.SendFullFlight();
        asServer.SendContent(ContentType.Handshake, [0]); // a HelloRequest may come there
        asServer.SendChangeCipherSpec();
        asServer.Refused(TlsFault.MessageAcrossKeyChange, AlertDescription.UnexpectedMessage);
    }

    [Theory]
    [InlineData(new byte[] { 20 })]
    [InlineData(new byte[] { 0, 0, 0, 0 })]
    [InlineData(new byte[] { 1, 0, 0, 0 })]
    public void Nothing_follows_Finished_in_its_record(byte[] after)
    {
        foreach (var victimIsServer in new[] { true, false })
        {
            using var peer = HostilePeer.Of(victimIsServer, TestServers.Clock());
            peer.Tamper = (type, raw) => type == HandshakeType.Finished ? [.. raw, .. after] : raw;
            BeforeFinished(peer);
            peer.SendFinished();

            peer.Refused(TlsFault.MessageAcrossKeyChange, AlertDescription.UnexpectedMessage);
            Assert.False(peer.Victim.Connection.IsConnected);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Application_data_does_not_come_before_the_handshake_is_complete(bool victimIsServer)
    {
        Action<HostilePeer>[] moments = [static _ => { }, static peer => peer.SendAllBeforeChange(), BeforeFinished];
        foreach (var moment in moments)
        {
            using var peer = HostilePeer.Of(victimIsServer, TestServers.Clock());
            moment(peer);
            peer.SendData([1]);
            peer.Refused(TlsFault.UnexpectedRecord, AlertDescription.UnexpectedMessage);
            Assert.Empty(peer.Victim.Delivered);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Application_data_does_not_come_in_the_middle_of_a_handshake_message(bool victimIsServer)
    {
        // In TLS 1.3, where a message may come after the handshake.
        using var peer = HostilePeer13.Of13(victimIsServer, TestServers.Clock()).Connect();
        peer.SendContent(ContentType.Handshake, [(byte)HandshakeType.KeyUpdate, 0]);
        peer.SendData([1]);

        peer.Refused(TlsFault.UnexpectedRecord, AlertDescription.UnexpectedMessage);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public void A_message_that_has_no_place_is_refused_as_soon_as_it_begins(bool victimIsServer, bool isTls13)
    {
        Action<HostilePeer>[] moments = [static _ => { }, static peer => peer.SendAllBeforeChange(), static peer => peer.Connect()];
        byte[][] beginnings = [[99], [99, 0, 255, 0], [99, 0, 255, 0, .. new byte[1000]], [(byte)HandshakeType.ServerKeyExchange, 0, 255, 0]];
        Assert.All(moments, moment => Assert.All(beginnings, beginning =>
        {
            using var peer = isTls13 ? HostilePeer13.Of13(victimIsServer, TestServers.Clock()) : HostilePeer.Of(victimIsServer, TestServers.Clock());
            moment(peer);
            peer.SendContent(ContentType.Handshake, beginning);

            peer.Refused(TlsFault.UnexpectedMessage, AlertDescription.UnexpectedMessage);
        }));
    }

    [Fact]
    public void A_warning_between_the_fragments_of_a_message_does_no_harm()
    {
        using var peer = new HostileClient(TestServers.Server(TestServers.Clock()));
        byte[]? hello = null;
        peer.Edit = (_, raw) => hello = raw;
        peer.SendHello();
        Assert.True(peer.HasSaid(HandshakeType.ServerHelloDone));

        using var broken = new HostileClient(TestServers.Server(TestServers.Clock()));
        broken.SendContent(ContentType.Handshake, hello.AsSpan(0, 50));
        broken.SendAlert(isFatal: false, AlertDescription.UserCanceled);
        broken.SendContent(ContentType.Handshake, hello.AsSpan(50));
        Assert.True(broken.HasSaid(HandshakeType.ServerHelloDone));
    }

    [Fact]
    public void Messages_of_the_other_role_are_unexpected()
    {
        using var asClient = new HostileClient(TestServers.Server(TestServers.Clock()));
        asClient.SendMessage(HandshakeType.ServerHello, new byte[38]);
        asClient.Refused(TlsFault.UnexpectedMessage, AlertDescription.UnexpectedMessage);

        using var asServer = new HostileServer(TestServers.Client(TestServers.Clock()));
        asServer.Send(asServer.ClientHello); // its own hello, reflected
        asServer.Refused(TlsFault.UnexpectedMessage, AlertDescription.UnexpectedMessage);
    }

    [Fact]
    public void A_second_ClientHello_within_the_handshake_is_unexpected()
    {
        using var peer = new HostileClient(TestServers.Server(TestServers.Clock()));
        peer.SendHello();
        peer.SendMessage(HandshakeType.ClientHello, [3, 3, .. new byte[40]]);

        peer.Refused(TlsFault.UnexpectedMessage, AlertDescription.UnexpectedMessage);
    }

    [Fact]
    public void A_CertificateStatus_that_was_not_asked_for_is_unexpected()
    {
        using var peer = new HostileServer(TestServers.Client(TestServers.Clock()));
        peer.SendHello();
        peer.SendCertificate();
        peer.Send(new CertificateStatus { OcspResponse = new byte[] { 1 } });

        peer.Refused(TlsFault.UnexpectedMessage, AlertDescription.UnexpectedMessage);
    }

    private static void BeforeFinished(HostilePeer peer)
    {
        peer.SendAllBeforeChange();
        peer.SendChangeCipherSpec();
    }
}
