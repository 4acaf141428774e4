using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kippu.Wire;
using Xunit;

namespace Kippu.Tests.Certificates;

public sealed class TlsCredentialTests
{
    private static readonly byte[] s_data = [1, 2, 3];

    public static TheoryData<string> Kinds => [nameof(TestPki.EcdsaP256), nameof(TestPki.EcdsaP384), nameof(TestPki.EcdsaP521), nameof(TestPki.Rsa2048)];

    [Theory, MemberData(nameof(Kinds))]
    public void It_comes_from_PEM_PKCS12_and_a_certificate_alike(string kind)
    {
        var identity = Identity(kind);
        X509Certificate2Collection everything = [.. identity.Intermediates, .. TestPki.TrustedRoots, identity.Certificate];
        TlsCredential[] credentials =
        [
            TlsCredential.FromPem(identity.CertificatePem, identity.KeyPem),
            TlsCredential.FromPfx(everything.Export(X509ContentType.Pkcs12, "secret"), "secret"),
            TlsCredential.FromCertificate(identity.Certificate, identity.Intermediates),
        ];

        foreach (var credential in credentials)
        {
            Assert.Equal(identity.Chain.Select(Hex), credential.Chain.Select(Hex));
            Assert.Equal(identity.Certificate.Thumbprint, credential.Leaf.Thumbprint);
            Assert.False(credential.Leaf.HasPrivateKey);
            Assert.Null(credential.Signer);
            Assert.Equal(["localhost", "127.0.0.1", "::1"], credential.ServerNames);
            Assert.NotEmpty(credential.Sign(FirstScheme(credential), s_data));
            credential.Dispose();
        }
    }

    [Fact]
    public void It_reads_files_with_the_key_apart_or_in_the_same()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var (certificate, key) = TestPki.Server.WritePem(folder.FullName, "server");
            using var apart = TlsCredential.FromPemFile(certificate, key);

            var both = Path.Combine(folder.FullName, "both.pem");
            File.WriteAllText(both, TestPki.Server.KeyPem + TestPki.Server.CertificatePem);
            using var together = TlsCredential.FromPemFile(both);

            var pfx = Path.Combine(folder.FullName, "server.pfx");
            File.WriteAllBytes(pfx, TestPki.Server.Certificate.Export(X509ContentType.Pkcs12));
            using var packed = TlsCredential.FromPfxFile(pfx);

            Assert.Equal(apart.Leaf.Thumbprint, together.Leaf.Thumbprint);
            Assert.Equal(apart.Leaf.Thumbprint, packed.Leaf.Thumbprint);
            Assert.Throws<FileNotFoundException>(() => TlsCredential.FromPemFile(Path.Combine(folder.FullName, "none.pem")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Every_usual_form_of_a_PEM_key_is_read()
    {
        using var ecdsa = (ECDsa)TestPki.EcdsaP256.OpenKey();
        using var rsa = (RSA)TestPki.Rsa2048.OpenKey();
        var parameters = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);
        const string Curve = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";

        foreach (var (identity, pem, password) in new[]
        {
            (TestPki.EcdsaP256, Curve + ecdsa.ExportECPrivateKeyPem(), null),
            (TestPki.EcdsaP256, ecdsa.ExportEncryptedPkcs8PrivateKeyPem("secret", parameters), "secret"),
            (TestPki.EcdsaP256, ecdsa.ExportPkcs8PrivateKeyPem(), "not needed"),
            (TestPki.Rsa2048, rsa.ExportRSAPrivateKeyPem(), null),
            (TestPki.Rsa2048, rsa.ExportEncryptedPkcs8PrivateKeyPem("secret", parameters), "secret"),
        })
        {
            using var credential = TlsCredential.FromPem(identity.CertificatePem, pem, password);
            Assert.NotEmpty(credential.Sign(FirstScheme(credential), s_data));
        }
    }

    [Fact]
    public void The_leaf_is_the_certificate_that_the_key_belongs_to_wherever_it_stands()
    {
        var pem = TestPki.Root.CertificatePem + TestPki.Intermediate.CertificatePem + TestPki.Server.Certificate.ExportCertificatePem();

        using var credential = TlsCredential.FromPem(pem, TestPki.Server.KeyPem);

        Assert.Equal(TestPki.Server.Chain.Select(Hex), credential.Chain.Select(Hex));
    }

    [Fact]
    public void The_root_is_left_out_as_is_what_does_not_belong_to_the_path()
    {
        using var credential = TlsCredential.FromCertificate(
            TestPki.Server.Certificate, [TestPki.Stranger.Certificate, TestPki.Root.Certificate, TestPki.Client.Certificate, TestPki.Intermediate.Certificate, TestPki.Server.Certificate]);

        Assert.Equal(TestPki.Server.Chain.Select(Hex), credential.Chain.Select(Hex));
    }

    [Fact]
    public void An_intermediate_that_bears_its_issuers_name_is_no_root_and_is_sent()
    {
        var renewed = TestPki.Issue(new TestProfile { Subject = TestPki.Root.Certificate.Subject, KeyUsage = X509KeyUsageFlags.KeyCertSign, IsAuthority = true, Issuer = TestPki.Root });
        var server = TestPki.Issue(new TestProfile { Issuer = renewed });

        using var credential = TlsCredential.FromCertificate(server.Certificate, [TestPki.Root.Certificate, renewed.Certificate]);

        Assert.Equal([Hex(server.Certificate.RawData), Hex(renewed.Certificate.RawData)], credential.Chain.Select(Hex));
    }

    [Fact]
    public void A_self_signed_certificate_is_sent_all_the_same() => Assert.Single(TestPki.SelfSigned.Credential.Chain);

    [Fact]
    public void Of_two_issuers_of_one_name_the_one_with_the_right_key_is_sent()
    {
        var other = TestPki.Issue(new TestProfile { Subject = TestPki.Intermediate.Certificate.Subject, IsAuthority = true, Issuer = TestPki.Root });

        using var credential = TlsCredential.FromCertificate(TestPki.Server.Certificate, [other.Certificate, TestPki.Intermediate.Certificate]);

        Assert.Equal(TestPki.Server.Chain.Select(Hex), credential.Chain.Select(Hex));
    }

    [Fact]
    public void Errors_say_what_is_wrong()
    {
        var certificate = TestPki.Server.CertificatePem;
        var key = TestPki.Server.KeyPem;
        using var ecdsa = (ECDsa)TestPki.Server.OpenKey();
        var encrypted = ecdsa.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));
        const string OldStyle = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n";

