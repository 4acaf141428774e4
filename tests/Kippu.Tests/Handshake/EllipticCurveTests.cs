using System.Net.Security;
using Kippu.Crypto;
using Kippu.Tests.Handshake.Peers;
using Kippu.Wire;
using Kippu.Wire.Messages;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>RFC 8422: groups, point formats, public keys and certificates of the ECDHE suites.</summary>
public sealed class EllipticCurveTests
{
    private readonly FakeTimeProvider _time = TestServers.Clock();

    public static TheoryData<NamedGroup, string> BadKeys => new()
    {
        { NamedGroup.X25519, new string('0', 64) },
        { NamedGroup.X25519, "01" + new string('0', 62) },
        { NamedGroup.X25519, "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800" },
        { NamedGroup.X25519, new string('1', 62) },
        { NamedGroup.X25519, new string('1', 66) },
        { NamedGroup.Secp256r1, "00" },
        { NamedGroup.Secp256r1, "04" + new string('0', 128) },
        { NamedGroup.Secp256r1, "04" + new string('1', 128) },
        { NamedGroup.Secp256r1, "04" + new string('f', 128) },
        { NamedGroup.Secp256r1, "02" + new string('1', 64) },
        { NamedGroup.Secp256r1, "04" + new string('1', 126) },
        { NamedGroup.Secp256r1, "04" + new string('1', 130) },
        { NamedGroup.Secp384r1, "04" + new string('1', 192) },
        { NamedGroup.Secp521r1, "04" + new string('1', 264) },
    };

    [Theory]
    [MemberData(nameof(BadKeys))]
    public void A_client_key_that_is_no_point_is_illegal(NamedGroup group, string key)
    {
        using var peer = new HostileClient(TestServers.Server(_time, options => options.Groups.Add(group)));
        peer.SendHello();
        peer.Send(new ClientKeyExchange { PublicKey = Convert.FromHexString(key) });

        peer.Refused(TlsFault.BadKeyShare, AlertDescription.IllegalParameter);
    }

    [Theory]
    [MemberData(nameof(BadKeys))]
    public void A_server_key_that_is_no_point_is_illegal(NamedGroup group, string key)
    {
        using var peer = new HostileServer(TestServers.Client(_time));
        peer.SendHello();
        peer.SendCertificate();
        peer.Send(peer.KeyExchange((ushort)group, Convert.FromHexString(key)));
        peer.SendHelloDone();

        peer.Refused(TlsFault.BadKeyShare, AlertDescription.IllegalParameter);
        Assert.False(peer.HasSaid(HandshakeType.ClientKeyExchange));
    }

    [Fact]
    public void A_key_of_another_group_is_illegal()
    {
        using var share = KeyShare.Generate(NamedGroup.Secp384r1);
        using var asClient = new HostileClient(TestServers.Server(_time)) { Groups = [(ushort)NamedGroup.Secp256r1] };
        asClient.SendHello();
        asClient.Send(new ClientKeyExchange { PublicKey = share.PublicKey.ToArray() });
        asClient.Refused(TlsFault.BadKeyShare, AlertDescription.IllegalParameter);

        using var asServer = new HostileServer(TestServers.Client(_time));
        asServer.SendHello();
        asServer.SendCertificate();
        asServer.Send(asServer.KeyExchange((ushort)NamedGroup.Secp256r1, share.PublicKey));
        asServer.SendHelloDone();
        asServer.Refused(TlsFault.BadKeyShare, AlertDescription.IllegalParameter);
    }

    [Theory]
    [InlineData((ushort)NamedGroup.Secp384r1)]
    [InlineData((ushort)30)]
    [InlineData((ushort)0)]
    public void A_group_that_the_client_did_not_offer_is_illegal(ushort group)
    {
        using var share = KeyShare.Generate(NamedGroup.Secp384r1);
        using var peer = new HostileServer(TestServers.Client(_time, options => options.Groups.Add(NamedGroup.Secp256r1)));
        peer.SendHello();
        peer.SendCertificate();
        peer.Send(peer.KeyExchange(group, share.PublicKey));

        peer.Refused(TlsFault.IllegalParameter, AlertDescription.IllegalParameter);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(248)]
    public void A_curve_that_is_spelled_out_instead_of_named_is_illegal(byte curveType)
    {
        using var peer = new HostileServer(TestServers.Client(_time))
        {
            Edit = Edits.Body(HandshakeType.ServerKeyExchange, body => [curveType, .. body[1..]]),
        };
        peer.SendHello();
        peer.SendCertificate();
        peer.SendKeyExchange();

        peer.Refused(TlsFault.IllegalParameter, AlertDescription.IllegalParameter);
    }

    [Theory]
    [InlineData(new ushort[] { 30, 256 })]
    [InlineData(new ushort[] { 22 })]
    public void No_group_in_common_fails_the_handshake(ushort[] groups)
    {
        using var peer = new HostileClient(TestServers.Server(_time)) { Groups = groups };
        peer.SendHello();

        peer.Refused(TlsFault.NoCommonGroup, AlertDescription.HandshakeFailure);
    }

