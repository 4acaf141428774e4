using Kippu.Tests.Handshake.Peers;
using Kippu.Wire;
using Kippu.Wire.Messages;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>RFC 5746 is signalled; renegotiation itself is refused, fatally. And HelloRequest (RFC 5246 §7.4.1.1), which may come at any time.</summary>
public sealed class RenegotiationTests
{
    private const ushort Scsv = 0x00FF;

    private readonly FakeTimeProvider _time = TestServers.Clock();

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void A_server_answers_the_extension_and_the_signalling_suite_with_an_empty_extension(bool extension, bool suite)
    {
        using var peer = new HostileClient(TestServers.Server(_time));
        peer.Suites = suite ? [.. peer.Suites, Scsv] : peer.Suites;
        peer.Edit = extension ? peer.Edit : Edits.WithoutExtension(HandshakeType.ClientHello, (int)ExtensionType.RenegotiationInfo);
        peer.Connect();

        peer.Connected();
        Assert.Equal(extension || suite, peer.Said<ServerHello>().RenegotiationInfo is { IsEmpty: true });
        Assert.Equal(extension || suite, peer.Said<ServerHello>().RenegotiationInfo is not null);
    }

    [Fact]
    public void A_resuming_server_answers_it_too()
    {
        var server = TestServers.Server(_time);
        using var first = new HostileClient(server).Connect();
        using var peer = new HostileClient(server) { Session = first.NewSession }.Connect();

        Assert.True(peer.Resumes);
        Assert.True(peer.Said<ServerHello>().RenegotiationInfo is { IsEmpty: true });
    }

    [Fact]
    public void A_client_sends_it_and_goes_on_with_a_server_that_does_not_know_it()
    {
        using var peer = new HostileServer(TestServers.Client(_time)) { Edit = Edits.WithoutExtension(HandshakeType.ServerHello, (int)ExtensionType.RenegotiationInfo) };
        Assert.True(peer.ClientHello.RenegotiationInfo is { IsEmpty: true });
        peer.Connect();

        peer.Connected();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void In_an_initial_handshake_it_must_be_empty(bool victimIsServer)
    {
        using var peer = HostilePeer.Of(victimIsServer, _time);
        peer.Edit = Edits.Extension(victimIsServer ? HandshakeType.ClientHello : HandshakeType.ServerHello, (int)ExtensionType.RenegotiationInfo, [12, .. new byte[12]]);
        peer.SendHello();

        peer.Refused(TlsFault.RenegotiationMismatch, AlertDescription.HandshakeFailure);
    }

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 1 })]
    [InlineData(new byte[] { 0, 0 })]
    public void Its_form_is_checked(byte[] data)
    {
        using var asClient = new HostileClient(TestServers.Server(_time)) { Edit = Edits.Extension(HandshakeType.ClientHello, (int)ExtensionType.RenegotiationInfo, data) };
        asClient.SendHello();
        asClient.Refused(TlsFault.MalformedMessage, AlertDescription.DecodeError);

        using var asServer = new HostileServer(TestServers.Client(_time)) { Edit = Edits.Extension(HandshakeType.ServerHello, (int)ExtensionType.RenegotiationInfo, data) };
        asServer.SendHello();
        asServer.Refused(TlsFault.MalformedMessage, AlertDescription.DecodeError);
    }

    [Fact]
    public void A_server_refuses_to_renegotiate()
    {
        using var peer = new HostileClient(TestServers.Server(_time)).Connect();
        peer.Connected();
        peer.SendHello();

        peer.Refused(TlsFault.RenegotiationRefused, AlertDescription.NoRenegotiation);
    }

    [Fact]
    public void A_client_refuses_to_renegotiate()
    {
        using var peer = new HostileServer(TestServers.Client(_time)).Connect();
        peer.Connected();
        peer.Send(HelloRequest.Instance);

        peer.Refused(TlsFault.RenegotiationRefused, AlertDescription.NoRenegotiation);
    }

    [Fact]
    public void A_client_ignores_HelloRequests_during_the_handshake_and_leaves_them_out_of_the_hashes()
    {
        using var peer = new HostileServer(TestServers.Client(_time)) { PromisesTicket = true };
        peer.Send(HelloRequest.Instance);
        peer.SendHello();
        peer.Send(HelloRequest.Instance);
        peer.SendCertificate();
        peer.Send(HelloRequest.Instance);
        peer.SendKeyExchange();
        peer.Send(HelloRequest.Instance);
        peer.SendCertificateRequest();
        peer.Join(() =>
        {
            peer.Send(HelloRequest.Instance);
            peer.Send(HelloRequest.Instance);
            peer.SendHelloDone();
            peer.Send(HelloRequest.Instance);
        });
        peer.SendTicket([1]);
        peer.Send(HelloRequest.Instance);
        peer.SendChangeCipherSpec();
        peer.SendFinished();

        peer.Connected();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_HelloRequest_with_a_body_is_malformed(bool helloSent)
    {
        using var peer = new HostileServer(TestServers.Client(_time));
        if (helloSent)
        {
            peer.SendHello();
        }

        peer.SendMessage(HandshakeType.HelloRequest, [0]);

        peer.Refused(TlsFault.MalformedMessage, AlertDescription.DecodeError);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_refusal_by_the_peer_is_a_warning_that_changes_nothing(bool victimIsServer)
    {
        using HostilePeer peer = victimIsServer ? new HostileClient(TestServers.Server(_time)).Connect() : new HostileServer(TestServers.Client(_time)).Connect();
        peer.SendAlert(isFatal: false, AlertDescription.NoRenegotiation);

        peer.Connected();
    }
}
