using Kippu.Certificates;
using Xunit;

namespace Kippu.Tests.Certificates;

/// <summary>That a chain was verified again shows in the chain engine's time: a certificate that has expired meanwhile is refused.</summary>
public sealed class AcceptedChainsTests
{
    private static readonly DateTimeOffset s_later = TestPki.Now.AddMinutes(4);

    [Fact]
    public void An_accepted_chain_is_found_for_the_same_host_and_role_only()
    {
        var accepted = new AcceptedChains(TimeSpan.FromMinutes(5));
        accepted.Add(AcceptedChains.KeyOf(TestPki.Server.Chain, "localhost", true), TestPki.Server.Certificate, TestPki.Now, TestPki.Now.AddDays(1));

        Assert.NotNull(accepted.Find(AcceptedChains.KeyOf(TestPki.Server.Chain, "localhost", true), s_later));
        Assert.Null(accepted.Find(AcceptedChains.KeyOf(TestPki.Server.Chain, "LOCALHOST2", true), s_later));
        Assert.Null(accepted.Find(AcceptedChains.KeyOf(TestPki.Server.Chain, null, true), s_later));
        Assert.Null(accepted.Find(AcceptedChains.KeyOf(TestPki.Server.Chain, "localhost", false), s_later));
        Assert.Null(accepted.Find(AcceptedChains.KeyOf([.. TestPki.Server.Chain.Take(1)], "localhost", true), s_later));
        Assert.Null(accepted.Find(AcceptedChains.KeyOf(TestPki.EcdsaP384.Chain, "localhost", true), s_later));
    }

    [Fact]
    public void It_is_forgotten_after_the_time_set_at_the_end_of_validity_and_when_the_clock_goes_back()
    {
        var accepted = new AcceptedChains(TimeSpan.FromMinutes(5));
        var key = AcceptedChains.KeyOf(TestPki.Server.Chain, "localhost", true);
        accepted.Add(key, TestPki.Server.Certificate, TestPki.Now, TestPki.Now.AddDays(1));

        Assert.Null(accepted.Find(key, TestPki.Now.AddMinutes(5)));
        Assert.Null(accepted.Find(key, TestPki.Now.AddSeconds(-1)));

        accepted.Add(key, TestPki.Server.Certificate, TestPki.Now, TestPki.Now.AddMinutes(1));
        Assert.NotNull(accepted.Find(key, TestPki.Now.AddSeconds(59)));
        Assert.Null(accepted.Find(key, TestPki.Now.AddMinutes(1)));
    }

    [Fact]
    public void It_is_bounded()
    {
        var accepted = new AcceptedChains(TimeSpan.FromMinutes(5));
        for (var i = 0; i < 1000; i++)
        {
            accepted.Add(AcceptedChains.KeyOf([new byte[] { (byte)i, (byte)(i >> 8) }], null, false), TestPki.Server.Certificate, TestPki.Now, s_later);
        }

        var held = Enumerable.Range(0, 1000).Count(i => accepted.Find(AcceptedChains.KeyOf([new byte[] { (byte)i, (byte)(i >> 8) }], null, false), TestPki.Now) is not null);
        Assert.InRange(held, 1, 256);
    }

    [Fact]
    public void A_verifier_reuses_an_acceptance_as_long_as_it_may()
    {
        var server = TestPki.Issue(new TestProfile { NotAfter = TestPki.Now.AddMinutes(2) });
        var verifier = new CertificateVerifier(TestPki.Verification);

        var first = verifier.Verify(server.Chain, "localhost", true, TestPki.Now);
        var second = verifier.Verify(server.Chain, "localhost", true, TestPki.Now.AddSeconds(1));
        first.Leaf!.Dispose();

        Assert.True(second.Accepted);
        Assert.NotSame(first.Leaf, second.Leaf);
        Assert.Equal(server.Certificate.RawData, second.Leaf!.RawData);
        Assert.Equal(TlsFault.CertificateExpired, verifier.Verify(server.Chain, "localhost", true, TestPki.Now.AddMinutes(3)).Fault);
    }

    [Fact]
    public void A_refusal_is_never_reused_for_another_host_nor_an_acceptance()
    {
        var verifier = new CertificateVerifier(TestPki.Verification);

        Assert.True(verifier.Verify(TestPki.Server.Chain, "localhost", true, TestPki.Now).Accepted);
        Assert.Equal(TlsFault.CertificateNameMismatch, verifier.Verify(TestPki.Server.Chain, "other.example", true, TestPki.Now).Fault);
        Assert.Equal(TlsFault.UnsupportedCertificate, verifier.Verify(TestPki.Server.Chain, "localhost", false, TestPki.Now).Fault);
        Assert.True(verifier.Verify(TestPki.Server.Chain, "localhost", true, TestPki.Now).Accepted);
    }

    [Fact]
    public void Many_threads_may_ask_one_verifier()
    {
        var verifier = new CertificateVerifier(TestPki.Verification);

        Parallel.For(0, 200, i =>
        {
            using var verdict = verifier.Verify(i % 2 == 0 ? TestPki.Server.Chain : TestPki.Rsa2048.Chain, i % 3 == 0 ? "localhost" : "127.0.0.1", true, TestPki.Now);
            Assert.True(verdict.Accepted);
            verdict.Leaf!.Dispose();
        });
    }
}
