using Kippu.Certificates;
using Kippu.Wire;
using Xunit;
using static Kippu.SignatureScheme;

namespace Kippu.Tests.Certificates;

public sealed class CredentialSelectorTests
{
    private static readonly SignatureScheme[] s_own =
        [EcdsaSecp256r1Sha256, RsaPssRsaeSha256, EcdsaSecp384r1Sha384, RsaPssRsaeSha384, EcdsaSecp521r1Sha512, RsaPssRsaeSha512, RsaPkcs1Sha256, RsaPkcs1Sha384, RsaPkcs1Sha512];

    private static readonly TlsCredential s_p256 = TestPki.EcdsaP256.Credential;
    private static readonly TlsCredential s_p384 = TestPki.EcdsaP384.Credential;
    private static readonly TlsCredential s_p521 = TestPki.EcdsaP521.Credential;
    private static readonly TlsCredential s_rsa = TestPki.Rsa2048.Credential;

    [Fact]
    public void The_suite_decides_the_kind_of_key()
    {
        Assert.Equal((s_p256, EcdsaSecp256r1Sha256), Select([s_rsa, s_p256], Query(SuiteAuthentication.Ecdsa)));
        Assert.Equal((s_rsa, RsaPssRsaeSha256), Select([s_p256, s_rsa], Query(SuiteAuthentication.Rsa)));
        Assert.Null(Select([s_rsa], Query(SuiteAuthentication.Ecdsa)).Credential);
        Assert.Null(Select([], Query(SuiteAuthentication.Rsa)).Credential);
    }

    [Fact]
    public void The_first_that_fits_is_taken_in_our_order() => Assert.Equal((s_p384, EcdsaSecp384r1Sha384), Select([s_p384, s_p256], Query(SuiteAuthentication.Ecdsa)));

    [Fact]
    public void The_scheme_is_the_first_of_ours_that_the_peer_knows()
    {
        Assert.Equal(RsaPkcs1Sha384, Select([s_rsa], Query(SuiteAuthentication.Rsa, RsaPkcs1Sha512, RsaPkcs1Sha384)).Scheme);
        Assert.Equal(RsaPssRsaeSha512, Select([s_rsa], Query(SuiteAuthentication.Rsa, RsaPkcs1Sha256, RsaPssRsaeSha512)).Scheme);
    }

    [Fact]
    public void A_scheme_that_we_do_not_want_is_not_used()
    {
        var query = Query(SuiteAuthentication.Rsa) with { OwnSchemes = new[] { RsaPkcs1Sha512 } };

        Assert.Equal(RsaPkcs1Sha512, Select([s_rsa], query).Scheme);
        Assert.Null(Select([s_p256], query with { Authentication = SuiteAuthentication.Any }).Credential);
    }

    [Fact]
    public void The_hash_as_strong_as_the_curve_comes_first()
    {
        Assert.Equal(EcdsaSecp384r1Sha384, Select([s_p384], Query(SuiteAuthentication.Ecdsa)).Scheme);
        Assert.Equal(EcdsaSecp521r1Sha512, Select([s_p521], Query(SuiteAuthentication.Ecdsa)).Scheme);
    }

    [Fact]
    public void In_TLS_1_2_any_hash_goes_with_any_curve() =>
        Assert.Equal((s_p384, EcdsaSecp256r1Sha256), Select([s_p384], Query(SuiteAuthentication.Ecdsa, EcdsaSecp256r1Sha256)));

    [Fact]
    public void In_TLS_1_3_the_scheme_names_the_curve()
    {
        var query = Query(SuiteAuthentication.Any, EcdsaSecp256r1Sha256, RsaPkcs1Sha256) with { Version = TlsVersion.Tls13 };

        Assert.Null(Select([s_p384], query).Credential);
        Assert.Null(Select([s_rsa], query).Credential); // PKCS#1 is for certificates only
        Assert.Equal((s_p256, EcdsaSecp256r1Sha256), Select([s_p384, s_p256], query));
    }

    [Fact]
    public void A_hello_without_signature_algorithms_means_SHA1_which_we_do_not_sign() =>
        Assert.Null(Select([s_p256, s_rsa], Query(SuiteAuthentication.Any) with { PeerSchemes = default }).Credential);

    [Fact]
    public void Unknown_schemes_and_GREASE_are_passed_over() =>
        Assert.Equal(EcdsaSecp256r1Sha256, Select([s_p256], Query(SuiteAuthentication.Ecdsa, (SignatureScheme)0x0A0A, (SignatureScheme)0x0203, EcdsaSecp256r1Sha256)).Scheme);

    // RFC 8422 §5.1: "The server MUST consider the extensions in both cases."
    [Fact]
    public void The_curve_of_the_key_must_be_among_the_peers_groups_in_TLS_1_2()
    {
        var query = Query(SuiteAuthentication.Ecdsa) with { PeerGroups = UInt16List.Of((ushort)NamedGroup.X25519, (ushort)NamedGroup.Secp384r1) };

        Assert.Equal(s_p384, Select([s_p256, s_p384], query).Credential);
        Assert.Null(Select([s_p256], query).Credential);
        Assert.Equal(s_p256, Select([s_p256], query with { PeerGroups = null }).Credential);
        Assert.Equal(s_rsa, Select([s_rsa], query with { Authentication = SuiteAuthentication.Rsa }).Credential);
        Assert.Equal(s_p256, Select([s_p256], query with { Version = TlsVersion.Tls13 }).Credential);
    }

