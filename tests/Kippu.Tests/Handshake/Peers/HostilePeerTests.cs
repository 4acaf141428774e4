using Kippu.Wire;
using Xunit;

namespace Kippu.Tests.Handshake.Peers;

/// <summary>A hostile peer that does nothing wrong gets on with either role: so whatever is refused elsewhere is refused for the fault under test.</summary>
public sealed class HostilePeerTests
{
    [Fact]
    public void A_client_that_keeps_the_rules_connects()
    {
        using var peer = new HostileClient(TestServers.Server(TestServers.Clock())).Connect();

        peer.Connected();
        Assert.Equal(["ServerHello", "Certificate", "ServerKeyExchange", "ServerHelloDone", "NewSessionTicket", "ChangeCipherSpec", "Finished"], peer.Flow);
    }

    [Fact]
    public void A_client_that_keeps_the_rules_resumes()
    {
        var server = TestServers.Server(TestServers.Clock());
        using var first = new HostileClient(server).Connect();
        using var peer = new HostileClient(server) { Session = first.NewSession }.Connect();

        peer.Connected();
        Assert.Equal(["ServerHello", "ChangeCipherSpec", "Finished"], peer.Flow);
        Assert.Equal(ResumptionKind.Ticket, peer.Victim.Connection.Info.Resumption);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_client_with_a_certificate_connects(bool shows)
    {
        var server = TestServers.Server(TestServers.Clock(), options => options.ClientCertificate = ClientCertificateRequirement.Optional);
        using var peer = new HostileClient(server) { Credential = shows ? TestPki.Client.Credential : null }.Connect();

        peer.Connected();
        Assert.Equal(shows ? TestPki.Client.Certificate.Subject : null, peer.Victim.Connection.Info.PeerCertificate?.Subject);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_server_that_keeps_the_rules_connects(bool asksForCertificate)
    {
        using var peer = new HostileServer(TestServers.Client(TestServers.Clock(), options => options.Credentials.Add(TestPki.Client.Credential))) { PromisesTicket = true };
        peer.SendFullFlight(asksForCertificate);
        peer.SendClosingFlight();

        peer.Connected();
        Assert.Equal(asksForCertificate, peer.HasSaid(HandshakeType.CertificateVerify));
    }

    [Fact]
    public void A_server_that_keeps_the_rules_resumes()
    {
        var client = TestServers.Client(TestServers.Clock());
        using var first = new HostileServer(client) { PromisesTicket = true }.Connect([1, 2, 3]);
        using var peer = new HostileServer(client) { Session = first.NewSession }.Connect();

        peer.Connected();
        Assert.Equal(["ClientHello", "ChangeCipherSpec", "Finished"], peer.Flow);
        Assert.Equal([1, 2, 3], peer.ClientHello.SessionTicket!.Value.ToArray());
        Assert.Equal(ResumptionKind.Ticket, peer.Victim.Connection.Info.Resumption);
    }

    [Fact]
    public void Messages_may_share_a_record_or_be_spread_over_many()
    {
        var client = TestServers.Client(TestServers.Clock());
        using var joined = new HostileServer(client);
        joined.Join(() => joined.SendFullFlight());
        joined.SendClosingFlight();
        joined.Connected();

        using var split = new HostileServer(client) { Records = { FragmentLength = 1 } }.Connect();
        split.Connected();
    }
}
