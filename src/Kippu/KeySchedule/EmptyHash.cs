using System.Security.Cryptography;

namespace Kippu.KeySchedule;

/// <summary>Transcript-Hash("") of RFC 8446 §7.1, which several derivations take.</summary>
internal static class EmptyHash
{
    private static readonly byte[] s_sha256 = SHA256.HashData([]);
    private static readonly byte[] s_sha384 = CryptographicOperations.HashData(HashAlgorithmName.SHA384, []);

    public static ReadOnlySpan<byte> Of(HashAlgorithmName hash) => hash == HashAlgorithmName.SHA384 ? s_sha384 : s_sha256;
}
