using Kippu.Alerts;
using Kippu.Wire;

namespace Kippu.Records;

/// <summary>The sending direction of a connection: its protection, its sequence number, its limit.</summary>
/// <remarks>One writer at a time; it shares nothing with the <see cref="ReadHalf"/>.</remarks>
internal sealed class WriteHalf : IDisposable
{
    private RecordProtection _protection = new ClearProtection();
    private ulong _sequence;
    private int _sizeLimit = RecordLimits.MaxPlaintext + 1;

    /// <summary>Whether records are protected at this moment.</summary>
    public bool IsProtected => _protection.IsProtected;

    /// <summary>What protection adds to a fragment at this moment, without the header.</summary>
    public int Overhead => _protection.Overhead;

    /// <summary>
    /// The most bytes of plaintext in one record: 2^14, or what the record_size_limit that the peer announced leaves. Set it to that limit as it was announced,
    /// whenever it is known; it counts once records are protected (RFC 8449 §4), and in TLS 1.3 a byte of it goes to the type.
    /// </summary>
    public int MaxFragment
    {
        get => IsProtected ? Math.Min(_sizeLimit - _protection.InnerOverhead, RecordLimits.MaxPlaintext) : RecordLimits.MaxPlaintext;
        set => _sizeLimit = Math.Clamp(value, RecordLimits.MinSizeLimit, RecordLimits.MaxPlaintext + 1);
    }

    /// <summary>
    /// Whether so many records were sealed under this key that it should be updated. RFC 8446 §5.5: "Implementations SHOULD do a key update as described in
    /// Section 4.6.3 prior to reaching these limits."
    /// </summary>
    public bool IsKeyUpdateDue => _sequence >= _protection.RecordsBeforeUpdate;

    /// <summary>Changes the protection, which this half owns from here on; the old one is disposed. The sequence number starts anew.</summary>
    /// <param name="protection">The new protection.</param>
    /// <param name="firstSequence">Zero (RFC 5246 §6.1), except in a test of what happens at the end.</param>
    public void Rekey(RecordProtection protection, ulong firstSequence = 0)
    {
        _protection.Dispose();
        _protection = protection;
        _sequence = firstSequence;
    }

    /// <summary>Seals one record; returns its length on the wire.</summary>
    /// <exception cref="ArgumentException">The plaintext is longer than <see cref="MaxFragment"/>, or the destination is too short.</exception>
    /// <exception cref="TlsFaultException"><see cref="TlsFault.KeyExhausted"/>.</exception>
    public int Seal(ContentType type, ReadOnlySpan<byte> plaintext, Span<byte> destination)
    {
        if (plaintext.Length > MaxFragment)
        {
            throw new ArgumentException($"a record holds at most {MaxFragment} bytes here, not {plaintext.Length}", nameof(plaintext));
        }

        // RFC 5246 §6.1: "Sequence numbers do not wrap." A number used twice would be a nonce used twice.
        if (_sequence == ulong.MaxValue)
        {
            throw new TlsFaultException(TlsFault.KeyExhausted, "record: the sequence number of the writing half has come to its end");
        }

        return _protection.Seal(_sequence++, type, plaintext, destination);
    }

    public void Dispose() => _protection.Dispose();
}
