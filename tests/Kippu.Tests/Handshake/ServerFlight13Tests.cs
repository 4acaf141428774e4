using Kippu.Alerts;
using System.Net.Security;
using System.Security.Authentication;
using Kippu.Tests.Handshake.Peers;
using Kippu.Wire;
using Kippu.Wire.Messages;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>What a client of TLS 1.3 insists on in the server's flight (RFC 8446 §4.1.3, §4.2.8, §4.2.11, §4.3 and §4.4), and the alert for each.</summary>
public sealed class ServerFlight13Tests
{
    private const HandshakeType ServerHelloType = HandshakeType.ServerHello;
    private const int SessionIdAt = 35;
    private const int SuiteAt = SessionIdAt + 32;

    private static readonly Dictionary<string, Case> s_hellos = new()
    {
        ["another session ID"] = Illegal(Edits.Body(ServerHelloType, body => With(body, SessionIdAt, (byte)~body[SessionIdAt]))),
        ["no session ID"] = Illegal(Edits.Body(ServerHelloType, body => [.. body[..34], 0, .. body[SuiteAt..]])),
        ["a suite that nobody knows"] = Illegal(Edits.Body(ServerHelloType, body => With(body, SuiteAt, 0x13, 0xFF))),
        ["a suite of TLS 1.2"] = Illegal(Edits.Body(ServerHelloType, body => With(body, SuiteAt, 0xC0, 0x2B))),
        ["a suite that was not offered"] = Illegal(Edits.Body(ServerHelloType, body => With(body, SuiteAt, 0x13, 0x02))) with
        {
            Options = options => options.CipherSuites.Add(TlsCipherSuite.TLS_AES_128_GCM_SHA256),
        },
        ["compression"] = Illegal(Edits.Body(ServerHelloType, body => With(body, SuiteAt + 2, 1))),
        ["no key_share"] = new(TlsFault.MissingExtension, AlertDescription.MissingExtension, Edits.WithoutExtension(ServerHelloType, 51)),
        ["a share of a group that none was sent of"] = Illegal(Share(NamedGroup.Secp384r1, 97)),
        ["a share of a group that nobody knows"] = Illegal(Share((NamedGroup)0x7777, 32)),
        ["a share of zeros"] = new(TlsFault.BadKeyShare, AlertDescription.IllegalParameter, Share(NamedGroup.X25519, 32)),
        ["a share that is too short"] = new(TlsFault.BadKeyShare, AlertDescription.IllegalParameter, Share(NamedGroup.X25519, 31)),
        ["a share that is cut off"] = new(TlsFault.MalformedMessage, AlertDescription.DecodeError, Edits.Extension(ServerHelloType, 51, [0, 29, 0, 32, 1])),
        ["a session that was not offered"] = new(TlsFault.UnsolicitedExtension, AlertDescription.UnsupportedExtension, Edits.Extension(ServerHelloType, 41, [0, 0])),
        ["an extension that was not offered"] = new(TlsFault.UnsolicitedExtension, AlertDescription.UnsupportedExtension, Edits.Extension(ServerHelloType, 0x7777, [])),
        ["an extension that has its place elsewhere"] = Illegal(Edits.Extension(ServerHelloType, 10, [0, 2, 0, 29])),
        ["supported_versions twice"] = new(TlsFault.DuplicateExtension, AlertDescription.DecodeError, Edits.Extension(ServerHelloType, 43, [3, 4], twice: true)),
        ["TLS 1.2 in supported_versions"] = Illegal(Edits.Extension(ServerHelloType, 43, [3, 3])),
        ["TLS 1.4 in supported_versions"] = Illegal(Edits.Extension(ServerHelloType, 43, [3, 5])),
        ["a draft in supported_versions"] = Illegal(Edits.Extension(ServerHelloType, 43, [0x7F, 28])),
        ["something behind its end"] = new(TlsFault.MalformedMessage, AlertDescription.DecodeError, Edits.Body(ServerHelloType, body => [.. body, 0])),
    };

