using System.Security.Cryptography;

namespace Kippu.Resumption;

/// <summary>
/// The part of a <see cref="ClientSessionKey"/> that is one client's own: how it verifies servers and how it identifies itself, as plain values. So a
/// session that was made without verification, or with another client certificate, is never offered under stricter rules.
/// </summary>
internal sealed record ClientSessionPolicy
{
    private static ReadOnlySpan<byte> Label => "kippu client policy 1"u8;

    /// <summary>SHA-256 of each custom anchor, in any order; null for the system's own store.</summary>
    public IReadOnlyCollection<ReadOnlyMemory<byte>>? AnchorDigests { get; init; }

    /// <summary>How chains are verified besides trust (revocation, flags), as words that tell one way from another.</summary>
    public string Verification { get; init; } = "";

    /// <summary>A custom verification is configured.</summary>
    public bool HasCustomVerification { get; init; }

    /// <summary>The id of the custom verification. Null with <see cref="HasCustomVerification"/>: see <see cref="KeepsSessions"/>.</summary>
    public string? CustomVerificationId { get; init; }

    /// <summary>SHA-256 of each certificate that the client may identify itself with, in any order.</summary>
    public IReadOnlyCollection<ReadOnlyMemory<byte>> CredentialDigests { get; init; } = [];

    /// <summary>False for a custom verification without an id: nobody can say whether it would accept the server again, so it is asked in every handshake.</summary>
    public bool KeepsSessions => !HasCustomVerification || CustomVerificationId is not null;

    /// <summary>32 bytes; to be computed once for each client. Where no sessions are kept they are random: none in any store is for that client.</summary>
    public byte[] ComputeDigest()
    {
        var digest = new byte[LengthPrefixedHash.Length];
        using var hash = new LengthPrefixedHash(Label);
        hash.Add(ScopePolicy.Trust(AnchorDigests));
        hash.Add(Verification);
        hash.Add(HasCustomVerification ? CustomVerificationId is null ? "custom" : "custom by id" : "built in");
        hash.Add(CustomVerificationId ?? (HasCustomVerification ? RandomNumberGenerator.GetHexString(32) : ""));
        hash.Add(ScopePolicy.Trust(CredentialDigests));
        hash.Finish(digest);
        return digest;
    }
}
