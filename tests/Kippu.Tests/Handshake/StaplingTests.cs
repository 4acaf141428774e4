using System.Security.Authentication;
using Kippu.Tests.Handshake.Peers;
using Kippu.Wire.Messages;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>OCSP stapling (RFC 6066 §8, RFC 8446 §4.4.2.1) and signed certificate timestamps (RFC 6962 §3.3.1): sent to who asks, handed to the verdict.</summary>
public sealed class StaplingTests
{
    private static readonly byte[] s_response = [0x30, 0x03, 0x0a, 0x01, 0x06];
    private static readonly byte[] s_timestamps = [0x00, 0x05, 0x00, 0x03, 1, 2, 3];

    private readonly FakeTimeProvider _time = TestServers.Clock();
    private readonly List<(byte[]? Response, byte[]? Timestamps)> _asked = [];

    [Theory]
    [InlineData(SslProtocols.Tls12, true, true)]
    [InlineData(SslProtocols.Tls12, true, false)]
    [InlineData(SslProtocols.Tls12, false, true)]
    [InlineData(SslProtocols.Tls12, false, false)]
    [InlineData(SslProtocols.Tls13, true, true)]
    [InlineData(SslProtocols.Tls13, true, false)]
    [InlineData(SslProtocols.Tls13, false, true)]
    [InlineData(SslProtocols.Tls13, false, false)]
    public void The_verdict_gets_what_was_asked_for_and_nothing_else_is_sent(SslProtocols version, bool wantsResponse, bool wantsTimestamps)
    {
        using var pair = new ConnectionPair(Client(version, wantsResponse, wantsTimestamps), Server(version, s_response, s_timestamps)).Connect();

        var (response, timestamps) = Assert.Single(_asked);
        Assert.Equal(wantsResponse ? s_response : null, response);
        Assert.Equal(wantsTimestamps ? s_timestamps : null, timestamps);
        Assert.Equal(version == SslProtocols.Tls12 && wantsResponse, new WireView(pair.FromServer).Flow.Contains("CertificateStatus"));
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public void A_server_that_has_nothing_to_staple_promises_nothing(SslProtocols version)
    {
        using var pair = new ConnectionPair(Client(version, true, true), Server(version, null, null)).Connect();

        Assert.Equal((null, null), Assert.Single(_asked));
    }

    [Fact]
    public void A_server_may_promise_a_response_and_not_send_it()
    {
        using var peer = new HostileServer(Client(SslProtocols.Tls12, wantsResponse: true, wantsTimestamps: false));
        peer.SendHello(hello => hello.StatusRequest = true);
        peer.SendCertificate();
        peer.SendKeyExchange();
        Assert.Empty(_asked);
        peer.SendMessage(HandshakeType.ServerHelloDone, []);

        Assert.Equal((null, null), Assert.Single(_asked));
        Assert.Contains("ClientKeyExchange", peer.Flow);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_refusal_of_the_certificate_comes_before_anything_else_is_said(bool sendsResponse)
    {
        using var peer = new HostileServer(TestServers.Client(_time, options =>
        {
            options.ServerVerification = new CertificateVerificationOptions { RequestOcspResponse = true, Callback = (_, _) => ValueTask.FromResult(false) };
        }));
        peer.SendHello(hello => hello.StatusRequest = true);
        peer.SendCertificate();
        if (sendsResponse)
        {
            peer.Send(new CertificateStatus { OcspResponse = s_response });
        }
        else
        {
            peer.SendKeyExchange();
            peer.SendMessage(HandshakeType.ServerHelloDone, []);
        }

        Assert.NotNull(peer.Victim.Fault);
        Assert.DoesNotContain("ClientKeyExchange", peer.Flow);
    }

    [Fact]
    public void A_response_that_nobody_asked_for_is_refused()
    {
        using var peer = new HostileServer(TestServers.Client(_time));
        peer.SendHello(hello => hello.StatusRequest = true);

        peer.Refused(TlsFault.UnsolicitedExtension, AlertDescription.UnsupportedExtension);
    }

    [Fact]
    public void What_cannot_be_sent_is_refused_when_it_is_set()
    {
        using var credential = TestPki.EcdsaP256.NewCredential();

        Assert.Throws<ArgumentException>(() => credential.OcspResponse = []);
        Assert.Throws<ArgumentException>(() => credential.SignedCertificateTimestamps = [0, 0]);
        Assert.Throws<ArgumentException>(() => credential.SignedCertificateTimestamps = [0, 3, 0, 2, 1]);
        Assert.Null(credential.OcspResponse);
        Assert.Null(credential.SignedCertificateTimestamps);
    }

    private TlsServer Server(SslProtocols version, byte[]? response, byte[]? timestamps) => TestServers.Server(_time, options =>
    {
        options.Protocols = version;
        var credential = TestPki.EcdsaP256.NewCredential();
        credential.OcspResponse = response;
        credential.SignedCertificateTimestamps = timestamps;
        options.Credentials.Clear();
        options.Credentials.Add(credential);
    });

    private TlsClient Client(SslProtocols version, bool wantsResponse, bool wantsTimestamps) => TestServers.Client(_time, options =>
    {
        options.Protocols = version;
        options.ServerVerification = new CertificateVerificationOptions
        {
            CustomTrustRoots = TestPki.Verification.CustomTrustRoots,
            RequestOcspResponse = wantsResponse,
            RequestSignedCertificateTimestamps = wantsTimestamps,
            Callback = (context, _) =>
            {
                _asked.Add((context.OcspResponse, context.SignedCertificateTimestamps));
                return ValueTask.FromResult(context.IsAccepted);
            },
        };
    });
}
