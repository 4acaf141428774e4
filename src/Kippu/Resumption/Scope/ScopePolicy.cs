using Kippu.Wire;

namespace Kippu.Resumption;

/// <summary>
/// What goes into a <see cref="SessionScope"/>: the <i>configured</i> policy, as plain values. Not in it: the server's certificate (renewing it must keep
/// sessions alive), application protocols, suites, addresses, the node.
/// </summary>
internal sealed record ScopePolicy
{
    private static ReadOnlySpan<byte> Label => "kippu scope 1"u8;

    /// <summary>The application's name for its sessions; mandatory with a shared ring, so that two services on one ring never meet.</summary>
    public required string Name { get; init; }

    public ClientCertificateRequirement ClientCertificates { get; init; }

    /// <summary>
    /// SHA-256 of each custom anchor, in any order and as often as it likes; null for the system's own store, whose content is never looked at: it differs between image builds.
    /// </summary>
    public IReadOnlyCollection<ReadOnlyMemory<byte>>? AnchorDigests { get; init; }

    /// <summary>How revocation is checked, as one word that tells one way from another ("NoCheck", "Online EntireChain" ...).</summary>
    public string RevocationMode { get; init; } = "NoCheck";

    /// <summary>A custom verification is configured.</summary>
    public bool HasCustomVerification { get; init; }

    /// <summary>The id of the custom verification. Null with <see cref="HasCustomVerification"/>: sessions with a client certificate are not resumed.</summary>
    public string? CustomVerificationId { get; init; }

    /// <summary>The application's number for policy that the library cannot see.</summary>
    public int PolicyVersion { get; init; }

    public bool ResumesClientCertificates => !HasCustomVerification || CustomVerificationId is not null;

    public void ComputeDigest(Span<byte> destination)
    {
        using var hash = new LengthPrefixedHash(Label);
        hash.Add(Name);
        hash.Add(Word(ClientCertificates));
        hash.Add(Trust(AnchorDigests));
        hash.Add(RevocationMode);
        hash.Add(HasCustomVerification ? CustomVerificationId is null ? "custom" : "custom by id" : "built in");
        hash.Add(CustomVerificationId ?? "");
        hash.Add(PolicyVersion);
        hash.Finish(destination);
    }

    /// <summary>The sorted digests, each once, end to end; or the word "system", which no number of digests can equal.</summary>
    internal static byte[] Trust(IReadOnlyCollection<ReadOnlyMemory<byte>>? anchorDigests)
    {
        if (anchorDigests is null)
        {
            return "system"u8.ToArray();
        }

        var sorted = anchorDigests.Select(digest => digest.ToArray()).ToArray();
        Array.Sort(sorted, static (one, other) => PublicBytes.Compare(one, other));
        var trust = new List<byte>(sorted.Length * LengthPrefixedHash.Length);
        for (var i = 0; i < sorted.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(sorted[i].Length, LengthPrefixedHash.Length, nameof(anchorDigests));
            if (i == 0 || !PublicBytes.AreEqual(sorted[i - 1], sorted[i]))
            {
                trust.AddRange(sorted[i]);
            }
        }

        return [.. trust];
    }

    private static string Word(ClientCertificateRequirement mode) => mode switch
    {
        ClientCertificateRequirement.None => "none",
        ClientCertificateRequirement.Optional => "optional",
        ClientCertificateRequirement.Required => "required",
        _ => throw new ArgumentOutOfRangeException(nameof(mode)),
    };
}
