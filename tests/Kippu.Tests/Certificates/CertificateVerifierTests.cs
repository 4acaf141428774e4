using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kippu.Certificates;
using Xunit;

namespace Kippu.Tests.Certificates;

public sealed class CertificateVerifierTests
{
    private const string Host = "localhost";

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST")]
    [InlineData("localhost.")]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("[::1]")]
    [InlineData("0:0:0:0:0:0:0:1")]
    public void A_good_server_is_accepted_by_each_of_its_names(string host)
    {
        using var verdict = Verify(TestPki.Server.Chain, host);

        Assert.True(verdict.Accepted, verdict.Detail);
        Assert.Null(verdict.Fault);
        Assert.Equal("", verdict.Detail);
        Assert.Equal(TestPki.Server.Certificate.Thumbprint, verdict.Leaf!.Thumbprint);
        Assert.False(verdict.Leaf.HasPrivateKey);
        Assert.Null(verdict.Question);
    }

    [Fact]
    public void Every_kind_of_key_is_accepted()
    {
        foreach (var server in new[] { TestPki.EcdsaP256, TestPki.EcdsaP384, TestPki.EcdsaP521, TestPki.Rsa2048 })
        {
            Assert.True(Verify(server.Chain, Host).Accepted);
        }
    }

    [Fact]
    public void A_client_is_checked_for_clientAuth_and_for_no_name() => Assert.True(Verify(TestPki.Client.Chain, null, peerIsServer: false).Accepted);

    [Fact]
    public void A_server_is_no_client() =>
        Refused(TlsFault.UnsupportedCertificate, "clientAuth", Verify(TestPki.Server.Chain, null, peerIsServer: false));

    public static TheoryData<string, TlsFault, string> Faults => new()
    {
        { nameof(TestPki.Expired), TlsFault.CertificateExpired, "expired on" },
        { nameof(TestPki.NotYetValid), TlsFault.CertificateExpired, "not valid before" },
        { nameof(TestPki.WrongExtendedKeyUsage), TlsFault.UnsupportedCertificate, "CN=Wrong EKU do not include serverAuth" },
        { nameof(TestPki.WrongKeyUsage), TlsFault.UnsupportedCertificate, "lacks DigitalSignature" },
        { nameof(TestPki.OtherName), TlsFault.CertificateNameMismatch, "is for other.example, not for localhost" },
        { nameof(TestPki.CommonNameOnly), TlsFault.CertificateNameMismatch, "common name is not looked at" },
        { nameof(TestPki.SelfSigned), TlsFault.UnknownAuthority, "self-signed" },
        { nameof(TestPki.Untrusted), TlsFault.UnknownAuthority, "CustomTrustRoots" },
    };

    [Theory, MemberData(nameof(Faults))]
    public void Each_fault_has_its_reason_and_says_what_to_do(string who, TlsFault fault, string detail)
    {
        var identity = (TestIdentity)typeof(TestPki).GetProperty(who)!.GetValue(null)!;

        var verdict = Verify(identity.Chain, Host);

        Refused(fault, detail, verdict);
        Assert.NotNull(verdict.Leaf);
    }

    [Fact]
    public void Time_is_what_the_caller_says_it_is()
    {
        Assert.True(Verify(TestPki.Expired.Chain, Host, now: TestPki.Now.AddDays(-15)).Accepted);
        Refused(TlsFault.CertificateExpired, "expired", Verify(TestPki.Server.Chain, Host, now: TestPki.Now.AddDays(61)));
    }

    [Fact]
    public void Validity_ends_with_the_second_that_notAfter_names()
    {
        var last = TestPki.Now.AddDays(60);

        Assert.True(Verify(TestPki.Server.Chain, Host, now: last.AddSeconds(-1)).Accepted);
        Assert.False(Verify(TestPki.Server.Chain, Host, now: last.AddSeconds(1)).Accepted);
    }

    [Fact]
    public void A_missing_intermediate_is_named() =>
        Refused(TlsFault.UnknownAuthority, "CN=Kippu test intermediate", Verify([TestPki.Server.Certificate.RawData], Host));

    [Fact]
    public void A_missing_intermediate_may_be_at_hand()
    {
        var options = TestPki.Verification;
        options.ExtraIntermediates = [TestPki.Intermediate.Certificate];

        Assert.True(Verify([TestPki.Server.Certificate.RawData], Host, options).Accepted);
    }

    [Fact]
    public void An_extra_intermediate_is_not_trusted_by_itself()
    {
        var options = new CertificateVerificationOptions { CustomTrustRoots = [TestPki.Stranger.Certificate], ExtraIntermediates = [TestPki.Intermediate.Certificate, TestPki.Root.Certificate] };

        Refused(TlsFault.UnknownAuthority, "Kippu test root", Verify(TestPki.Server.Chain, Host, options));
    }

    [Fact]
    public void A_root_that_has_the_name_and_another_key_is_told_apart()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(TestPki.Root.Certificate.SubjectName, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using var namesake = request.CreateSelfSigned(TestPki.Now.AddDays(-1), TestPki.Now.AddDays(1));

        Refused(TlsFault.UnknownAuthority, "its key did not sign", Verify(TestPki.Server.Chain, Host, new CertificateVerificationOptions { CustomTrustRoots = [namesake] }));
    }

    [Fact]
    public void The_order_of_the_intermediates_does_not_matter_and_strangers_among_them_do_no_harm()
    {
        ReadOnlyMemory<byte>[] chain = [TestPki.Server.Certificate.RawData, TestPki.Stranger.Certificate.RawData, TestPki.Root.Certificate.RawData, TestPki.Intermediate.Certificate.RawData];

        Assert.True(Verify(chain, Host).Accepted);
    }

    [Fact]
    public void The_systems_roots_do_not_know_the_test_root() =>
        Refused(TlsFault.UnknownAuthority, "trust", Verify(TestPki.Server.Chain, Host, new CertificateVerificationOptions()));

    [Fact]
    public void A_self_signed_certificate_that_is_trusted_itself_is_accepted() =>
        Assert.True(Verify(TestPki.SelfSigned.Chain, Host, new CertificateVerificationOptions { CustomTrustRoots = [TestPki.SelfSigned.Certificate] }).Accepted);

    [Fact]
    public void A_leaf_is_no_root() =>
        Refused(TlsFault.UnknownAuthority, "intermediate", Verify([TestPki.Server.Certificate.RawData], Host, new CertificateVerificationOptions { CustomTrustRoots = [TestPki.Server.Certificate] }));

    [Fact]
    public void A_leaf_cannot_issue()
    {
        var forged = TestPki.Issue(new TestProfile { Issuer = TestPki.Server });

        Refused(TlsFault.BadCertificate, "CN=Kippu test server", Verify(forged.Chain, Host));
    }

    [Fact]
    public void A_signature_that_does_not_verify_is_a_bad_certificate()
    {
        var altered = TestPki.Server.Certificate.RawData;
        altered[^1] ^= 1;

        Refused(TlsFault.BadCertificate, "signature", Verify([altered, .. TestPki.Server.Chain.Skip(1)], Host));
    }

    [Theory]
    [InlineData("www.example.com", true)]
    [InlineData("WWW.EXAMPLE.COM", true)]
    [InlineData("example.com", false)]
    [InlineData("a.b.example.com", false)]
    [InlineData("wwwexample.com", false)]
    [InlineData("", false)]
    [InlineData("not a host", false)]
    [InlineData("10.0.0.1", false)]
    public void A_wildcard_stands_for_one_label(string host, bool matches)
    {
        var verdict = Verify(TestPki.ServerFor(TestKey.EcdsaP256, "*.example.com").Chain, host);

        Assert.Equal(matches ? null : TlsFault.CertificateNameMismatch, verdict.Fault);
    }

    [Fact]
    public void An_address_is_matched_by_an_iPAddress_and_never_by_a_DNS_name()
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("10.1.2.3");
        var server = TestPki.Issue(new TestProfile { Names = [], Extensions = [names.Build()] });

        Assert.Equal(TlsFault.CertificateNameMismatch, Verify(server.Chain, "10.1.2.3").Fault);
    }

    [Fact]
    public void An_international_name_is_compared_in_its_ASCII_form() =>
        Assert.True(Verify(TestPki.ServerFor(TestKey.EcdsaP256, "xn--bcher-kva.example").Chain, "bücher.example").Accepted);

    [Fact]
    public void A_certificate_without_key_usages_serves_for_everything()
    {
        var server = TestPki.Issue(new TestProfile { KeyUsage = null, ExtendedKeyUsages = [] });

        Assert.True(Verify(server.Chain, Host).Accepted);
        Assert.True(Verify(server.Chain, null, peerIsServer: false).Accepted);
    }

    [Fact]
    public void The_gravest_fault_comes_first_and_the_others_are_told()
    {
        var server = TestPki.Issue(new TestProfile { Issuer = TestPki.Stranger, NotBefore = TestPki.Now.AddDays(-9), NotAfter = TestPki.Now.AddDays(-8), Names = ["other.example"] });

        var verdict = Verify(server.Chain, Host);

        Refused(TlsFault.UnknownAuthority, "besides, ", verdict);
        Assert.Contains("expired", verdict.Detail, StringComparison.Ordinal);
        Assert.Contains("other.example", verdict.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_flags_overlook_is_not_reported_as_the_fault()
    {
        var options = TestPki.Verification;
        options.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;

        Assert.True(Verify(TestPki.Expired.Chain, Host, options).Accepted);

        var strangers = TestPki.Issue(new TestProfile { Issuer = TestPki.Stranger, NotBefore = TestPki.Now.AddDays(-9), NotAfter = TestPki.Now.AddDays(-8) });
        var verdict = Verify(strangers.Chain, Host, options);
        Refused(TlsFault.UnknownAuthority, "trust", verdict);
        Assert.DoesNotContain("expired", verdict.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void No_certificate_at_all_is_a_missing_one() => Refused(TlsFault.CertificateMissing, "none", Verify([], Host));

    [Fact]
    public void A_chain_of_more_than_ten_certificates_is_refused_unread() =>
        Refused(TlsFault.BadCertificate, "11 certificates", Verify([.. Enumerable.Repeat((ReadOnlyMemory<byte>)new byte[3], 11)], Host));

    [Fact]
    public void A_chain_of_more_than_a_hundred_kilobytes_is_refused_unread() =>
        Refused(TlsFault.BadCertificate, "bytes", Verify([new byte[60_000], new byte[60_000]], Host));

    [Fact]
    public void A_certificate_cut_short_anywhere_is_bad()
    {
        var whole = TestPki.Server.Certificate.RawData;
        for (var length = 0; length < whole.Length; length++)
        {
            Refused(TlsFault.BadCertificate, "number 1", Verify([whole.AsMemory(0, length), .. TestPki.Server.Chain.Skip(1)], Host));
        }
    }

    [Fact]
    public void Bytes_after_a_certificate_are_bad() =>
        Refused(TlsFault.BadCertificate, "number 1", Verify([(byte[])[.. TestPki.Server.Certificate.RawData, 0], .. TestPki.Server.Chain.Skip(1)], Host));

    [Fact]
    public void PEM_is_not_what_stands_on_the_wire() =>
        Refused(TlsFault.BadCertificate, "number 2", Verify([TestPki.Server.Certificate.RawData, System.Text.Encoding.ASCII.GetBytes(TestPki.Intermediate.CertificatePem)], Host));

    [Fact]
    public void A_bit_flipped_anywhere_is_never_accepted()
    {
        var whole = TestPki.Server.Certificate.RawData;
        for (var i = 0; i < whole.Length; i++)
        {
            var altered = (byte[])whole.Clone();
            altered[i] ^= (byte)(1 << (i % 8));

            Assert.False(Verify([altered, .. TestPki.Server.Chain.Skip(1)], Host).Accepted, $"byte {i}");
        }
    }

    [Fact]
    public void A_subject_cannot_forge_lines_in_a_log()
    {
        var server = TestPki.Issue(new TestProfile { Subject = "CN=\"a\nerror: b\"", Issuer = TestPki.Stranger, Names = ["x.example"] });

        Assert.DoesNotContain('\n', Verify(server.Chain, Host).Detail);
    }

    [Fact]
    public void Options_that_cannot_be_meant_are_refused_at_once()
    {
        Assert.Throws<ArgumentException>(() => new CertificateVerifier(new CertificateVerificationOptions { CustomTrustRoots = [] }));
        Assert.Throws<ArgumentException>(() => new CertificateVerifier(new CertificateVerificationOptions { CallbackId = "v1" }));
    }

    [Fact]
    public void Later_changes_of_the_options_change_nothing()
    {
        var options = TestPki.Verification;
        var verifier = new CertificateVerifier(options);
        options.CustomTrustRoots!.Clear();
        options.CustomTrustRoots = [TestPki.Stranger.Certificate];

        Assert.True(verifier.Verify(TestPki.Server.Chain, Host, peerIsServer: true, TestPki.Now).Accepted);
    }

    private static CertificateVerdict Verify(
        IReadOnlyList<ReadOnlyMemory<byte>> chain, string? host, CertificateVerificationOptions? options = null, bool peerIsServer = true, DateTimeOffset? now = null) =>
        new CertificateVerifier(options ?? TestPki.Verification).Verify(chain, host, peerIsServer, now ?? TestPki.Now);

    private static void Refused(TlsFault fault, string detail, CertificateVerdict verdict)
    {
        Assert.Equal(fault, verdict.Fault);
        Assert.False(verdict.Accepted);
        Assert.Contains(detail, verdict.Detail, StringComparison.Ordinal);
    }
}
