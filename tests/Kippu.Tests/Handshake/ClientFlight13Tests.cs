using System.Net.Security;
using Kippu.Tests.Handshake.Peers;
using Kippu.Wire;
using Kippu.Wire.Messages;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>What a server of TLS 1.3 insists on in the client's flight (RFC 8446 §4.4), and a client in a server's answer to its early data (§4.2.10).</summary>
public sealed class ClientFlight13Tests
{
    private static readonly Dictionary<string, Case> s_flights = new()
    {
        ["Certificate: none, though one is required"] = new(TlsFault.CertificateRequired, AlertDescription.CertificateRequired, peer => peer.Credential = null),
        ["Certificate: a context"] = Illegal(peer => peer.Edit = Edits.Body(HandshakeType.Certificate, body => [1, 7, .. body[1..]])),
        ["Certificate: of somebody unknown"] = new(TlsFault.UnknownAuthority, AlertDescription.UnknownCA, peer => peer.Credential = TestPki.UntrustedClient.Credential),
        ["Certificate: a stapled response that nobody asked for"] = new(
            TlsFault.UnsolicitedExtension, AlertDescription.UnsupportedExtension, peer => peer.Entry = entry => entry.OcspResponse = new byte[] { 1 }),
        ["Certificate: timestamps that nobody asked for"] = new(
            TlsFault.UnsolicitedExtension, AlertDescription.UnsupportedExtension, peer => peer.Entry = entry => entry.SignedCertificateTimestamps = new byte[] { 0, 3, 0, 1, 1 }),
        ["Certificate: cut off"] = Malformed(peer => peer.Edit = Edits.Body(HandshakeType.Certificate, body => body[..^1])),
        ["CertificateVerify: a wrong signature"] = BadSignature(peer => peer.Edit = Edits.FlipLast(HandshakeType.CertificateVerify)),
        ["CertificateVerify: a signature over another transcript"] = BadSignature(peer => peer.Edit = Edits.Body(HandshakeType.CertificateVerify, _ => Body(peer.Early!))),
        ["CertificateVerify: another curve's scheme"] = Illegal(peer => peer.Edit = Scheme(SignatureScheme.EcdsaSecp384r1Sha384)),
        ["CertificateVerify: PKCS#1"] = Illegal(peer => (peer.Credential, peer.Scheme) = (TestPki.RsaClient.Credential, SignatureScheme.RsaPkcs1Sha256)),
        ["CertificateVerify: SHA-1"] = Illegal(peer => peer.Edit = Scheme((SignatureScheme)0x0203)),
        ["Finished: wrong"] = new(TlsFault.BadFinished, AlertDescription.DecryptError, peer => peer.Edit = Edits.FlipLast(HandshakeType.Finished)),
        ["Finished: too short"] = Malformed(peer => peer.Edit = Edits.Body(HandshakeType.Finished, body => body[..12])),
    };

    private readonly FakeTimeProvider _time = TestServers.Clock();

    public static TheoryData<string> Flights => [.. s_flights.Keys];

    [Theory]
    [MemberData(nameof(Flights))]
    public void A_flight_with(string name)
    {
        var wrong = s_flights[name];
        using var peer = new HostileClient13(TestServers.Server13(_time, options => options.ClientCertificate = ClientCertificateRequirement.Required))
        {
            Credential = TestPki.Client.Credential,
        };
        var entry = new Spoilt(peer);
        peer.SendHello();
        entry.Early = peer.CertificateVerify();
        wrong.Spoil(entry);
        foreach (var step in new Action[] { () => peer.SendCertificate(entry.Entry), peer.SendCertificateVerify, peer.SendFinished })
        {
            if (peer.Victim.Fault is null)
            {
                step();
            }
        }

        peer.Refused(wrong.Fault, wrong.Alert);
        Assert.False(peer.Victim.Connection.IsConnected);
        Assert.Empty(peer.Tickets);
    }

    [Theory]
    [InlineData("another suite")]
    [InlineData("another application protocol")]
    [InlineData("no application protocol")]
    [InlineData("a full handshake")]
    public void A_server_cannot_accept_early_data_with(string what)
    {
        var client = TestServers.Client13(_time, options =>
        {
            options.EnableEarlyData = true;
            options.ApplicationProtocols.Add(SslApplicationProtocol.Http2);
            options.ApplicationProtocols.Add(SslApplicationProtocol.Http11);
        });
        using var first = new HostileServer13(client);
        first.SendHello();
        first.SendEncryptedExtensions(extensions => extensions.ApplicationProtocol = "h2"u8.ToArray());
        first.SendCertificate();
        first.SendCertificateVerify();
        first.SendFinished();
        var session = first.SendTicket(maxEarlyData: 100);

        // The alert of a client that writes early data is under the keys of the early data, which this server goes on to read by.
        using var peer = new HostileServer13(client, session) { AcceptsEarlyData = true, Session = what == "a full handshake" ? null : session };
        Assert.True(peer.ClientHello.EarlyData);
        peer.ChosenSuite = what == "another suite" ? CipherSuite.Find((ushort)TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256)! : HostilePeer13.Aes128;
        peer.SendHello();
        peer.SendEncryptedExtensions(extensions => extensions.ApplicationProtocol = what switch
        {
            "another application protocol" => new ReadOnlyMemory<byte>("http/1.1"u8.ToArray()),
            "no application protocol" => default(ReadOnlyMemory<byte>?),
            _ => new ReadOnlyMemory<byte>("h2"u8.ToArray()),
        });

        peer.Refused(TlsFault.IllegalParameter, AlertDescription.IllegalParameter);
    }

    private static Case Illegal(Action<Spoilt> spoil) => new(TlsFault.IllegalParameter, AlertDescription.IllegalParameter, spoil);

    private static Case Malformed(Action<Spoilt> spoil) => new(TlsFault.MalformedMessage, AlertDescription.DecodeError, spoil);

    private static Case BadSignature(Action<Spoilt> spoil) => new(TlsFault.BadSignature, AlertDescription.DecryptError, spoil);

    private static Func<HandshakeType, byte[], byte[]?> Scheme(SignatureScheme scheme) =>
        Edits.Body(HandshakeType.CertificateVerify, body => [(byte)((int)scheme >> 8), (byte)scheme, .. body[2..]]);

    private static byte[] Body(CertificateVerify verify)
    {
        using var buffer = new WireBuffer();
        verify.Write(new TlsWriter(buffer));
        return buffer.Written.ToArray();
    }

    private sealed record Case(TlsFault Fault, AlertDescription Alert, Action<Spoilt> Spoil);

    /// <summary>The client, as the test may spoil it.</summary>
    private sealed class Spoilt(HostileClient13 peer)
    {
        public Action<CertificateEntry> Entry { get; set; } = _ => { };

        /// <summary>A CertificateVerify that was right before the Certificate was said.</summary>
        public CertificateVerify? Early { get; set; }

        public TlsCredential? Credential
        {
            set => peer.Credential = value;
        }

        public SignatureScheme Scheme
        {
            set => peer.Scheme = value;
        }

        public Func<HandshakeType, byte[], byte[]?> Edit
        {
            set => peer.Edit = value;
        }
    }
}
