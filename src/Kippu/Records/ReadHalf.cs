using Kippu.Alerts;
using Kippu.Wire;

namespace Kippu.Records;

/// <summary>The receiving direction of a connection: its protection, its sequence number, its limit.</summary>
/// <remarks>One reader at a time; it shares nothing with the <see cref="WriteHalf"/>.</remarks>
internal sealed class ReadHalf : IDisposable
{
    private RecordProtection _protection = new ClearProtection();
    private ulong _sequence;
    private int _maxPlaintext = RecordLimits.MaxPlaintext;

    /// <summary>Whether records are protected at this moment.</summary>
    public bool IsProtected => _protection.IsProtected;

    /// <summary>What protection adds to a fragment at this moment.</summary>
    public int Overhead => _protection.Overhead;

    /// <summary>
    /// The most bytes of plaintext that a record may hold: 2^14, or the record_size_limit that we announced. RFC 8449 §4: "Unprotected messages are not
    /// subject to this limit", so it counts once records are protected, whenever it is set.
    /// </summary>
    public int MaxPlaintext
    {
        get => IsProtected ? _maxPlaintext : RecordLimits.MaxPlaintext;
        set => _maxPlaintext = Math.Clamp(value, RecordLimits.MinSizeLimit, RecordLimits.MaxPlaintext);
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
    /// <exception cref="TlsFaultException"><see cref="PeerFault.RecordOverflow"/>.</exception>
    public void CheckLength(int fragmentLength)
    {
        // RFC 8449 §4: "A TLS endpoint that receives a record larger than its advertised limit MUST generate a fatal "record_overflow" alert".
        var length = _protection.PlaintextLength(fragmentLength);
        if (length > MaxPlaintext)
        {
            throw new TlsFaultException(PeerFault.RecordOverflow, $"record: {length} bytes of plaintext exceed the limit of {MaxPlaintext}");
        }
    }

    /// <summary>Opens the next record; returns the length of the plaintext.</summary>
    /// <exception cref="TlsFaultException">
    /// <see cref="PeerFault.BadRecordMac"/>, <see cref="PeerFault.RecordOverflow"/> or <see cref="PeerFault.KeyExhausted"/>.
    /// </exception>
    public int Open(in RecordHeader header, ReadOnlySpan<byte> fragment, Span<byte> destination, out ContentType type)
    {
        CheckLength(fragment.Length);

        // RFC 5246 §6.1: "Sequence numbers do not wrap."
        if (_sequence == ulong.MaxValue)
        {
            throw new TlsFaultException(PeerFault.KeyExhausted, "record: the sequence number of the reading half has come to its end");
        }

        var opened = _protection.Open(_sequence, header, fragment, destination, out type);
        _sequence++;
        return opened;
    }

    public void Dispose() => _protection.Dispose();
}
