using System.Security.Cryptography;
using Kippu.Crypto;

namespace Kippu.KeySchedule;

/// <summary>exporter_master_secret, or early_exporter_master_secret (RFC 8446 §7.5).</summary>
internal sealed class ExporterSecret : KeyScheduleSecret
{
    /// <summary>With "tls13 " before it a label has at most 255 bytes.</summary>
    public const int MaxLabelLength = 249;

    internal ExporterSecret(HashAlgorithmName hash, SecretBytes secret)
        : base(hash, secret)
    {
    }

    /// <summary>
    /// TLS-Exporter(label, context_value, key_length) =
    /// HKDF-Expand-Label(Derive-Secret(Secret, label, ""), "exporter", Hash(context_value), key_length). "If no context is provided, the context_value is zero length": unlike in TLS 1.2, that is the same as an empty context.
    /// </summary>
    /// <exception cref="ArgumentException">The label is longer than <see cref="MaxLabelLength"/>, or the destination than 255 hashes.</exception>
    public void Export(ReadOnlySpan<byte> label, ReadOnlySpan<byte> context, Span<byte> destination)
    {
        if (label.Length > MaxLabelLength)
        {
            throw new ArgumentException($"a label has at most {MaxLabelLength} bytes in TLS 1.3, not {label.Length}", nameof(label));
        }

        // RFC 5869 §2.3: L <= 255*HashLen.
        if (destination.Length > byte.MaxValue * HashLength)
        {
            throw new ArgumentException($"an exporter gives at most {byte.MaxValue * HashLength} bytes here, not {destination.Length}", nameof(destination));
        }

        Span<byte> contextHash = stackalloc byte[MaxHashLength];
        contextHash = contextHash[..CryptographicOperations.HashData(Hash, context, contextHash)];
        using var derived = DeriveSecret(label, EmptyHash.Of(Hash));
        ReleaseHmac();
        Hkdf.ExpandLabel(Hash, derived.Span, "exporter"u8, contextHash, destination);
    }
}
