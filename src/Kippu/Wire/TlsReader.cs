using System.Buffers.Binary;
using Kippu.Alerts;

namespace Kippu.Wire;

/// <summary>
/// Reads the presentation language of RFC 5246 §4 from one span. It cannot overrun: every length is checked here and nowhere else, and a
/// failure of syntax is a <see cref="TlsFault.MalformedMessage"/> that names the field. Who opens a reader ends it with <see cref="ExpectEnd"/>.
/// </summary>
internal ref struct TlsReader(ReadOnlySpan<byte> data)
{
    private ReadOnlySpan<byte> _rest = data;

    public readonly int Remaining => _rest.Length;

    public readonly bool IsEmpty => _rest.IsEmpty;

    public byte ReadUInt8(string field) => Take(1, field)[0];

    public ushort ReadUInt16(string field) => BinaryPrimitives.ReadUInt16BigEndian(Take(2, field));

    public int ReadUInt24(string field)
    {
        var b = Take(3, field);
        return (b[0] << 16) | (b[1] << 8) | b[2];
    }

    public uint ReadUInt32(string field) => BinaryPrimitives.ReadUInt32BigEndian(Take(4, field));

    public ReadOnlySpan<byte> ReadBytes(int count, string field) => Take(count, field);

    /// <summary>A vector with a one-byte length, <c>opaque field&lt;min..max&gt;</c>.</summary>
    public ReadOnlySpan<byte> ReadVector8(string field, int min = 0, int max = byte.MaxValue) => Vector(ReadUInt8(field), field, min, max);

    /// <summary>A vector with a two-byte length.</summary>
    public ReadOnlySpan<byte> ReadVector16(string field, int min = 0, int max = ushort.MaxValue) => Vector(ReadUInt16(field), field, min, max);

    /// <summary>A vector with a three-byte length.</summary>
    public ReadOnlySpan<byte> ReadVector24(string field, int min = 0, int max = 0xFFFFFF) => Vector(ReadUInt24(field), field, min, max);

    /// <summary>Insists that nothing is left: trailing bytes are a syntax error.</summary>
    public readonly void ExpectEnd(string structure)
    {
        if (!_rest.IsEmpty)
        {
            throw new TlsFaultException(TlsFault.MalformedMessage, $"{structure}: {_rest.Length} bytes too many");
        }
    }

    private ReadOnlySpan<byte> Vector(int length, string field, int min, int max)
    {
        if (length < min || length > max)
        {
            throw new TlsFaultException(TlsFault.MalformedMessage, $"{field}: length {length} is not within {min}..{max}");
        }

        return Take(length, field);
    }

    private ReadOnlySpan<byte> Take(int count, string field)
    {
        if (count > _rest.Length)
        {
            throw new TlsFaultException(TlsFault.MalformedMessage, $"{field}: {count} bytes expected, {_rest.Length} left");
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
