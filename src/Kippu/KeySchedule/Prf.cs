using System.Buffers;
using System.Security.Cryptography;
using Kippu.Crypto;

namespace Kippu.KeySchedule;

/// <summary>The pseudorandom function of TLS 1.2 (RFC 5246 §5): P_hash over label and seed, with the hash of the cipher suite.</summary>
internal static class Prf
{
    /// <summary>The longest hash of a cipher suite, SHA-384; SHA-512 for good measure.</summary>
    private const int MaxHashLength = 64;

    private const int MaxOnStack = 320;

    /// <summary>
    /// PRF(secret, label, seed1 + seed2), filling <paramref name="destination"/>. The secret is given as its HMAC object, which is set up once for
    /// the many calls of a handshake.
    /// </summary>
    public static void Compute(HmacKey secret, ReadOnlySpan<byte> label, ReadOnlySpan<byte> seed1, ReadOnlySpan<byte> seed2, Span<byte> destination)
    {
        // A(i) and the seed stand side by side, so that each HMAC is over one piece.
        var length = checked(secret.Length + label.Length + seed1.Length + seed2.Length);
        byte[]? rented = null;
        Span<byte> work = length <= MaxOnStack ? stackalloc byte[MaxOnStack] : rented = ArrayPool<byte>.Shared.Rent(length);
        work = work[..length];
        try
        {
            label.CopyTo(work[secret.Length..]);
            seed1.CopyTo(work[(secret.Length + label.Length)..]);
            seed2.CopyTo(work[(secret.Length + label.Length + seed1.Length)..]);
            Expand(secret, work, destination);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(work);
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    /// <summary>
    /// P_hash(secret, seed) = HMAC(secret, A(1) + seed) + HMAC(secret, A(2) + seed) + ..., with A(0) = seed and A(i) = HMAC(secret, A(i-1)).
    /// <paramref name="work"/> is room for A(i), then the seed.
    /// </summary>
    private static void Expand(HmacKey secret, Span<byte> work, Span<byte> destination)
    {
        var a = work[..secret.Length];
        secret.Compute(work[secret.Length..], a);
        while (destination.Length > secret.Length)
        {
            secret.Compute(work, destination);
            destination = destination[secret.Length..];
            secret.Compute(a, a);
        }

        Span<byte> last = stackalloc byte[MaxHashLength];
        try
        {
            secret.Compute(work, last);
            last[..destination.Length].CopyTo(destination);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(last);
        }
    }
}
