namespace Kippu.Wire.Extensions;

/// <summary>
/// early_data (RFC 8446 §4.2.10): the client sends some; the server takes it; a ticket allows so much of it.
/// <code>
/// struct {} Empty;
/// struct {
///     select (Handshake.msg_type) {
///         case new_session_ticket:   uint32 max_early_data_size;
///         case client_hello:         Empty;
///         case encrypted_extensions: Empty;
///     };
/// } EarlyDataIndication;
/// </code>
/// </summary>
internal static class EarlyDataExtension
{
    public static bool Read(ReadOnlyMemory<byte> data) => ExtensionFraming.ReadEmpty(data, "early_data");

    public static void Write(TlsWriter writer) => ExtensionFraming.WriteEmpty(writer, ExtensionType.EarlyData);

    public static uint ReadMaxSize(ReadOnlyMemory<byte> data)
    {
        var reader = new TlsReader(data.Span);
        var size = reader.ReadUInt32("max_early_data_size");
        reader.ExpectEnd("early_data");
        return size;
    }

    public static void WriteMaxSize(TlsWriter writer, uint size)
    {
        using (ExtensionFraming.Open(writer, ExtensionType.EarlyData))
        {
            writer.WriteUInt32(size);
        }
    }
}