    private static readonly Dictionary<string, Flight> s_flights = new()
    {
        ["EncryptedExtensions: an extension that was not offered"] = Unsolicited(peer => peer.Edit = Type8(0x7777, [])),
        ["EncryptedExtensions: ALPN that was not offered"] = Unsolicited(peer => peer.Edit = Type8(16, [0, 3, 2, (byte)'h', (byte)'2'])),
        ["EncryptedExtensions: early_data that was not offered"] = Unsolicited(peer => peer.Edit = Type8(42, [])),
        ["EncryptedExtensions: key_share"] = Illegal(peer => peer.Edit = Type8(51, [0, 29])),
        ["EncryptedExtensions: pre_shared_key"] = Illegal(peer => peer.Edit = Type8(41, [0, 0])),
        ["EncryptedExtensions: cut off"] = Malformed(peer => peer.Edit = Edits.Body(HandshakeType.EncryptedExtensions, _ => [0, 1])),
        ["EncryptedExtensions: something behind its end"] = Malformed(peer => peer.Edit = Edits.Body(HandshakeType.EncryptedExtensions, body => [.. body, 0])),
        ["Certificate: a context"] = Illegal(peer => peer.Edit = Edits.Body(HandshakeType.Certificate, body => [1, 7, .. body[1..]])),
        ["Certificate: empty"] = Malformed(peer => peer.Edit = Edits.Body(HandshakeType.Certificate, _ => [0, 0, 0, 0])),
        ["Certificate: an empty entry"] = Malformed(peer => peer.Edit = Edits.Body(HandshakeType.Certificate, _ => [0, 0, 0, 5, 0, 0, 0, 0, 0])),
        ["Certificate: no certificate"] = new(
            TlsFault.BadCertificate, AlertDescription.BadCertificate, peer => peer.Edit = Edits.Body(HandshakeType.Certificate, _ => [0, 0, 0, 8, 0, 0, 3, 1, 2, 3, 0, 0])),
        ["Certificate: an extension that was not offered"] = Unsolicited(peer => peer.Edit = Edits.Body(HandshakeType.Certificate, WithEntryExtension)),
        ["CertificateVerify: a wrong signature"] = BadSignature(peer => peer.Edit = Edits.FlipLast(HandshakeType.CertificateVerify)),
        ["CertificateVerify: a signature as a client's"] = BadSignature(peer => peer.SignsAs = HostileServer13.Signer.Client),
        ["CertificateVerify: a signature over the bare hash"] = BadSignature(peer => peer.SignsAs = HostileServer13.Signer.Bare),
        ["CertificateVerify: another curve's scheme"] = Illegal(peer => peer.Edit = Scheme(SignatureScheme.EcdsaSecp384r1Sha384)),
        ["CertificateVerify: a scheme of another kind of key"] = Illegal(peer => peer.Edit = Scheme(SignatureScheme.RsaPssRsaeSha256)),
        ["CertificateVerify: SHA-1"] = Illegal(peer => peer.Edit = Scheme((SignatureScheme)0x0203)),
        ["CertificateVerify: PKCS#1"] = Illegal(peer => (peer.Credential, peer.Scheme) = (TestPki.Rsa2048.Credential, SignatureScheme.RsaPkcs1Sha256)),
        ["CertificateVerify: cut off"] = Malformed(peer => peer.Edit = Edits.Body(HandshakeType.CertificateVerify, body => body[..^1])),
        ["Finished: wrong"] = new(TlsFault.BadFinished, AlertDescription.DecryptError, peer => peer.Edit = Edits.FlipLast(HandshakeType.Finished)),
        ["Finished: too short"] = Malformed(peer => peer.Edit = Edits.Body(HandshakeType.Finished, body => body[..12])),
        ["Finished: too long"] = Malformed(peer => peer.Edit = Edits.Body(HandshakeType.Finished, body => [.. body, 0])),
    };

    private readonly FakeTimeProvider _time = TestServers.Clock();

    public static TheoryData<string> Hellos => [.. s_hellos.Keys];

    public static TheoryData<string> Flights => [.. s_flights.Keys];

    [Theory]
    [MemberData(nameof(Hellos))]
    public void A_ServerHello_with(string name)
    {
        var wrong = s_hellos[name];
        using var peer = new HostileServer13(TestServers.Client13(_time, wrong.Options)) { Edit = wrong.Edit };
        peer.SendHello();

        peer.Refused(wrong.Fault, wrong.Alert);
    }

    [Theory]
    [MemberData(nameof(Flights))]
    public void A_flight_with(string name)
    {
        var wrong = s_flights[name];
        using var peer = new HostileServer13(TestServers.Client13(_time));
        wrong.Spoil(peer);
        foreach (var step in new Action[] { peer.SendHello, peer.SendEncryptedExtensions, peer.SendCertificate, peer.SendCertificateVerify, peer.SendFinished })
        {
            if (peer.Victim.Fault is null)
            {
                step();
            }
        }

        peer.Refused(wrong.Fault, wrong.Alert);
        Assert.False(peer.Victim.Connection.IsConnected);
    }

