using System.Security.Cryptography;
using Kippu.Crypto;

namespace Kippu.KeySchedule;

/// <summary>binder_key of RFC 8446 §7.1, for PSKs that came as tickets.</summary>
internal sealed class BinderKey : KeyScheduleSecret
{
    internal BinderKey(HashAlgorithmName hash, SecretBytes secret)
        : base(hash, secret)
    {
    }

    /// <summary>
    /// RFC 8446 §4.2.11.2: "computed in the same way as the Finished message (Section 4.4.4) but with the BaseKey being the binder_key".
    /// </summary>
    public void ComputeBinder(ReadOnlySpan<byte> truncatedHash, Span<byte> destination) => ComputeFinished(truncatedHash, destination);
}
