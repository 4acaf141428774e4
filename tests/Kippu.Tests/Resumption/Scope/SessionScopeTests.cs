using System.Security.Cryptography;
using System.Text;
using Kippu.Resumption;
using Xunit;

namespace Kippu.Tests.Resumption;

public sealed class SessionScopeTests
{
    private static readonly ReadOnlyMemory<byte> s_anchor = SHA256.HashData("anchor"u8);
    private static readonly ReadOnlyMemory<byte> s_otherAnchor = SHA256.HashData("other anchor"u8);

    private static readonly ScopePolicy s_policy = new()
    {
        Name = "shop",
        ClientCertificates = ClientCertificateRequirement.Optional,
        AnchorDigests = [s_anchor],
        RevocationMode = "NoCheck",
        HasCustomVerification = true,
        CustomVerificationId = "by department",
        PolicyVersion = 1,
    };

    /// <summary>A policy that differs from another in one component each, by the name of the component.</summary>
    internal static IReadOnlyDictionary<string, ScopePolicy> Variations { get; } = new Dictionary<string, ScopePolicy>
    {
        ["name"] = s_policy with { Name = "shop2" },
        ["name, by case"] = s_policy with { Name = "Shop" },
        ["empty name"] = s_policy with { Name = "" },
        ["no client certificates"] = s_policy with { ClientCertificates = ClientCertificateRequirement.None },
        ["client certificates required"] = s_policy with { ClientCertificates = ClientCertificateRequirement.Required },
        ["another anchor"] = s_policy with { AnchorDigests = [s_otherAnchor] },
        ["one more anchor"] = s_policy with { AnchorDigests = [s_anchor, s_otherAnchor] },
        ["no anchor"] = s_policy with { AnchorDigests = [] },
        ["the system's anchors"] = s_policy with { AnchorDigests = null },
        ["revocation"] = s_policy with { RevocationMode = "Online" },
        ["no custom verification"] = s_policy with { HasCustomVerification = false, CustomVerificationId = null },
        ["another verification id"] = s_policy with { CustomVerificationId = "by country" },
        ["empty verification id"] = s_policy with { CustomVerificationId = "" },
        ["no verification id"] = s_policy with { CustomVerificationId = null },
        ["policy version"] = s_policy with { PolicyVersion = 2 },
    };

    internal static SessionScope Base => new(s_policy);

    [Fact]
    public void Each_component_alone_makes_another_scope()
    {
        var all = Variations.Select(variation => new SessionScope(variation.Value)).Append(Base).ToArray();

        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.Equal(all.Length, all.Select(scope => scope.ToString()).Distinct().Count());
    }

    [Fact]
    public void Two_machines_with_the_same_configuration_have_the_same_scope()
    {
        // The other machine lists its anchors in another order, one of them twice, in memory of its own, and made its text in another way.
        var here = new SessionScope(s_policy with { AnchorDigests = [s_anchor, s_otherAnchor] });
        var there = new SessionScope(new ScopePolicy
        {
            PolicyVersion = int.Parse("1", null),
            CustomVerificationId = new StringBuilder("by ").Append("department").ToString(),
            HasCustomVerification = true,
            RevocationMode = "NoCheck",
            AnchorDigests = [SHA256.HashData("other anchor"u8), SHA256.HashData("anchor"u8), SHA256.HashData("other anchor"u8)],
            ClientCertificates = ClientCertificateRequirement.Optional,
            Name = "shop",
        });

        Assert.Equal(here, there);
        Assert.Equal(here.GetHashCode(), there.GetHashCode());
    }

    [Fact]
    public void The_digest_is_the_one_that_is_documented()
    {
        // docs/ticket-format.md, "Scope": computed here by hand. It must never change by accident: every ticket of a fleet would be refused.
        var fields = new byte[][]
        {
            "kippu scope 1"u8.ToArray(), "shop"u8.ToArray(), "optional"u8.ToArray(), s_anchor.ToArray(), "NoCheck"u8.ToArray(), "custom by id"u8.ToArray(),
            "by department"u8.ToArray(), [0, 0, 0, 1],
        };
        var bytes = fields.SelectMany(field => new byte[] { 0, 0, 0, (byte)field.Length }.Concat(field)).ToArray();

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), Base.ToString());
    }

    [Fact]
    public void The_systems_anchors_are_a_word_and_never_looked_at() =>
        Assert.Equal("system"u8.ToArray(), ScopePolicy.Trust(null));

    [Fact]
    public void Text_moves_from_no_field_to_another() =>
        Assert.NotEqual(
            new SessionScope(new ScopePolicy { Name = "ab", RevocationMode = "c" }),
            new SessionScope(new ScopePolicy { Name = "a", RevocationMode = "bc" }));

    [Fact]
    public void A_name_that_is_no_text_is_refused() => Assert.Throws<EncoderFallbackException>(() => new SessionScope(new ScopePolicy { Name = "a\uD800" }));

    [Fact]
    public void Client_certificates_judged_by_a_callback_without_an_id_are_not_resumed()
    {
        Assert.True(Base.ResumesClientCertificates);
        Assert.False(new SessionScope(Variations["no verification id"]).ResumesClientCertificates);
        Assert.True(new SessionScope(Variations["no custom verification"]).ResumesClientCertificates);
    }

    [Fact]
    public void The_clients_policy_tells_apart_what_must_be_told_apart()
    {
        var policy = new ClientSessionPolicy { AnchorDigests = [s_anchor], Verification = "NoCheck", CredentialDigests = [s_otherAnchor] };
        byte[][] digests =
        [
            policy.ComputeDigest(),
            (policy with { AnchorDigests = null }).ComputeDigest(),
            (policy with { Verification = "Online" }).ComputeDigest(),
            (policy with { HasCustomVerification = true, CustomVerificationId = "insecure" }).ComputeDigest(),
            (policy with { CredentialDigests = [] }).ComputeDigest(),
            (policy with { CredentialDigests = [s_anchor] }).ComputeDigest(),
        ];

        Assert.Equal(digests.Length, digests.Select(Convert.ToHexString).Distinct().Count());
        Assert.Equal(digests[0], (policy with { AnchorDigests = [s_anchor, s_anchor] }).ComputeDigest());
    }

    [Fact]
    public void Sessions_of_a_callback_without_an_id_are_for_one_client_object_only()
    {
        var policy = new ClientSessionPolicy { HasCustomVerification = true };

        Assert.NotEqual(policy.ComputeDigest(), policy.ComputeDigest());
    }
}
