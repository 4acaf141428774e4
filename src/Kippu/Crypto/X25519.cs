using Kippu.Crypto.OpenSsl;
using System.Security.Cryptography;

namespace Kippu.Crypto;

/// <summary>
/// The two scalar multiplications of X25519 (RFC 7748 §5), which .NET 10 lacks, each from the library that does it best: multiples of the base point by
/// libsodium, of other points by libcrypto; either does both where the other is missing.
/// </summary>
internal static class X25519
{
    public const int Length = 32;

    /// <summary>False where neither library is there; X25519 is not offered then, and nothing fails.</summary>
    public static bool IsAvailable => Sodium.IsAvailable || UsesLibCrypto(CryptoBackends.Preferred);

    /// <summary>q = n·G.</summary>
    public static void ScalarMultBase(Span<byte> q, ReadOnlySpan<byte> n)
    {
        InsistOnLengths(q, n, q, q);
        if (Sodium.IsAvailable)
        {
            Sodium.ScalarMultBase(q, n);
        }
        else
        {
            LibCryptoX25519.ScalarMultBase(q, n);
        }
    }

    /// <summary>q = n·p; false if that is all zero, that is, if p is a point of low order.</summary>
    /// <param name="q">The result.</param>
    /// <param name="n">The scalar.</param>
    /// <param name="own">n·G.</param>
    /// <param name="p">The peer's point.</param>
    /// <param name="backend">Who computes.</param>
    public static bool TryScalarMult(Span<byte> q, ReadOnlySpan<byte> n, ReadOnlySpan<byte> own, ReadOnlySpan<byte> p, CryptoBackend backend)
    {
        InsistOnLengths(q, n, own, p);
        var computed = UsesLibCrypto(backend) ? LibCryptoX25519.TryScalarMult(q, n, own, p) : Sodium.TryScalarMult(q, n, p);

        // RFC 8422 §5.11: "With X25519 and X448, a receiving party MUST check whether the computed premaster secret is the all-zero value and abort the
        // handshake if so". Both libraries look; this look does not depend on that.
        return computed && !IsAllZero(q);
    }

    private static bool UsesLibCrypto(CryptoBackend backend) => backend == CryptoBackend.LibCrypto && LibCryptoX25519.IsAvailable;

    private static void InsistOnLengths(ReadOnlySpan<byte> q, ReadOnlySpan<byte> n, ReadOnlySpan<byte> own, ReadOnlySpan<byte> p)
    {
        // The native side reads and writes 32 bytes whatever it is given.
        ArgumentOutOfRangeException.ThrowIfNotEqual(q.Length, Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(n.Length, Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(own.Length, Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(p.Length, Length);
    }

    private static bool IsAllZero(ReadOnlySpan<byte> value)
    {
        Span<byte> zero = stackalloc byte[Length];
        zero.Clear();
        return CryptographicOperations.FixedTimeEquals(value, zero);
    }
}