    [Fact]
    public void A_client_heeds_the_certificate_types()
    {
        var query = Query(SuiteAuthentication.Any) with { CertificateTypes = new byte[] { 1 } };

        Assert.Equal(s_rsa, Select([s_p256, s_rsa], query).Credential);
        Assert.Equal(s_p256, Select([s_rsa, s_p256], query with { CertificateTypes = new byte[] { 64 } }).Credential);
        Assert.Null(Select([s_rsa, s_p256], query with { CertificateTypes = new byte[] { 2, 3 } }).Credential);
    }

    [Fact]
    public void A_client_heeds_the_authorities()
    {
        var query = Query(SuiteAuthentication.Any);

        Assert.NotNull(Select([s_p256], query with { Issuers = [] }).Credential);
        Assert.NotNull(Select([s_p256], query with { Issuers = [NameOf(TestPki.Intermediate)] }).Credential);
        Assert.NotNull(Select([s_p256], query with { Issuers = [NameOf(TestPki.Stranger), NameOf(TestPki.Root)] }).Credential);
        Assert.Null(Select([s_p256], query with { Issuers = [NameOf(TestPki.Stranger)] }).Credential);
        Assert.Equal(TestPki.Untrusted.Credential, Select([s_p256, TestPki.Untrusted.Credential], query with { Issuers = [NameOf(TestPki.Stranger)] }).Credential);
    }

    // RFC 8446 §4.4.2.2: "All certificates provided by the server MUST be signed by a signature algorithm advertised by the client if it is able to provide such a chain".
    [Fact]
    public void A_chain_whose_signatures_the_peer_takes_comes_first()
    {
        var rsaAuthority = TestPki.Issue(new() { Subject = "CN=Kippu RSA authority", Key = TestKey.Rsa2048, SelfSigned = true, IsAuthority = true });
        using var underRsa = TestPki.Issue(new() { Subject = "CN=Under RSA", Issuer = rsaAuthority }).NewCredential();
        var query = Query(SuiteAuthentication.Any) with { Version = TlsVersion.Tls13 };

        Assert.Equal(underRsa, Select([underRsa, s_p256], query).Credential);
        Assert.Equal(s_p256, Select([underRsa, s_p256], query with { PeerCertificateSchemes = UInt16List.Of((ushort)EcdsaSecp256r1Sha256) }).Credential);
        Assert.Equal(underRsa, Select([s_p256, underRsa], query with { PeerCertificateSchemes = UInt16List.Of((ushort)RsaPkcs1Sha256) }).Credential);
        // Without signature_algorithms_cert it is signature_algorithms that speaks of certificates too.
        Assert.Equal(s_p256, Select([underRsa, s_p256], query with { PeerSchemes = UInt16List.Of((ushort)EcdsaSecp256r1Sha256) }).Credential);
        // "If the server cannot produce a certificate chain that is signed only via the indicated supported algorithms, then it SHOULD continue the handshake".
        Assert.Equal(underRsa, Select([underRsa], query with { PeerCertificateSchemes = UInt16List.Of((ushort)EcdsaSecp384r1Sha384) }).Credential);
    }

    [Fact]
    public void What_a_self_signed_certificate_is_signed_by_does_not_matter()
    {
        using var selfSigned = TestPki.SelfSigned.NewCredential();
        var query = Query(SuiteAuthentication.Any) with { Version = TlsVersion.Tls13, PeerCertificateSchemes = UInt16List.Of((ushort)RsaPkcs1Sha512) };

        Assert.Equal(selfSigned, Select([s_p256, selfSigned], query).Credential);
    }

    [Fact]
    public void Selecting_allocates_nothing()
    {
        TlsCredential[] candidates = [s_p384, s_p256, s_rsa];
        var query = Query(SuiteAuthentication.Rsa, RsaPkcs1Sha512) with { PeerGroups = UInt16List.Of(29, 23), Issuers = [NameOf(TestPki.Root)] };
        CredentialSelector.Select(candidates, query, out _);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            CredentialSelector.Select(candidates, query, out _);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static ReadOnlyMemory<byte> NameOf(TestIdentity authority) => authority.Certificate.SubjectName.RawData;

    private static (TlsCredential? Credential, SignatureScheme Scheme) Select(TlsCredential[] candidates, CredentialQuery query) =>
        (CredentialSelector.Select(candidates, query, out var scheme), scheme);

    private static CredentialQuery Query(SuiteAuthentication authentication, params SignatureScheme[] peer) => new()
    {
        Version = TlsVersion.Tls12,
        Authentication = authentication,
        PeerSchemes = UInt16List.Of([.. (peer.Length == 0 ? s_own : peer).Select(scheme => (ushort)scheme)]),
        OwnSchemes = s_own,
    };
}
