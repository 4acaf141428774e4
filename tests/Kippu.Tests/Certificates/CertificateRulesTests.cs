using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CsCheck;
using Kippu.Certificates;
using Xunit;

namespace Kippu.Tests.Certificates;

/// <summary>Rules for the chain that need certificates made to measure.</summary>
public sealed class CertificateRulesTests
{
    [Fact]
    public void A_signature_over_SHA1_is_refused()
    {
        using var key = (ECDsa)TestPki.Intermediate.OpenKey();
        var server = TestPki.Issue(new TestProfile { Signer = new EcdsaSha1(key) });

        Refused(TlsFault.BadCertificate, "SHA-1", server);
    }

    [Fact]
    public void A_signature_over_SHA1_of_an_intermediate_is_refused()
    {
        using var key = (ECDsa)TestPki.Root.OpenKey();
        var weak = Authority("CN=Weakly signed", TestPki.Root, new EcdsaSha1(key));

        Refused(TlsFault.BadCertificate, "CN=Weakly signed", TestPki.Issue(new TestProfile { Issuer = weak }));
    }

    [Fact]
    public void A_signature_over_SHA1_of_an_intermediate_that_bears_its_issuers_name_is_refused()
    {
        using var key = (ECDsa)TestPki.Root.OpenKey();
        var weak = Authority(TestPki.Root.Certificate.Subject, TestPki.Root, new EcdsaSha1(key));
        var below = Authority("CN=Below the weak one", weak);
        var server = TestPki.Issue(new TestProfile { Issuer = below });

        var verdict = Verify([server.Certificate.RawData, below.Certificate.RawData, weak.Certificate.RawData]);

        Assert.Equal(TlsFault.BadCertificate, verdict.Fault);
        Assert.Contains("is signed over SHA-1", verdict.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void An_intermediate_that_bears_its_issuers_name_is_as_good_as_any()
    {
        var renewed = Authority(TestPki.Root.Certificate.Subject, TestPki.Root);
        var server = TestPki.Issue(new TestProfile { Issuer = renewed });

        var verdict = Verify([server.Certificate.RawData, renewed.Certificate.RawData]);

        Assert.True(verdict.Accepted, verdict.Detail);
    }

    [Fact]
    public void The_trusted_root_is_trusted_for_itself_and_not_for_its_signature()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName("CN=Old root"), new PublicKey(key), HashAlgorithmName.SHA1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using var bare = request.Create(request.SubjectName, new EcdsaSha1(key), TestPki.Now.AddDays(-1), TestPki.Now.AddDays(60), [1, 2, 3]);
        var root = new TestIdentity(bare.CopyWithPrivateKey(key));
        var server = TestPki.Issue(new TestProfile { Issuer = root });

        var verdict = new CertificateVerifier(new CertificateVerificationOptions { CustomTrustRoots = [root.Certificate] })
            .Verify([server.Certificate.RawData], "localhost", peerIsServer: true, TestPki.Now);

        Assert.True(verdict.Accepted, verdict.Detail);
    }

    [Fact]
    public void A_chain_that_ends_before_its_root_has_no_certificate_that_is_trusted_for_itself()
    {
        using var key = (ECDsa)TestPki.Intermediate.OpenKey();
        var server = TestPki.Issue(new TestProfile { Signer = new EcdsaSha1(key) });
        var options = TestPki.Verification;
        options.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority;

        var verdict = new CertificateVerifier(options).Verify([server.Certificate.RawData], "localhost", peerIsServer: true, TestPki.Now);

        Assert.Equal(TlsFault.BadCertificate, verdict.Fault);
        Assert.Contains("is signed over SHA-1", verdict.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_critical_extension_is_refused() =>
        Refused(TlsFault.BadCertificate, "CN=Kippu test server", TestPki.Issue(new TestProfile { Extensions = [new X509Extension("1.3.6.1.4.1.99999.1", [5, 0], critical: true)] }));

    [Fact]
    public void An_unknown_extension_that_is_not_critical_is_no_matter() =>
        Accepted(TestPki.Issue(new TestProfile { Extensions = [new X509Extension("1.3.6.1.4.1.99999.1", [5, 0], critical: false)] }));

    // RFC 5280 §4.2.1.12 lets an application ask for the usage by name; OpenSSL and SslStream do.
    [Fact]
    public void Any_extended_key_usage_does_not_stand_for_a_servers() =>
        Refused(TlsFault.UnsupportedCertificate, "serverAuth", TestPki.Issue(new TestProfile { ExtendedKeyUsages = ["2.5.29.37.0"] }));

    [Fact]
    public void Both_extended_key_usages_serve_for_both() => Accepted(TestPki.Issue(new TestProfile { ExtendedKeyUsages = [TestProfile.ClientAuth, TestProfile.ServerAuth] }));

    [Fact]
    public void An_intermediate_for_clients_only_issues_no_server()
    {
        var clientsOnly = Authority("CN=Clients only", TestPki.Root, extendedKeyUsages: TestProfile.ClientAuth);

        Refused(TlsFault.UnsupportedCertificate, "CN=Clients only do not include serverAuth", TestPki.Issue(new TestProfile { Issuer = clientsOnly }));
    }

    [Fact]
    public void An_intermediate_that_may_not_sign_certificates_issues_none()
    {
        var noSigning = TestPki.Issue(new TestProfile { Subject = "CN=May not sign", Names = [], ExtendedKeyUsages = [], IsAuthority = true, Issuer = TestPki.Root });

        Refused(TlsFault.BadCertificate, "CN=May not sign", TestPki.Issue(new TestProfile { Issuer = noSigning }));
    }

    [Fact]
    public void An_expired_intermediate_is_named()
    {
        var expired = TestPki.Issue(new TestProfile
        {
            Subject = "CN=Expired intermediate", Names = [], ExtendedKeyUsages = [], KeyUsage = X509KeyUsageFlags.KeyCertSign, IsAuthority = true,
            Issuer = TestPki.Root, NotBefore = TestPki.Now.AddDays(-9), NotAfter = TestPki.Now.AddDays(-8),
        });

        Refused(TlsFault.CertificateExpired, "CN=Expired intermediate expired", TestPki.Issue(new TestProfile { Issuer = expired }));
    }

    [Fact]
    public void A_name_outside_the_constraints_of_its_issuer_is_refused()
    {
        var constrained = Authority("CN=Constrained", TestPki.Root, extension: PermittedDnsSubtree("example.com"));

        Accepted(TestPki.Issue(new TestProfile { Names = ["a.example.com"], Issuer = constrained }), "a.example.com");
        Assert.Equal(TlsFault.BadCertificate, Verify(TestPki.Issue(new TestProfile { Names = ["localhost"], Issuer = constrained })).Fault);
    }

    [Fact]
    public void An_RSA_key_of_1024_bits_is_refused()
    {
        using var rsa = RSA.Create(1024);
        var server = TestPki.IssueFor(new PublicKey(rsa), new TestProfile());

        var verdict = Verify([server.RawData, .. TestPki.Server.Chain.Skip(1)]);

        Assert.Equal(TlsFault.UnsupportedCertificate, verdict.Fault);
        Assert.Contains("1024", verdict.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_malformed_list_of_names_is_a_bad_certificate()
    {
        var server = TestPki.Issue(new TestProfile { Names = [], Extensions = [new X509Extension("2.5.29.17", [0x30, 3, 0x82, 5, 0x61], critical: false)] });

        Assert.Equal(TlsFault.BadCertificate, Verify(server).Fault);
    }

    [Fact]
    public void Whatever_is_altered_is_refused_and_nothing_else_happens()
    {
        var whole = TestPki.Rsa2048.Certificate.RawData;
        var verifier = new CertificateVerifier(TestPki.Verification);
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte).Array[1, 4].Sample(changes =>
        {
            var altered = (byte[])whole.Clone();
            foreach (var (at, value) in changes)
            {
                altered[at] = value;
            }

            var same = altered.AsSpan().SequenceEqual(whole);
            return verifier.Verify([altered, .. TestPki.Rsa2048.Chain.Skip(1)], "localhost", true, TestPki.Now).Accepted == same;
        }, iter: 2000, threads: 1);
    }

    private static CertificateVerdict Verify(TestIdentity server, string host = "localhost") => Verify(server.Chain, host);

    private static CertificateVerdict Verify(IReadOnlyList<ReadOnlyMemory<byte>> chain, string host = "localhost") =>
        new CertificateVerifier(TestPki.Verification).Verify(chain, host, peerIsServer: true, TestPki.Now);

    private static void Accepted(TestIdentity server, string host = "localhost")
    {
        var verdict = Verify(server, host);
        Assert.True(verdict.Accepted, verdict.Detail);
    }

    private static void Refused(TlsFault fault, string detail, TestIdentity server)
    {
        var verdict = Verify(server);
        Assert.Equal(fault, verdict.Fault);
        Assert.Contains(detail, verdict.Detail, StringComparison.Ordinal);
    }

    private static TestIdentity Authority(
        string subject, TestIdentity issuer, X509SignatureGenerator? signer = null, string? extendedKeyUsages = null, X509Extension? extension = null) => TestPki.Issue(new TestProfile
        {
            Subject = subject,
            Names = [],
            ExtendedKeyUsages = extendedKeyUsages is null ? [] : [extendedKeyUsages],
            KeyUsage = X509KeyUsageFlags.KeyCertSign,
            IsAuthority = true,
            Issuer = issuer,
            Signer = signer,
            Extensions = extension is null ? [] : [extension],
        });

    /// <summary>RFC 5280 §4.2.1.10: <c>NameConstraints ::= SEQUENCE { permittedSubtrees [0] SEQUENCE OF SEQUENCE { base GeneralName } }</c>.</summary>
    private static X509Extension PermittedDnsSubtree(string domain)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
        using (writer.PushSequence())
        {
            writer.WriteCharacterString(UniversalTagNumber.IA5String, domain, new Asn1Tag(TagClass.ContextSpecific, 2));
        }

        return new X509Extension("2.5.29.30", writer.Encode(), critical: true);
    }

    private sealed class EcdsaSha1(ECDsa key) : X509SignatureGenerator
    {
        public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm)
        {
            var writer = new AsnWriter(AsnEncodingRules.DER);
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier("1.2.840.10045.4.1");
            }

            return writer.Encode();
        }

        public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) =>
            key.SignData(data, HashAlgorithmName.SHA1, DSASignatureFormat.Rfc3279DerSequence);

        protected override PublicKey BuildPublicKey() => new(key);
    }
}
