using System.Buffers.Binary;
using Kippu.Alerts;
using Kippu.Wire;

namespace Kippu.Records;

/// <summary>The five bytes before each fragment (RFC 5246 §6.2.1): <c>ContentType type; ProtocolVersion version; uint16 length;</c></summary>
internal readonly struct RecordHeader(ContentType type, ushort version, int length)
{
    private const int Major = 3;

    public ContentType Type { get; } = type;

    public ushort Version { get; } = version;

    /// <summary>The bytes of the fragment that follows.</summary>
    public int Length { get; } = length;

    /// <summary>False if there are fewer than five bytes.</summary>
    /// <exception cref="TlsFaultException">
    /// <see cref="TlsFault.NotTls"/>, <see cref="TlsFault.UnexpectedRecord"/>, <see cref="TlsFault.RecordVersion"/> or
    /// <see cref="TlsFault.RecordOverflow"/>.
    /// </exception>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out RecordHeader header)
    {
        header = default;
        if (bytes.Length < RecordLimits.HeaderLength)
        {
            return false;
        }

        var type = bytes[0];
        if (type is < (byte)ContentType.ChangeCipherSpec or > (byte)ContentType.ApplicationData)
        {
            throw ForeignProtocol.Recognize(bytes) is { } name
                ? new TlsFaultException(TlsFault.NotTls, $"record: these bytes are {name}, not TLS; is the peer meant to speak TLS on this port?")
                : new TlsFaultException(TlsFault.UnexpectedRecord, $"record: unknown content type {type}");
        }

        // RFC 8446 §5.1 has the version ignored "for all purposes"; but a first byte other than 3 was never sent by any TLS, and is the best sign of something else.
        if (bytes[1] != Major)
        {
            throw new TlsFaultException(TlsFault.RecordVersion, $"record: version {bytes[1]}.{bytes[2]} instead of 3.x");
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]);
        if (length > RecordLimits.MaxCiphertext12)
        {
            throw new TlsFaultException(TlsFault.RecordOverflow, $"record: length {length} exceeds {RecordLimits.MaxCiphertext12}");
        }

        header = new RecordHeader((ContentType)type, BinaryPrimitives.ReadUInt16BigEndian(bytes[1..]), length);
        return true;
    }

    public void Write(Span<byte> destination)
    {
        destination[0] = (byte)Type;
        BinaryPrimitives.WriteUInt16BigEndian(destination[1..], Version);
        BinaryPrimitives.WriteUInt16BigEndian(destination[3..], checked((ushort)Length));
    }
}
