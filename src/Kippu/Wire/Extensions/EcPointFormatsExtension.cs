namespace Kippu.Wire.Extensions;

/// <summary>
/// ec_point_formats (RFC 8422 §5.1.2, §5.2), the same in both hellos.
/// <code>
/// enum { uncompressed (0), deprecated (1..2), reserved (248..255) } ECPointFormat;
/// struct { ECPointFormat ec_point_format_list&lt;1..2^8-1&gt; } ECPointFormatList;
/// </code>
/// </summary>
internal static class EcPointFormatsExtension
{
    public const byte Uncompressed = 0;

    public static ReadOnlyMemory<byte> Read(ReadOnlyMemory<byte> data)
    {
        var reader = new MemoryReader(data);
        var formats = reader.ReadVector8("ec_point_format_list", min: 1);
        reader.ExpectEnd("ec_point_formats");
        return formats;
    }

    public static void Write(TlsWriter writer, ReadOnlyMemory<byte> formats)
    {
        using (ExtensionFraming.Open(writer, ExtensionType.EcPointFormats))
        {
            writer.WriteVector8(formats.Span);
        }
    }
}
