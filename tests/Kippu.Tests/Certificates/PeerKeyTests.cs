using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Kippu.Alerts;
using Kippu.Certificates;
using Kippu.Wire;
using Xunit;

namespace Kippu.Tests.Certificates;

public sealed class PeerKeyTests
{
    private static readonly byte[] s_data = Encoding.UTF8.GetBytes("what the handshake signs");

    [Fact]
    public void It_knows_its_kind_and_its_curve()
    {
        (TestIdentity, SuiteAuthentication, NamedGroup?)[] kinds =
        [
            (TestPki.EcdsaP256, SuiteAuthentication.Ecdsa, NamedGroup.Secp256r1),
            (TestPki.EcdsaP384, SuiteAuthentication.Ecdsa, NamedGroup.Secp384r1),
            (TestPki.EcdsaP521, SuiteAuthentication.Ecdsa, NamedGroup.Secp521r1),
            (TestPki.Rsa2048, SuiteAuthentication.Rsa, null),
        ];
        foreach (var (identity, authentication, curve) in kinds)
        {
            using var key = PeerKey.FromCertificate(identity.Certificate.RawData);

            Assert.Equal(authentication, key.Authentication);
            Assert.Equal(curve, key.Curve);
        }
    }

    [Fact]
    public void It_verifies_what_its_credential_signs_and_nothing_else()
    {
        foreach (var identity in new[] { TestPki.EcdsaP256, TestPki.EcdsaP384, TestPki.EcdsaP521, TestPki.Rsa2048 })
        {
            using var key = PeerKey.FromCertificate(identity.Certificate.RawData);
            foreach (var scheme in Enum.GetValues<SignatureScheme>())
            {
                Assert.Equal(identity.Credential.CanSign((ushort)scheme, TlsVersion.Tls12), key.Fits(scheme, TlsVersion.Tls12));
                if (!key.Fits(scheme, TlsVersion.Tls12))
                {
                    continue;
                }

                var signature = identity.Credential.Sign(scheme, s_data);
                Assert.True(key.Verify(scheme, s_data, signature));
                Assert.False(key.Verify(scheme, s_data.AsSpan(1), signature));
                signature[^1] ^= 1;
                Assert.False(key.Verify(scheme, s_data, signature));
                Assert.False(key.Verify(scheme, s_data, []));
            }
        }
    }

    [Fact]
    public void It_fits_no_scheme_of_the_other_kind()
    {
        using var ecdsa = PeerKey.FromCertificate(TestPki.EcdsaP256.Certificate.RawData);
        using var rsa = PeerKey.FromCertificate(TestPki.Rsa2048.Certificate.RawData);

        Assert.False(ecdsa.Fits(SignatureScheme.RsaPssRsaeSha256, TlsVersion.Tls12));
        Assert.False(rsa.Fits(SignatureScheme.EcdsaSecp256r1Sha256, TlsVersion.Tls12));
        Assert.False(rsa.Fits((SignatureScheme)0x0201, TlsVersion.Tls12)); // SHA-1
    }

    [Fact]
    public void After_disposal_it_verifies_nothing_though_its_key_lives_on_for_others()
    {
        var first = PeerKey.FromCertificate(TestPki.Server.Certificate.RawData);
        first.Dispose();
        first.Dispose();
        using var second = PeerKey.FromCertificate(TestPki.Server.Certificate.RawData);
        using var third = PeerKey.FromCertificate(TestPki.Server.Certificate.RawData);

        Assert.Throws<ObjectDisposedException>(() => first.Fits(SignatureScheme.EcdsaSecp256r1Sha256, TlsVersion.Tls12));
        var signature = TestPki.Server.Credential.Sign(SignatureScheme.EcdsaSecp256r1Sha256, s_data);
        Assert.True(second.Verify(SignatureScheme.EcdsaSecp256r1Sha256, s_data, signature));
        Assert.True(third.Verify(SignatureScheme.EcdsaSecp256r1Sha256, s_data, signature));
    }

