using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kippu.Certificates;
using Kippu.Resumption;
using Xunit;

namespace Kippu.Tests.Certificates;

public sealed class VerificationPolicyTests
{
    [Fact]
    public void The_defaults_say_system_and_nothing_else()
    {
        var policy = new VerificationPolicy(new CertificateVerificationOptions());

        Assert.Null(policy.AnchorDigests);
        Assert.Equal("NoCheck", policy.Verification);
        Assert.False(policy.HasCustomVerification);
        Assert.Null(policy.CustomVerificationId);
    }

    [Fact]
    public void Anchors_are_the_SHA256_of_each_root_and_neither_order_nor_repetition_matters()
    {
        X509Certificate2[] roots = [TestPki.Root.Certificate, TestPki.Stranger.Certificate, TestPki.SelfSigned.Certificate];
        var expected = ScopePolicy.Trust([.. roots.Select(root => (ReadOnlyMemory<byte>)SHA256.HashData(root.RawData))]);

        foreach (var order in (int[][])[[0, 1, 2], [2, 1, 0], [1, 0, 2, 1]])
        {
            var policy = new VerificationPolicy(new CertificateVerificationOptions { CustomTrustRoots = [.. order.Select(i => roots[i])] });
            Assert.Equal(expected, ScopePolicy.Trust(policy.AnchorDigests));
        }
    }

    [Fact]
    public void Each_part_of_the_policy_shows()
    {
        CertificateVerificationOptions[] all =
        [
            new(),
            new() { VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid },
            new() { RevocationMode = X509RevocationMode.Offline },
            new() { RevocationMode = X509RevocationMode.Offline, RevocationFlag = X509RevocationFlag.EndCertificateOnly },
            new() { Callback = Any, CallbackId = "a" },
            new() { Callback = Any, CallbackId = "b" },
            new() { Callback = Any, CallbackId = "" },
            new() { Callback = Any },
            new() { RevocationMode = X509RevocationMode.Online, VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid },
        ];

        var seen = all.Select(options => new VerificationPolicy(options)).Select(policy => (policy.Verification, policy.HasCustomVerification, policy.CustomVerificationId)).ToList();

        Assert.Equal(seen.Count, seen.Distinct().Count());
    }

    [Fact]
    public void What_saves_work_only_does_not_show()
    {
        var policy = new VerificationPolicy(new CertificateVerificationOptions
        {
            AllowDownloads = true,
            DownloadTimeout = TimeSpan.FromSeconds(1),
            ReuseAcceptanceFor = TimeSpan.Zero,
            RevocationFlag = X509RevocationFlag.EntireChain, // with no check it says nothing
            ExtraIntermediates = [TestPki.Intermediate.Certificate],
        });

        Assert.Equal("NoCheck", policy.Verification);
        Assert.Null(policy.AnchorDigests);
    }

    private static ValueTask<bool> Any(CertificateVerificationContext context, CancellationToken cancellationToken) => new(true);
}
