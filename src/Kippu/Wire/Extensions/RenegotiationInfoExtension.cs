namespace Kippu.Wire.Extensions;

/// <summary>
/// renegotiation_info (RFC 5746 §3.2), the same in both hellos. In the first handshake of a connection it is empty, and what else it may be is for the
/// handshake to judge.
/// <code>
/// struct { opaque renegotiated_connection&lt;0..255&gt;; } RenegotiationInfo;
/// </code>
/// </summary>
internal static class RenegotiationInfoExtension
{
    public static ReadOnlyMemory<byte> Read(ReadOnlyMemory<byte> data)
    {
        var reader = new MemoryReader(data);
        var connection = reader.ReadVector8("renegotiated_connection");
        reader.ExpectEnd("renegotiation_info");
        return connection;
    }

    public static void Write(TlsWriter writer, ReadOnlyMemory<byte> renegotiatedConnection)
    {
        using (ExtensionFraming.Open(writer, ExtensionType.RenegotiationInfo))
        {
            writer.WriteVector8(renegotiatedConnection.Span);
        }
    }
}