        Fails("does not belong to the certificate CN=Kippu test server EcdsaP256", () => TlsCredential.FromPem(certificate, TestPki.EcdsaP384.KeyPem));
        Fails("nor to another", () => TlsCredential.FromPem(certificate, TestPki.Rsa2048.KeyPem));
        Fails("No certificate", () => TlsCredential.FromPem(key, key));
        Fails("No private key", () => TlsCredential.FromPem(certificate, certificate));
        Fails("more than one private key", () => TlsCredential.FromPem(certificate, key + key));
        Fails("encrypted: give its password", () => TlsCredential.FromPem(certificate, encrypted));
        Fails("password is wrong", () => TlsCredential.FromPem(certificate, encrypted, "wrong"));
        Fails("openssl pkcs8", () => TlsCredential.FromPem(certificate, OldStyle));
        Fails("openssl pkcs8", () => TlsCredential.FromPem(certificate, certificate + OldStyle + certificate));
        Fails("damaged", () => TlsCredential.FromPem(certificate, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"));
        Fails("no private key", () => TlsCredential.FromCertificate(X509CertificateLoader.LoadCertificate(TestPki.Server.Certificate.RawData)));
        Fails("no certificate with a private key", () => TlsCredential.FromPfx(new X509Certificate2Collection(X509CertificateLoader.LoadCertificate(TestPki.Server.Certificate.RawData)).Export(X509ContentType.Pkcs12)!));
        X509Certificate2Collection two = [TestPki.Server.Certificate, TestPki.Client.Certificate];
        Fails("2 private keys", () => TlsCredential.FromPfx(two.Export(X509ContentType.Pkcs12)!));
        Assert.ThrowsAny<CryptographicException>(() => TlsCredential.FromPfx(TestPki.Server.Certificate.Export(X509ContentType.Pkcs12, "secret"), "wrong"));
    }

    [Fact]
    public void A_key_that_cannot_be_used_is_refused_at_once()
    {
        using var rsa = RSA.Create(1024);
        using var shortKey = TestPki.IssueFor(new PublicKey(rsa), new TestProfile()).CopyWithPrivateKey(rsa);
        Fails("1024 bits", () => TlsCredential.FromCertificate(shortKey));

        using var brainpool = ECDsa.Create(ECCurve.NamedCurves.brainpoolP256r1);
        using var otherCurve = TestPki.IssueFor(new PublicKey(brainpool), new TestProfile()).CopyWithPrivateKey(brainpool);
        Fails("P-256", () => TlsCredential.FromCertificate(otherCurve));
    }

    [Fact]
    public void It_lives_on_when_the_certificate_it_came_from_is_disposed()
    {
        var mine = new X509Certificate2(TestPki.Server.Certificate);
        using var credential = TlsCredential.FromCertificate(mine);
        mine.Dispose();

        Assert.NotEmpty(credential.Sign(SignatureScheme.EcdsaSecp256r1Sha256, s_data));
        Assert.Equal(TestPki.Server.Certificate.Subject, credential.Leaf.Subject);
    }

    [Fact]
    public void Many_threads_may_sign_at_once()
    {
        foreach (var kind in new[] { TestPki.EcdsaP256, TestPki.Rsa2048 })
        {
            using var credential = kind.NewCredential();
            using var publicKey = Kippu.Certificates.PeerKey.FromCertificate(credential.Chain[0]);
            var scheme = FirstScheme(credential);

            var signatures = new byte[256][];
            Parallel.For(0, signatures.Length, new ParallelOptions { MaxDegreeOfParallelism = 16 }, i => signatures[i] = credential.Sign(scheme, BitConverter.GetBytes(i)));

            Assert.All(Enumerable.Range(0, signatures.Length), i => Assert.True(publicKey.Verify(scheme, BitConverter.GetBytes(i), signatures[i])));
        }
    }

    [Fact]
    public void After_disposal_nothing_is_signed()
    {
        var credential = TestPki.Server.NewCredential();
        credential.Dispose();
        credential.Dispose();

        Assert.Throws<ObjectDisposedException>(() => credential.Sign(SignatureScheme.EcdsaSecp256r1Sha256, s_data));
    }

    [Fact]
    public void Disposal_in_the_midst_of_signing_is_orderly()
    {
        for (var round = 0; round < 20; round++)
        {
            var credential = TestPki.Server.NewCredential();
            Parallel.For(0, 40, i =>
            {
                if (i == 20)
                {
                    credential.Dispose();
                    return;
                }

                try
                {
                    Assert.NotEmpty(credential.Sign(SignatureScheme.EcdsaSecp256r1Sha256, s_data));
                }
                catch (ObjectDisposedException)
                {
                    // the orderly end
                }
            });
        }
    }

    [Fact]
    public void What_it_can_sign_depends_on_the_version()
    {
        ushort[] ecdsa = [0x0403, 0x0503, 0x0603];
        ushort[] pss = [0x0804, 0x0805, 0x0806];
        ushort[] pkcs1 = [0x0401, 0x0501, 0x0601];
        Can(TestPki.EcdsaP256, TlsVersion.Tls12, ecdsa);
        Can(TestPki.EcdsaP384, TlsVersion.Tls12, ecdsa);
        Can(TestPki.EcdsaP384, TlsVersion.Tls13, [0x0503]);
        Can(TestPki.EcdsaP521, TlsVersion.Tls13, [0x0603]);
        Can(TestPki.Rsa2048, TlsVersion.Tls12, [.. pss, .. pkcs1]);
        Can(TestPki.Rsa2048, TlsVersion.Tls13, pss);
    }

    [Fact]
    public async Task A_key_that_lives_elsewhere_is_asked_there()
    {
        var signer = new Signer();
        using var credential = TlsCredential.FromSigner(TestPki.Server.Certificate, TestPki.Server.Intermediates, signer, [SignatureScheme.EcdsaSecp384r1Sha384, SignatureScheme.RsaPssRsaeSha256]);

        Assert.Same(signer, credential.Signer);
        Assert.True(credential.CanSign((ushort)SignatureScheme.EcdsaSecp384r1Sha384, TlsVersion.Tls12));
        Assert.False(credential.CanSign((ushort)SignatureScheme.EcdsaSecp256r1Sha256, TlsVersion.Tls12));
        Assert.False(credential.CanSign((ushort)SignatureScheme.RsaPssRsaeSha256, TlsVersion.Tls12));
        Assert.Throws<InvalidOperationException>(() => credential.Sign(SignatureScheme.EcdsaSecp384r1Sha384, s_data));
        Assert.Equal(s_data, await credential.Signer!.SignAsync(SignatureScheme.EcdsaSecp384r1Sha384, s_data, CancellationToken.None));
        Fails("None of the signature schemes", () => TlsCredential.FromSigner(TestPki.Server.Certificate, null, signer, [SignatureScheme.RsaPssRsaeSha256]));
    }

    [Fact]
    public void Names_given_by_the_application_replace_those_of_the_certificate()
    {
        using var credential = TestPki.Server.NewCredential();

        credential.ServerNames = ["Bücher.example.", "*.example.com"];

        Assert.Equal(["xn--bcher-kva.example", "*.example.com"], credential.ServerNames);
        Assert.Throws<ArgumentException>(() => credential.ServerNames = [""]);
    }

    [Fact]
    public void It_shows_nothing_secret() => Assert.Equal("CN=Kippu test server EcdsaP256 (ECDSA Secp256r1)", TestPki.Server.Credential.ToString());

    private static TestIdentity Identity(string kind) => (TestIdentity)typeof(TestPki).GetProperty(kind)!.GetValue(null)!;

    private static SignatureScheme FirstScheme(TlsCredential credential) =>
        Enum.GetValues<SignatureScheme>().First(scheme => credential.CanSign((ushort)scheme, TlsVersion.Tls12));

    private static void Can(TestIdentity identity, TlsVersion version, ushort[] schemes) =>
        Assert.Equal(schemes.Order(), Enumerable.Range(0, 0x10000).Select(scheme => (ushort)scheme).Where(scheme => identity.Credential.CanSign(scheme, version)));

    private static void Fails(string message, Func<TlsCredential> make) =>
        Assert.Contains(message, Assert.ThrowsAny<CryptographicException>(make).Message, StringComparison.Ordinal);

    private static string Hex(ReadOnlyMemory<byte> bytes) => Convert.ToHexString(bytes.Span);

    private sealed class Signer : ITlsSigner
    {
        public ValueTask<byte[]> SignAsync(SignatureScheme scheme, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) => new(data.ToArray());
    }
}
