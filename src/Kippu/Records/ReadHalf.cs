using Kippu.Alerts;
using Kippu.Wire;

namespace Kippu.Records;

/// <summary>The receiving direction of a connection: its protection, its sequence number, its limit.</summary>
/// <remarks>One reader at a time; it shares nothing with the <see cref="WriteHalf"/>.</remarks>
internal sealed class ReadHalf : IDisposable
{
    private RecordProtection _protection = new ClearProtection();
    private ulong _sequence;
    private int _sizeLimit = RecordLimits.MaxPlaintext + 1;

    /// <summary>Whether records are protected at this moment.</summary>
    public bool IsProtected => _protection.IsProtected;

    /// <summary>Whether the content type is under the protection too (TLS 1.3).</summary>
    public bool HidesType => _protection.InnerOverhead > 0;

    /// <summary>Whether a record has been opened under the present keys.</summary>
    public bool HasOpened => _sequence > 0;

    /// <summary>
    /// The most bytes of plaintext that a record may hold: 2^14, or what the record_size_limit that we announced leaves. Set it to that limit as it was
    /// announced. RFC 8449 §4: "Unprotected messages are not subject to this limit", so it counts once records are protected, whenever it is set; and in
    /// TLS 1.3 a byte of it goes to the type.
    /// </summary>
    public int MaxPlaintext
    {
        get => IsProtected ? Math.Min(_sizeLimit - _protection.InnerOverhead, RecordLimits.MaxPlaintext) : RecordLimits.MaxPlaintext;
        set => _sizeLimit = Math.Clamp(value, RecordLimits.MinSizeLimit, RecordLimits.MaxPlaintext + 1);
    }

    /// <summary>Changes the protection, which this half owns from here on; the old one is disposed. The sequence number starts anew.</summary>
    /// <param name="protection">The new protection.</param>
    /// <param name="firstSequence">Zero (RFC 5246 §6.1), except in a test of what happens at the end.</param>
    public void Rekey(RecordProtection protection, ulong firstSequence = 0)
    {
        _protection.Dispose();
        _protection = protection;
        _sequence = firstSequence;
    }

    /// <summary>How many bytes of plaintext a fragment of this length can hold at most.</summary>
    public int PlaintextLength(int fragmentLength) => _protection.PlaintextLength(fragmentLength);

    /// <summary>Insists that a fragment of this length is within the limit.</summary>
    /// <exception cref="TlsFaultException"><see cref="TlsFault.RecordOverflow"/>.</exception>
    public void CheckLength(int fragmentLength)
    {
        // RFC 8449 §4: "A TLS endpoint that receives a record larger than its advertised limit MUST generate a fatal "record_overflow" alert".
        var length = _protection.PlaintextLength(fragmentLength);
        if (length > MaxPlaintext)
        {
            throw new TlsFaultException(TlsFault.RecordOverflow, $"record: {length} bytes of plaintext exceed the limit of {MaxPlaintext}");
        }
    }

    /// <summary>Opens the next record; returns the length of the plaintext.</summary>
    /// <exception cref="TlsFaultException">
    /// <see cref="TlsFault.BadRecordMac"/>, <see cref="TlsFault.RecordOverflow"/> or <see cref="TlsFault.KeyExhausted"/>.
    /// </exception>
    public int Open(in RecordHeader header, ReadOnlySpan<byte> fragment, Span<byte> destination, out ContentType type)
    {
        CheckLength(fragment.Length);
        CheckSequence();
        var opened = _protection.Open(_sequence, header, fragment, destination, out type);
        _sequence++;
        return opened;
    }

    /// <summary>
    /// Opens the next record, if it is one under this key. False if not. RFC 8446 §4.2.10, of a server that does not take early data: it "skips past early
    /// data by attempting to deprotect received records using the handshake traffic key, discarding records which fail deprotection".
    /// </summary>
    /// <exception cref="TlsFaultException">
    /// <see cref="TlsFault.RecordOverflow"/>, <see cref="TlsFault.UnexpectedRecord"/> or <see cref="TlsFault.KeyExhausted"/>.
    /// </exception>
    public bool TryOpen(in RecordHeader header, ReadOnlySpan<byte> fragment, Span<byte> destination, out ContentType type, out int length)
    {
        CheckSequence();
        if (!_protection.TryOpen(_sequence, header, fragment, destination, out type, out length))
        {
            return false;
        }

        // Afterwards: RFC 8449 §4: "Records are subject to the limits that were set in the handshake that produces the keys that are used to protect those
        // records", so what is under another key is not under our limit.
        CheckLength(fragment.Length);
        _sequence++;
        return true;
    }

    public void Dispose() => _protection.Dispose();

    private void CheckSequence()
    {
        // RFC 5246 §6.1: "Sequence numbers do not wrap."
        if (_sequence == ulong.MaxValue)
        {
            throw new TlsFaultException(TlsFault.KeyExhausted, "record: the sequence number of the reading half has come to its end");
        }
    }
}
