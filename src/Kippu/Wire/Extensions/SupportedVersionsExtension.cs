namespace Kippu.Wire.Extensions;

/// <summary>
/// supported_versions (RFC 8446 §4.2.1).
/// <code>
/// struct {
///     select (Handshake.msg_type) {
///         case client_hello: ProtocolVersion versions&lt;2..254&gt;;
///         case server_hello: ProtocolVersion selected_version;
///     };
/// } SupportedVersions;
/// </code>
/// </summary>
internal static class SupportedVersionsExtension
{
    public static UInt16List Read(ReadOnlyMemory<byte> data)
    {
        var reader = new MemoryReader(data);
        var versions = UInt16List.Parse(reader.ReadVector8("versions", min: 2, max: 254), "versions");
        reader.ExpectEnd("supported_versions");
        return versions;
    }

    public static void Write(TlsWriter writer, UInt16List versions)
    {
        using (ExtensionFraming.Open(writer, ExtensionType.SupportedVersions))
        {
            writer.WriteVector8(versions.Raw);
        }
    }

    public static ushort ReadSelected(ReadOnlyMemory<byte> data)
    {
        var reader = new TlsReader(data.Span);
        var version = reader.ReadUInt16("selected_version");
        reader.ExpectEnd("supported_versions");
        return version;
    }

    public static void WriteSelected(TlsWriter writer, ushort version)
    {
        using (ExtensionFraming.Open(writer, ExtensionType.SupportedVersions))
        {
            writer.WriteUInt16(version);
        }
    }
}
