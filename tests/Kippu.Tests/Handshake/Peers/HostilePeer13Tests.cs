using Kippu.Wire;
using Xunit;

namespace Kippu.Tests.Handshake.Peers;

/// <summary>As <see cref="HostilePeerTests"/>, in TLS 1.3.</summary>
public sealed class HostilePeer13Tests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_peer_that_keeps_the_rules_connects(bool victimIsServer)
    {
        using var peer = HostilePeer13.Of13(victimIsServer, TestServers.Clock());
        peer.Connect();

        peer.Connected();
        Assert.Equal(
            victimIsServer
                ? ["ServerHello", "ChangeCipherSpec", "EncryptedExtensions", "Certificate", "CertificateVerify", "Finished", "NewSessionTicket", "NewSessionTicket"]
                : ["ClientHello", "ChangeCipherSpec", "Finished"],
            peer.Flow);
    }

    [Fact]
    public void A_client_that_keeps_the_rules_resumes()
    {
        var server = TestServers.Server13(TestServers.Clock());
        using var first = new HostileClient13(server).Connect();
        using var peer = new HostileClient13(server) { Sessions = [first.NewSession] }.Connect();

        peer.Connected();
        Assert.True(peer.Resumes);
        Assert.Equal(["ServerHello", "ChangeCipherSpec", "EncryptedExtensions", "Finished", "NewSessionTicket"], peer.Flow);
        Assert.Equal(ResumptionKind.Psk, peer.Victim.Connection.Info.Resumption);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_client_with_a_certificate_connects(bool shows)
    {
        var server = TestServers.Server13(TestServers.Clock(), options => options.ClientCertificate = ClientCertificateRequirement.Optional);
        using var peer = new HostileClient13(server) { Credential = shows ? TestPki.Client.Credential : null }.Connect();

        peer.Connected();
        Assert.Equal(shows ? TestPki.Client.Certificate.Subject : null, peer.Victim.Connection.Info.PeerCertificate?.Subject);
    }

    [Fact]
    public void A_client_that_is_asked_for_another_share_connects_and_resumes()
    {
        var server = TestServers.Server13(TestServers.Clock(), options => options.Groups.Add(NamedGroup.Secp384r1));
        using var first = new HostileClient13(server).Connect();
        first.Connected();
        Assert.NotNull(first.Retry);
        using var peer = new HostileClient13(server) { Sessions = [first.NewSession] }.Connect();

        peer.Connected();
        Assert.True(peer.Resumes);
    }

    [Fact]
    public void A_server_that_keeps_the_rules_retries_resumes_and_asks_for_a_certificate()
    {
        var client = TestServers.Client13(TestServers.Clock(), options => options.Credentials.Add(TestPki.Client.Credential));
        using var first = new HostileServer13(client) { Group = NamedGroup.Secp384r1 };
        first.SendRetry();
        first.SendHello();
        first.SendEncryptedExtensions();
        first.SendCertificateRequest();
        first.SendCertificate();
        first.SendCertificateVerify();
        first.SendFinished();
        first.Connected();
        Assert.True(first.HasSaid(HandshakeType.CertificateVerify));
        var session = first.SendTicket();
        using var peer = new HostileServer13(client) { Session = session }.Connect();

        peer.Connected();
        Assert.Equal(session.Ticket, peer.ClientHello.PreSharedKeys!.Value.Identity(0).Identity.ToArray());
        Assert.Equal(ResumptionKind.Psk, peer.Victim.Connection.Info.Resumption);
    }

    [Fact]
    public void A_client_and_a_server_that_keep_the_rules_exchange_early_data()
    {
        var time = TestServers.Clock();
        var server = TestServers.Server13(time, options => options.EarlyData.MaxSize = 100);
        time.Advance(TimeSpan.FromMinutes(1));
        using var first = new HostileClient13(server).Connect();
        using var asClient = new HostileClient13(server) { Sessions = [first.NewSession], EarlyData = true };
        asClient.SendHello();
        asClient.SendData("early"u8);
        Assert.True(asClient.EarlyDataAccepted);
        asClient.SendEndOfEarlyData();
        asClient.SendFinished();
        asClient.Connected();
        Assert.Equal("early"u8.ToArray(), asClient.Victim.EarlyDelivered);

        var client = TestServers.Client13(time, options => options.EnableEarlyData = true);
        using var issuing = new HostileServer13(client).Connect();
        var session = issuing.SendTicket(maxEarlyData: 100);
        using var asServer = new HostileServer13(client, session) { Session = session, AcceptsEarlyData = true };
        var output = new byte[100];
        asServer.Hear(output[..asServer.Victim.Connection.WriteEarlyData("early"u8, output).Written]);
        Assert.Equal("early"u8.ToArray(), asServer.Data);
        asServer.Connect();
        asServer.Connected();
        Assert.True(asServer.Victim.Connection.Info.EarlyDataAccepted);
    }
}