    [Fact]
    public void ALPN_that_is_none_of_those_offered_is_illegal_parameter()
    {
        using var peer = new HostileServer13(TestServers.Client13(_time, options => options.ApplicationProtocols.Add(SslApplicationProtocol.Http2)));
        peer.SendHello();
        peer.SendEncryptedExtensions(extensions => extensions.ApplicationProtocol = "http/1.1"u8.ToArray());

        peer.Refused(TlsFault.IllegalParameter, AlertDescription.IllegalParameter);
    }

    [Fact]
    public void A_CertificateRequest_with_a_context_is_illegal_parameter()
    {
        using var peer = Asked(new CertificateRequest13 { Context = new byte[] { 1 }, SignatureAlgorithms = HostileServer13.AllSchemes });

        peer.Refused(TlsFault.IllegalParameter, AlertDescription.IllegalParameter);
    }

    [Fact]
    public void A_CertificateRequest_without_signature_algorithms_is_missing_extension()
    {
        using var peer = new HostileServer13(TestServers.Client13(_time)) { Edit = Edits.Body(HandshakeType.CertificateRequest, _ => [0, 0, 4, 0x77, 0x77, 0, 0]) };
        peer.SendHello();
        peer.SendEncryptedExtensions();
        peer.SendCertificateRequest();

        peer.Refused(TlsFault.MissingExtension, AlertDescription.MissingExtension);
    }

