using Kippu.Alerts;
using Kippu.Wire;

namespace Kippu.Records;

/// <summary>
/// Seals and opens single records under one key, for one direction. The sequence number is the caller's (<see cref="ReadHalf"/>,
/// <see cref="WriteHalf"/>); here is only what the bytes look like.
/// </summary>
/// <remarks>One user at a time. Nothing is allocated per record.</remarks>
internal abstract class RecordProtection : IDisposable
{
    /// <summary>False for records in the clear.</summary>
    public abstract bool IsProtected { get; }

    /// <summary>What protection adds to a fragment, without the header of five bytes.</summary>
    public abstract int Overhead { get; }

    /// <summary>
    /// What of <see cref="Overhead"/> counts against record_size_limit. RFC 8449 §4: "The value includes the content type and padding added in TLS 1.3".
    /// </summary>
    public virtual int InnerOverhead => 0;

    /// <summary>How many records may be sealed under one key before it should be updated (RFC 8446 §5.5); TLS 1.2 has no update.</summary>
    public virtual ulong RecordsBeforeUpdate => ulong.MaxValue;

    /// <summary>Writes header and protected fragment; returns their length.</summary>
    /// <param name="sequence">The number of this record under this key, from zero.</param>
    /// <param name="type">What the record holds.</param>
    /// <param name="plaintext">At most 2^14 bytes; may not overlap the destination.</param>
    /// <param name="destination">Room for header, plaintext and <see cref="Overhead"/>.</param>
    /// <exception cref="ArgumentException">The plaintext is too long or the destination too short.</exception>
    public abstract int Seal(ulong sequence, ContentType type, ReadOnlySpan<byte> plaintext, Span<byte> destination);

    /// <summary>Opens a fragment; returns the length of the plaintext.</summary>
    /// <param name="sequence">The number of this record under this key, from zero.</param>
    /// <param name="header">As it was parsed.</param>
    /// <param name="fragment">The bytes after the header, all of them and no more.</param>
    /// <param name="destination">Room for <see cref="PlaintextLength"/> bytes; no overlap with the fragment.</param>
    /// <param name="type">What the record really holds.</param>
    /// <exception cref="TlsFaultException"><see cref="TlsFault.BadRecordMac"/> or <see cref="TlsFault.RecordOverflow"/>.</exception>
    public abstract int Open(ulong sequence, in RecordHeader header, ReadOnlySpan<byte> fragment, Span<byte> destination, out ContentType type);

    /// <summary>
    /// Opens a fragment that may be under another key: false if it is not authentic under this one. Only TLS 1.3 asks (RFC 8446 §4.2.10, early data that were
    /// not accepted).
    /// </summary>
    /// <exception cref="TlsFaultException">Something else is wrong with it.</exception>
    public virtual bool TryOpen(
        ulong sequence, in RecordHeader header, ReadOnlySpan<byte> fragment, Span<byte> destination, out ContentType type, out int length)
    {
        length = Open(sequence, header, fragment, destination, out type);
        return true;
    }

    /// <summary>How many bytes of plaintext a fragment of this length can hold at most; known before it is opened, and exact in TLS 1.2.</summary>
    public int PlaintextLength(int fragmentLength) => Math.Max(0, fragmentLength - Overhead);

    public abstract void Dispose();

    private protected void InsistOnRoom(int plaintextLength, int destinationLength)
    {
        if (plaintextLength > RecordLimits.MaxPlaintext)
        {
            throw new ArgumentException($"a record holds at most {RecordLimits.MaxPlaintext} bytes, not {plaintextLength}");
        }

        if (destinationLength < RecordLimits.HeaderLength + Overhead + plaintextLength)
        {
            throw new ArgumentException($"a record of {plaintextLength} bytes does not fit {destinationLength} bytes");
        }
    }
}
