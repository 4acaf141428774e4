using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Kippu.Crypto;

/// <summary>HKDF (RFC 5869), and the labelled form of TLS 1.3 (RFC 8446 §7.1).</summary>
internal static class Hkdf
{
    private static ReadOnlySpan<byte> LabelPrefix => "tls13 "u8;

    /// <summary>RFC 5869 §2.2. <paramref name="destination"/> is as long as the hash; an empty salt is a string of zeros.</summary>
    public static void Extract(HashAlgorithmName hash, ReadOnlySpan<byte> keyMaterial, ReadOnlySpan<byte> salt, Span<byte> destination) =>
        HKDF.Extract(hash, keyMaterial, salt, destination);

    /// <summary>RFC 5869 §2.3, filling <paramref name="destination"/>.</summary>
    public static void Expand(HashAlgorithmName hash, ReadOnlySpan<byte> pseudorandomKey, ReadOnlySpan<byte> info, Span<byte> destination) =>
        HKDF.Expand(hash, pseudorandomKey, destination, info);

    /// <summary>HKDF-Expand-Label of RFC 8446 §7.1; <paramref name="label"/> is given without its prefix "tls13 ".</summary>
    public static void ExpandLabel(
        HashAlgorithmName hash, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> label, ReadOnlySpan<byte> context, Span<byte> destination)
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
        Expand(hash, secret, info[..(4 + labelLength + context.Length)], destination);
    }
}
