namespace Kippu.Wire.Extensions;

/// <summary>
/// pre_shared_key (RFC 8446 §4.2.11): what the client offers, the last extension of its hello; which of it the server takes.
/// <code>
/// struct {
///     select (Handshake.msg_type) {
///         case client_hello: OfferedPsks;
///         case server_hello: uint16 selected_identity;
///     };
/// } PreSharedKeyExtension;
/// </code>
/// </summary>
internal static class PreSharedKeyExtension
{
    public static OfferedPsks Read(ReadOnlyMemory<byte> data)
    {
        var reader = new MemoryReader(data);
        var identities = reader.ReadVector16("identities", min: 7);
        var binders = reader.ReadVector16("binders", min: 33);
        reader.ExpectEnd("pre_shared_key");
        return OfferedPsks.Parse(identities, binders);
    }

    public static void Write(TlsWriter writer, OfferedPsks psks)
    {
        using (ExtensionFraming.Open(writer, ExtensionType.PreSharedKey))
        {
            writer.WriteVector16(psks.RawIdentities);
            writer.WriteVector16(psks.RawBinders);
        }
    }

    public static ushort ReadSelected(ReadOnlyMemory<byte> data)
    {
        var reader = new TlsReader(data.Span);
        var index = reader.ReadUInt16("selected_identity");
        reader.ExpectEnd("pre_shared_key");
        return index;
    }

    public static void WriteSelected(TlsWriter writer, ushort index)
    {
        using (ExtensionFraming.Open(writer, ExtensionType.PreSharedKey))
        {
            writer.WriteUInt16(index);
        }
    }
}
