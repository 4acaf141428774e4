using Kippu.Tests.Handshake.Peers;
using Kippu.Wire;
using Kippu.Wire.Messages;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>RFC 6066 §3: server_name in full and in resumed handshakes.</summary>
public sealed class ServerNameTests
{
    private readonly FakeTimeProvider _time = TestServers.Clock();

    [Theory]
    [InlineData("localhost")]
    [InlineData(null)]
    public void A_full_handshake_acknowledges_the_name_if_there_was_one(string? name)
    {
        using var peer = new HostileClient(TestServers.Server(_time)) { ServerName = name }.Connect();

        peer.Connected();
        Assert.Equal(name is not null, peer.Said<ServerHello>().ServerName);
        Assert.Equal(name, peer.Victim.Connection.Info.ServerName);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_resumed_handshake_does_not_acknowledge_the_name(bool byTicket)
    {
        var server = TestServers.Server(_time, TestServers.WithSessionCache);
        using var first = new HostileClient(server) { AsksForTicket = byTicket }.Connect();
        using var peer = new HostileClient(server) { Session = first.NewSession }.Connect();

        peer.Connected();
        Assert.True(peer.Resumes);
        Assert.False(peer.Said<ServerHello>().ServerName);
    }

    [Theory]
    [InlineData("localhost", "other.example", true)]
    [InlineData("localhost", "other.example", false)]
    [InlineData("localhost", "LOCALHOST", true)]
    [InlineData("localhost", null, true)]
    [InlineData("localhost", null, false)]
    [InlineData(null, "localhost", true)]
    [InlineData(null, "localhost", false)]
    public void A_session_is_not_resumed_under_another_name(string? original, string? now, bool byTicket)
    {
        var server = TestServers.Server(_time, TestServers.WithSessionCache);
        using var first = new HostileClient(server) { ServerName = original, AsksForTicket = byTicket }.Connect();
        using var peer = new HostileClient(server) { ServerName = now, Session = first.NewSession }.Connect();

        peer.Connected();
        Assert.False(peer.Resumes);
        Assert.Equal(TicketRefusal.ServerName, peer.Victim.Connection.Info.TicketRefusal);
    }

    [Fact]
    public void A_client_offers_a_session_only_under_the_name_it_was_made_with()
    {
        var client = TestServers.Client(_time);
        var target = new TlsTarget(TestServers.Name);
        using var first = new HostileServer(client, target) { PromisesTicket = true }.Connect();
        using var other = new HostileServer(client, target with { ServerName = "other.example" });
        using var same = new HostileServer(client, target with { ServerName = TestServers.Name });

        Assert.True(other.ClientHello.SessionTicket is { IsEmpty: true });
        Assert.False(same.ClientHello.SessionTicket!.Value.IsEmpty);
    }

    [Theory]
    [InlineData("localhost", "localhost")]
    [InlineData("localhost.", "localhost")]
    [InlineData("127.0.0.1", null)]
    [InlineData("::1", null)]
    [InlineData("bücher.example", "xn--bcher-kva.example")]
    public void A_client_sends_a_DNS_name_in_ASCII_and_never_an_address(string host, string? sent)
    {
        using var peer = new HostileServer(TestServers.Client(_time), new TlsTarget(host));

        Assert.Equal(sent, peer.ClientHello.ServerName);
    }

    [Theory]
    [InlineData("unknown.example", true)]
    [InlineData("localhost", false)]
    [InlineData(null, false)]
    public void A_name_that_nobody_answers_to_is_refused_where_the_options_say_so(string? name, bool refused)
    {
        using var peer = new HostileClient(TestServers.Server(_time, options => options.RejectUnknownServerNames = true)) { ServerName = name };
        peer.SendHello();

        if (refused)
        {
            peer.Refused(TlsFault.UnrecognizedName, AlertDescription.UnrecognizedName);
        }
        else
        {
            Assert.Null(peer.Victim.Fault);
        }
    }

    [Theory]
    [InlineData("münchen.example", "xn--mnchen-3ya.example")]
    [InlineData("*.münchen.example", "www.xn--mnchen-3ya.example")]
    [InlineData("Shop.example.", "shop.EXAMPLE")]
    public void A_host_is_found_however_its_name_was_written(string configured, string asked)
    {
        var server = TestServers.Server(_time, options =>
        {
            options.RejectUnknownServerNames = true;
            options.Hosts[configured] = new TlsHostOptions { Credentials = { TestPki.EcdsaP256.Credential } };
        });
        using var peer = new HostileClient(server) { ServerName = asked };
        peer.SendHello();

        Assert.Null(peer.Victim.Fault);
    }

    [Fact]
    public void An_acknowledgement_is_empty()
    {
        using var peer = new HostileServer(TestServers.Client(_time)) { Edit = Edits.Extension(HandshakeType.ServerHello, 0, [0]) };
        peer.SendHello();

        peer.Refused(TlsFault.MalformedMessage, AlertDescription.DecodeError);
    }

    [Fact]
    public void A_warning_that_the_name_is_unknown_does_not_end_a_handshake()
    {
        // RFC 6066 §3: "If a client receives a warning-level alert..., it is NOT RECOMMENDED" to end the connection on its own account; some servers send it.
        using var peer = new HostileServer(TestServers.Client(_time));
        peer.SendAlert(isFatal: false, AlertDescription.UnrecognizedName);
        peer.Connect();

        peer.Connected();
    }

    [Fact]
    public void Hosts_are_chosen_by_name_and_each_shows_its_own_certificate()
    {
        var server = TestServers.Server(_time, options =>
        {
            options.Hosts.Add("www.one.example", Host(TestPki.ServerFor(TestKey.EcdsaP256, "www.one.example")));
            options.Hosts.Add("*.two.example", Host(TestPki.ServerFor(TestKey.EcdsaP256, "*.two.example")));
        });

        Assert.Equal("CN=www.one.example", SubjectFor("www.one.example"));
        Assert.Equal("CN=www.one.example", SubjectFor("WWW.ONE.EXAMPLE"));
        Assert.Equal("CN=*.two.example", SubjectFor("a.two.example"));
        Assert.Equal(TestPki.EcdsaP256.Certificate.Subject, SubjectFor("a.b.two.example"));
        Assert.Equal(TestPki.EcdsaP256.Certificate.Subject, SubjectFor("two.example"));
        Assert.Equal(TestPki.EcdsaP256.Certificate.Subject, SubjectFor(null));

        string SubjectFor(string? name)
        {
            using var peer = new HostileClient(server) { ServerName = name };
            peer.SendHello();
            using var leaf = System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificate(peer.Said<CertificateMessage12>().Certificates[0].Span);
            return leaf.Subject;
        }
    }

    private static TlsHostOptions Host(TestIdentity identity)
    {
        var host = new TlsHostOptions();
        host.Credentials.Add(identity.Credential);
        return host;
    }
}