    [Fact]
    public void A_client_that_names_no_groups_gets_P256()
    {
        using var peer = new HostileClient(TestServers.Server(_time)) { Groups = null }.Connect();

        peer.Connected();
        Assert.Equal(NamedGroup.Secp256r1, peer.Victim.Connection.Info.Group);
    }

    [Theory]
    [InlineData("0100", false)]
    [InlineData("020100", false)]
    [InlineData("0101", true)]
    [InlineData("020102", true)]
    public void Point_formats_without_the_uncompressed_one_are_illegal(string data, bool illegal)
    {
        var bytes = Convert.FromHexString(data);
        using var asClient = new HostileClient(TestServers.Server(_time)) { Edit = Edits.Extension(HandshakeType.ClientHello, 11, bytes) };
        asClient.SendHello();
        using var asServer = new HostileServer(TestServers.Client(_time)) { Edit = Edits.Extension(HandshakeType.ServerHello, 11, bytes) };
        asServer.SendHello();
        foreach (var peer in new HostilePeer[] { asClient, asServer })
        {
            if (illegal)
            {
                peer.Refused(TlsFault.IllegalParameter, AlertDescription.IllegalParameter);
            }
            else
            {
                Assert.Null(peer.Victim.Fault);
            }
        }
    }

    [Fact]
    public void A_server_says_its_point_formats_only_to_a_client_that_did()
    {
        using var silent = new HostileClient(TestServers.Server(_time)) { Edit = Edits.WithoutExtension(HandshakeType.ClientHello, 11) }.Connect();
        silent.Connected();
        Assert.Null(silent.Said<ServerHello>().EcPointFormats);

        using var peer = new HostileClient(TestServers.Server(_time)).Connect();
        Assert.Equal([0], peer.Said<ServerHello>().EcPointFormats!.Value.ToArray());
    }

    [Fact]
    public void A_certificate_on_a_curve_that_the_client_did_not_offer_is_not_shown()
    {
        var server = new TlsServer(TestServers.ServerOptions(_time, TestPki.EcdsaP384, TestPki.Rsa2048));
        using var peer = new HostileClient(server) { Groups = [(ushort)NamedGroup.X25519, (ushort)NamedGroup.Secp256r1] }.Connect();
        peer.Connected();
        Assert.Equal(SuiteAuthentication.Rsa, peer.Suite!.Authentication);

        using var alone = new HostileClient(new TlsServer(TestServers.ServerOptions(_time, TestPki.EcdsaP384))) { Groups = [(ushort)NamedGroup.X25519] };
        alone.SendHello();
        alone.Refused(TlsFault.NoCommonSignatureScheme, AlertDescription.HandshakeFailure);
    }

    [Theory]
    [InlineData(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, true)]
    [InlineData(TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, false)]
    public void The_certificates_key_must_fit_the_suite(TlsCipherSuite suite, bool rsaKey)
    {
        using var peer = new HostileServer(TestServers.Client(_time))
        {
            ChosenSuite = (ushort)suite,
            Credential = rsaKey ? TestPki.Rsa2048.Credential : TestPki.EcdsaP256.Credential,
        };
        peer.SendHello();
        peer.SendCertificate();

        peer.Refused(TlsFault.UnsupportedCertificate, AlertDescription.UnsupportedCertificate);
    }

    [Theory]
    [InlineData(0x0203)] // ecdsa_sha1: never offered
    [InlineData(0x0401)] // rsa_pkcs1_sha256: offered, but the key is an ECDSA key
    [InlineData(0x0807)] // ed25519
    [InlineData(0x0000)]
    public void A_signature_by_a_scheme_that_was_not_offered_or_does_not_fit_the_key_is_illegal(int scheme)
    {
        using var peer = new HostileServer(TestServers.Client(_time)) { Edit = Edits.Body(HandshakeType.ServerKeyExchange, body => Rescheme(body, scheme)) };
        peer.SendHello();
        peer.SendCertificate();
        peer.SendKeyExchange();

        peer.Refused(TlsFault.IllegalParameter, AlertDescription.IllegalParameter);
    }

    [Fact]
    public void A_scheme_that_the_client_leaves_out_is_not_taken_from_the_server()
    {
        using var peer = new HostileServer(TestServers.Client(_time, options => options.SignatureSchemes.Add(SignatureScheme.EcdsaSecp384r1Sha384)));
        peer.SendHello();
        peer.SendCertificate();
        peer.SendKeyExchange();

        peer.Refused(TlsFault.IllegalParameter, AlertDescription.IllegalParameter);
    }

    /// <summary>The scheme stands behind curve_type, namedcurve and the public key.</summary>
    private static byte[] Rescheme(byte[] body, int scheme)
    {
        var at = 4 + body[3];
        body[at] = (byte)(scheme >> 8);
        body[at + 1] = (byte)scheme;
        return body;
    }
}
