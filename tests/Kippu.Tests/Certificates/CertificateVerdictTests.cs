using Kippu.Certificates;
using Xunit;

namespace Kippu.Tests.Certificates;

public sealed class CertificateVerdictTests
{
    [Fact]
    public void Without_a_callback_there_is_no_question() => Assert.Null(Verify(TestPki.Server, TestPki.Verification).Question);

    [Fact]
    public void The_callback_sees_the_chain_and_the_librarys_own_verdict()
    {
        using var verdict = Verify(TestPki.Server);
        var question = verdict.Question!;

        Assert.True(question.IsAccepted);
        Assert.Empty(question.Faults);
        Assert.Equal("", question.Detail);
        Assert.Equal("localhost", question.HostName);
        Assert.True(question.PeerIsServer);
        Assert.Equal(TestPki.Server.Certificate.Thumbprint, question.Leaf.Thumbprint);
        Assert.Equal(
            [TestPki.Server.Certificate.Thumbprint, TestPki.Intermediate.Certificate.Thumbprint, TestPki.Root.Certificate.Thumbprint],
            question.Chain.Select(certificate => certificate.Thumbprint));
    }

    [Fact]
    public void The_callback_sees_every_fault_the_gravest_first()
    {
        var server = TestPki.Issue(new TestProfile { NotBefore = TestPki.Now.AddDays(-9), NotAfter = TestPki.Now.AddDays(-8), Names = ["other.example"] });

        using var verdict = Verify(server);

        Assert.False(verdict.Question!.IsAccepted);
        Assert.Equal([TlsFault.CertificateExpired, TlsFault.CertificateNameMismatch], verdict.Question.Faults);
        Assert.Equal(verdict.Detail, verdict.Question.Detail);
    }

    [Fact]
    public void What_cannot_be_parsed_cannot_be_asked_about() =>
        Assert.Null(new CertificateVerifier(WithCallback()).Verify([new byte[] { 0x30, 0 }], "localhost", peerIsServer: true, TestPki.Now).Question);

    [Fact]
    public void Both_accept()
    {
        using var verdict = Verify(TestPki.Server);

        var combined = verdict.WithAnswer(accepted: true);

        Assert.True(combined.Accepted);
        Assert.False(combined.IsOverruled);
    }

    [Fact]
    public void The_application_may_accept_what_the_library_refuses()
    {
        using var verdict = Verify(TestPki.SelfSigned);

        var combined = verdict.WithAnswer(accepted: true);

        Assert.True(combined.Accepted);
        Assert.True(combined.IsOverruled);
        Assert.Null(combined.Fault);
        Assert.Contains("self-signed", combined.Detail, StringComparison.Ordinal);
        Assert.Same(verdict.Leaf, combined.Leaf);
    }

    [Fact]
    public void The_application_may_refuse_what_the_library_accepts()
    {
        using var verdict = Verify(TestPki.Server);

        var combined = verdict.WithAnswer(accepted: false);

        Assert.Equal(TlsFault.CertificateRejected, combined.Fault);
        Assert.Contains("callback", combined.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_both_refuse_the_librarys_reason_stays()
    {
        using var verdict = Verify(TestPki.SelfSigned);

        Assert.Equal(TlsFault.UnknownAuthority, verdict.WithAnswer(accepted: false).Fault);
    }

    [Fact]
    public void A_leaf_that_is_handed_over_outlives_the_verdict_and_the_chain_does_not()
    {
        var verdict = Verify(TestPki.Server);
        var combined = verdict.WithAnswer(accepted: true);
        var chain = verdict.Question!.Chain;
        combined.HandOverLeaf();
        combined.Dispose();
        verdict.Dispose();

        Assert.Equal(TestPki.Server.Certificate.Subject, verdict.Leaf!.Subject);
        Assert.Equal(TestPki.Server.Certificate.RawData, verdict.Leaf.RawData);
        Assert.All(chain, certificate => Assert.Equal(IntPtr.Zero, certificate.Handle));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_verdict_that_nobody_takes_over_disposes_all_its_certificates(bool hasCallback)
    {
        var options = hasCallback ? WithCallback() : TestPki.Verification;
        foreach (var server in new[] { TestPki.Server, TestPki.SelfSigned })
        {
            var verdict = Verify(server, options);
            var combined = verdict.WithAnswer(accepted: false);
            combined.Dispose();

            Assert.Equal(IntPtr.Zero, verdict.Leaf!.Handle);
            Assert.All(verdict.Question?.Chain ?? [], certificate => Assert.Equal(IntPtr.Zero, certificate.Handle));
            Assert.True(verdict.IsDisposed);
        }
    }

    private static CertificateVerdict Verify(TestIdentity server, CertificateVerificationOptions? options = null) =>
        new CertificateVerifier(options ?? WithCallback()).Verify(server.Chain, "localhost", peerIsServer: true, TestPki.Now);

    private static CertificateVerificationOptions WithCallback()
    {
        var options = TestPki.Verification;
        options.Callback = (_, _) => throw new InvalidOperationException("the verifier never calls it");
        return options;
    }
}