    [Fact]
    public void An_idle_key_is_lent_to_one_at_a_time_and_their_number_is_bounded()
    {
        var idle = new IdleKeys();
        var names = Enumerable.Range(0, 200).Select(i => IdleKeys.NameOf(BitConverter.GetBytes(i))).ToList();
        using var key = ECDsa.Create();
        names.ForEach(name => idle.Leave(name, key));

        Assert.InRange(names.Count(name => idle.Take(name) is not null), 1, 64);
        Assert.All(names, name => Assert.Null(idle.Take(name)));
    }

    [Fact]
    public void Many_threads_may_verify_for_one_peer()
    {
        var signature = TestPki.Server.Credential.Sign(SignatureScheme.EcdsaSecp256r1Sha256, s_data);

        Parallel.For(0, 500, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            using var key = PeerKey.FromCertificate(TestPki.Server.Certificate.RawData);
            Assert.True(key.Verify(SignatureScheme.EcdsaSecp256r1Sha256, s_data, signature));
        });
    }

    [Fact]
    public void A_certificate_cut_short_anywhere_is_bad()
    {
        var whole = TestPki.Server.Certificate.RawData;
        for (var length = 0; length < whole.Length; length++)
        {
            var cut = whole.AsMemory(0, length);
            Assert.Equal(TlsFault.BadCertificate, Assert.Throws<TlsFaultException>(() => PeerKey.FromCertificate(cut)).Fault);
        }
    }

    [Fact]
    public void An_Ed25519_key_is_not_supported() => Unsupported("1.3.101.112", new PublicKey(new Oid("1.3.101.112"), null, new AsnEncodedData(new byte[32])));

    [Fact]
    public void A_key_bound_to_RSASSA_PSS_is_not_supported()
    {
        var rsa = TestPki.Rsa2048.Certificate.PublicKey;
        Unsupported("rsaEncryption", new PublicKey(new Oid("1.2.840.113549.1.1.10"), null, rsa.EncodedKeyValue));
    }

    [Fact]
    public void Another_curve_is_not_supported()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.brainpoolP256r1);
        Unsupported("1.3.36.3.3.2.8.1.1.7", new PublicKey(key));
    }

    [Fact]
    public void A_curve_without_a_name_is_not_supported()
    {
        using var named = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var described = ECDsa.Create(named.ExportExplicitParameters(includePrivateParameters: false));
        Unsupported("by name", new PublicKey(described));
    }

    [Fact]
    public void A_point_that_is_not_on_the_curve_is_a_bad_certificate()
    {
        var genuine = TestPki.Server.Certificate.PublicKey;
        var point = (byte[])genuine.EncodedKeyValue.RawData.Clone();
        point[^1] ^= 1;

        Refused(TlsFault.BadCertificate, "not a valid key", new PublicKey(genuine.Oid, genuine.EncodedParameters, new AsnEncodedData(point)));
    }

    [Theory]
    [InlineData(1024)]
    [InlineData(2040)]
    public void A_short_RSA_key_is_not_supported(int bits)
    {
        using var rsa = RSA.Create(bits);
        Unsupported($"{bits} bits", new PublicKey(rsa));
    }

    [Fact]
    public void An_enormous_RSA_key_is_not_supported()
    {
        var modulus = new byte[1025 + 1];
        modulus.AsSpan(1).Fill(0xFF);
        var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteIntegerUnsigned(modulus.AsSpan(1));
            writer.WriteInteger(65537);
        }

        Unsupported("8200 bits", new PublicKey(new Oid("1.2.840.113549.1.1.1"), new AsnEncodedData([5, 0]), new AsnEncodedData(writer.Encode())));
    }

    private static void Unsupported(string detail, PublicKey key) => Refused(TlsFault.UnsupportedCertificate, detail, key);

    private static void Refused(TlsFault fault, string detail, PublicKey key)
    {
        var certificate = TestPki.IssueFor(key, new TestProfile());

        var thrown = Assert.Throws<TlsFaultException>(() => PeerKey.FromCertificate(certificate.RawData));
        Assert.Equal(fault, thrown.Fault);
        Assert.Contains(detail, thrown.Message, StringComparison.Ordinal);

        // And the verifier says the same of the whole chain.
        var verdict = new CertificateVerifier(TestPki.Verification).Verify([certificate.RawData, .. TestPki.Server.Chain.Skip(1)], "localhost", true, TestPki.Now);
        Assert.Equal(fault, verdict.Fault);
    }
}
