using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Kippu.Crypto;

/// <summary>HKDF (RFC 5869), and the labelled form of TLS 1.3 (RFC 8446 §7.1).</summary>
/// <remarks>Where several outputs come from one secret, keep its <see cref="HmacKey"/>: setting it up costs more than an output.</remarks>
internal static class Hkdf
{
    private const int MaxHashLength = 64;

    private static ReadOnlySpan<byte> LabelPrefix => "tls13 "u8;

    /// <summary>RFC 5869 §2.2: PRK = HMAC-Hash(salt, IKM). <paramref name="destination"/> is as long as the hash; an empty salt is a string of zeros.</summary>
    public static void Extract(HashAlgorithmName hash, ReadOnlySpan<byte> keyMaterial, ReadOnlySpan<byte> salt, Span<byte> destination)
    {
        using var hmac = new HmacKey(hash, salt);
        hmac.Compute(keyMaterial, destination);
    }

    /// <summary>RFC 5869 §2.3, filling <paramref name="destination"/>.</summary>
    public static void Expand(HashAlgorithmName hash, ReadOnlySpan<byte> pseudorandomKey, ReadOnlySpan<byte> info, Span<byte> destination)
    {
        using var hmac = new HmacKey(hash, pseudorandomKey);
        Expand(hmac, info, destination);
    }

    /// <summary>RFC 5869 §2.3: T(i) = HMAC-Hash(PRK, T(i-1) | info | i), as many as it takes to fill <paramref name="destination"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">"length of output keying material in octets (&lt;= 255*HashLen)".</exception>
    public static void Expand(HmacKey pseudorandomKey, ReadOnlySpan<byte> info, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(destination.Length, byte.MaxValue * pseudorandomKey.Length, nameof(destination));
        Span<byte> block = stackalloc byte[MaxHashLength];
        block = block[..pseudorandomKey.Length];
        Span<byte> counter = [0];
        var previous = 0;
        while (!destination.IsEmpty)
        {
            counter[0]++;
            pseudorandomKey.Compute(block[..previous], info, counter, block);
            previous = block.Length;
            var length = Math.Min(block.Length, destination.Length);
            block[..length].CopyTo(destination);
            destination = destination[length..];
        }

        CryptographicOperations.ZeroMemory(block);
    }

    /// <summary>HKDF-Expand-Label of RFC 8446 §7.1; <paramref name="label"/> is given without its prefix "tls13 ".</summary>
    public static void ExpandLabel(
        HashAlgorithmName hash, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> label, ReadOnlySpan<byte> context, Span<byte> destination)
    {
        using var hmac = new HmacKey(hash, secret);
        ExpandLabel(hmac, label, context, destination);
    }

    /// <summary>HKDF-Expand-Label of RFC 8446 §7.1; <paramref name="label"/> is given without its prefix "tls13 ".</summary>
    public static void ExpandLabel(HmacKey secret, ReadOnlySpan<byte> label, ReadOnlySpan<byte> context, Span<byte> destination)
    {
        var labelLength = LabelPrefix.Length + label.Length;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(labelLength, byte.MaxValue, nameof(label));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(context.Length, byte.MaxValue, nameof(context));

        // struct { uint16 length; opaque label<7..255>; opaque context<0..255>; } HkdfLabel;
        Span<byte> info = stackalloc byte[2 + 1 + byte.MaxValue + 1 + byte.MaxValue];
        BinaryPrimitives.WriteUInt16BigEndian(info, checked((ushort)destination.Length));
        info[2] = (byte)labelLength;
        LabelPrefix.CopyTo(info[3..]);
        label.CopyTo(info[(3 + LabelPrefix.Length)..]);
        info[3 + labelLength] = (byte)context.Length;
        context.CopyTo(info[(4 + labelLength)..]);
        Expand(secret, info[..(4 + labelLength + context.Length)], destination);
    }
}
