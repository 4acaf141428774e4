using Kippu.Alerts;

namespace Kippu.Wire.Extensions;

/// <summary>
/// record_size_limit (RFC 8449 §4), the same in both hellos: the largest plaintext of a protected record that the sender wants to receive.
/// <code>
/// uint16 RecordSizeLimit;
/// </code>
/// </summary>
internal static class RecordSizeLimitExtension
{
    public const ushort Minimum = 64;

    public static ushort Read(ReadOnlyMemory<byte> data)
    {
        var reader = new TlsReader(data.Span);
        var limit = reader.ReadUInt16("RecordSizeLimit");
        reader.ExpectEnd("record_size_limit");

        // RFC 8449 §4: "An endpoint MUST treat receipt of a smaller value as a fatal error and generate an "illegal_parameter" alert."
        // Of larger values: "A server MUST NOT enforce this restriction".
        if (limit < Minimum)
        {
            throw new TlsFaultException(TlsFault.IllegalParameter, $"RecordSizeLimit: {limit} is below {Minimum}");
        }

        return limit;
    }

    public static void Write(TlsWriter writer, ushort limit)
    {
        using (ExtensionFraming.Open(writer, ExtensionType.RecordSizeLimit))
        {
            writer.WriteUInt16(limit);
        }
    }
}