    [Fact]
    public void An_extension_of_a_CertificateRequest_that_nobody_knows_is_passed_over()
    {
        using var peer = new HostileServer13(TestServers.Client13(_time))
        {
            Edit = Edits.Body(HandshakeType.CertificateRequest, body => [0, 0, (byte)(body[2] + 4), .. body[3..], 0x77, 0x77, 0, 0]),
        };
        peer.SendHello();
        peer.SendEncryptedExtensions();
        peer.SendCertificateRequest();

        Assert.Null(peer.Victim.Fault);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0xFFFF)]
    public void An_identity_beyond_those_offered_is_illegal_parameter(ushort selected)
    {
        using var peer = Resuming(HostilePeer13.Aes128);
        peer.SendHello(hello => hello.SelectedIdentity = selected);

        peer.Refused(TlsFault.IllegalParameter, AlertDescription.IllegalParameter);
    }

    [Fact]
    public void A_session_with_a_suite_of_another_hash_is_illegal_parameter()
    {
        using var peer = Resuming(HostilePeer13.Aes128);
        peer.ChosenSuite = HostilePeer13.Aes256;
        peer.SendHello(hello => hello.SelectedIdentity = 0);

        peer.Refused(TlsFault.IllegalParameter, AlertDescription.IllegalParameter);
    }

    [Fact]
    public void A_session_without_a_key_exchange_of_its_own_is_illegal_parameter()
    {
        using var peer = Resuming(HostilePeer13.Aes128);
        peer.Session = peer.Held;
        peer.SendHello(hello => hello.KeyShare = null);

        peer.Refused(TlsFault.IllegalParameter, AlertDescription.IllegalParameter);
    }

    [Fact]
    public void A_server_that_does_not_know_the_session_it_says_it_resumes_is_found_out()
    {
        using var peer = Resuming(HostilePeer13.Aes128);
        peer.Session = peer.Held! with { Psk = new byte[32] };
        peer.SendHello();

        // The alert is under keys that this server does not have either.
        Assert.Throws<TlsFaultException>(peer.SendEncryptedExtensions);
        Assert.Equal(TlsFault.BadRecordMac, peer.Victim.Fault?.Fault);
    }

    [Theory]
    [InlineData(0x01)]
    [InlineData(0x00)]
    public void A_downgrade_sentinel_is_illegal_parameter(byte last)
    {
        using var peer = new HostileServer(TestServers.Client13(_time)) { Edit = Edits.Body(ServerHelloType, body => With(body, 26, [.. "DOWNGRD"u8, last])) };
        peer.SendHello();

        peer.Refused(TlsFault.Downgrade, AlertDescription.IllegalParameter);
    }

    [Fact]
    public void A_server_of_TLS_12_that_echoes_the_session_ID_made_up_for_TLS_13_resumes_what_was_not_offered()
    {
        using var peer = new HostileServer(TestServers.Client13(_time));
        peer.Edit = Edits.Body(ServerHelloType, body => [.. body[..34], (byte)peer.ClientHello.SessionId.Length, .. peer.ClientHello.SessionId.Span, .. body[35..]]);
        peer.SendHello();

        peer.Refused(TlsFault.IllegalParameter, AlertDescription.IllegalParameter);
    }

    [Fact]
    public void The_record_of_the_first_hello_says_TLS_10_and_every_later_one_TLS_12()
    {
        using var client = TestServers.Client13(_time).CreateConnection(new TlsTarget("localhost"));
        var hello = new byte[client.GetWriteSize(0)];
        client.Drain(hello);
        Assert.Equal([0x16, 0x03, 0x01], hello[..3]);

        client.Close();
        var alert = new byte[client.GetWriteSize(0)];
        client.Drain(alert);
        Assert.Equal([0x15, 0x03, 0x03], alert[..3]);
    }

    [Theory]
    [InlineData(0x0304)]
    [InlineData(0x0302)]
    [InlineData(0x0300)]
    public void A_version_that_was_not_offered_is_protocol_version(ushort version)
    {
        using var peer = new HostileServer(TestServers.Client13(_time)) { Edit = Edits.Body(ServerHelloType, body => With(body, 0, (byte)(version >> 8), (byte)version)) };
        peer.SendHello();

        peer.Refused(TlsFault.UnsupportedVersion, AlertDescription.ProtocolVersion);
    }

    [Fact]
    public void TLS_1_2_to_a_client_of_TLS_1_3_only_is_protocol_version()
    {
        using var peer = new HostileServer(TestServers.Client(_time, options => options.Protocols = SslProtocols.Tls13));
        peer.SendHello();

        peer.Refused(TlsFault.UnsupportedVersion, AlertDescription.ProtocolVersion);
    }

    private static byte[] With(byte[] body, int at, params byte[] bytes) => [.. body[..at], .. bytes, .. body[(at + bytes.Length)..]];

    private static Func<HandshakeType, byte[], byte[]?> Share(NamedGroup group, int length) =>
        Edits.Extension(ServerHelloType, 51, [(byte)((int)group >> 8), (byte)group, 0, (byte)length, .. new byte[length]]);

    private static Func<HandshakeType, byte[], byte[]?> Scheme(SignatureScheme scheme) =>
        Edits.Body(HandshakeType.CertificateVerify, body => With(body, 0, (byte)((int)scheme >> 8), (byte)scheme));

    /// <summary>EncryptedExtensions with this one extension.</summary>
    private static Func<HandshakeType, byte[], byte[]?> Type8(int type, byte[] data) =>
        Edits.Body(HandshakeType.EncryptedExtensions, _ => [0, (byte)(data.Length + 4), (byte)(type >> 8), (byte)type, 0, (byte)data.Length, .. data]);

    /// <summary>The first entry with an extension that nobody knows.</summary>
    private static byte[] WithEntryExtension(byte[] body)
    {
        var certificate = (body[4] << 16) | (body[5] << 8) | body[6];
        var list = (body[1] << 16) | (body[2] << 8) | body[3];
        var end = 7 + certificate;
        list += 4;
        return [0, (byte)(list >> 16), (byte)(list >> 8), (byte)list, .. body[4..end], 0, 4, 0x77, 0x77, 0, 0, .. body[(end + 2)..]];
    }

    private static Case Illegal(Func<HandshakeType, byte[], byte[]?> edit) => new(TlsFault.IllegalParameter, AlertDescription.IllegalParameter, edit);

    private static Flight Illegal(Action<HostileServer13> spoil) => new(TlsFault.IllegalParameter, AlertDescription.IllegalParameter, spoil);

    private static Flight Unsolicited(Action<HostileServer13> spoil) => new(TlsFault.UnsolicitedExtension, AlertDescription.UnsupportedExtension, spoil);

    private static Flight Malformed(Action<HostileServer13> spoil) => new(TlsFault.MalformedMessage, AlertDescription.DecodeError, spoil);

    private static Flight BadSignature(Action<HostileServer13> spoil) => new(TlsFault.BadSignature, AlertDescription.DecryptError, spoil);

    private HostileServer13 Asked(CertificateRequest13 request)
    {
        var peer = new HostileServer13(TestServers.Client13(_time));
        peer.SendHello();
        peer.SendEncryptedExtensions();
        peer.SendCertificateRequest(request);
        return peer;
    }

    /// <summary>A client that offers a session of this suite.</summary>
    private HostileServer13 Resuming(CipherSuite suite)
    {
        var client = TestServers.Client13(_time);
        using var first = new HostileServer13(client) { ChosenSuite = suite }.Connect();
        first.Connected();
        return new HostileServer13(client, first.SendTicket());
    }

    private sealed record Case(TlsFault Fault, AlertDescription Alert, Func<HandshakeType, byte[], byte[]?> Edit)
    {
        public Action<TlsClientOptions> Options { get; init; } = _ => { };
    }

    private sealed record Flight(TlsFault Fault, AlertDescription Alert, Action<HostileServer13> Spoil);
}
