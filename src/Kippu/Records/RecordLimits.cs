namespace Kippu.Records;

/// <summary>Lengths of the record layer in bytes (RFC 5246 §6.2).</summary>
internal static class RecordLimits
{
    public const int HeaderLength = 5;

    /// <summary>RFC 5246 §6.2.1: "The length MUST NOT exceed 2^14."</summary>
    public const int MaxPlaintext = 1 << 14;

    /// <summary>RFC 5246 §6.2.3: "The length MUST NOT exceed 2^14 + 2048." Input buffers are made for this, not for what our own suites add.</summary>
    public const int MaxCiphertext12 = (1 << 14) + 2048;

    /// <summary>RFC 8446 §5.2: "The length MUST NOT exceed 2^14 + 256 bytes."</summary>
    public const int MaxCiphertext13 = (1 << 14) + 256;

    /// <summary>What protection adds to a fragment at most: an explicit nonce of 8 bytes and a tag of 16 (RFC 5288 §3); in TLS 1.3 type and tag, 17.</summary>
    public const int MaxOverhead = 24;

    /// <summary>RFC 8449 §4: a record_size_limit below 64 is not allowed.</summary>
    public const int MinSizeLimit = 64;
}
