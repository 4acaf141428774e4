using Kippu.Wire;

namespace Kippu.Tests.Wire;

/// <summary>Bytes that are one handshake message from end to end. The library has messages from its assembler only.</summary>
internal static class WholeMessage
{
    /// <exception cref="Alerts.TlsFaultException">The length in the header is not that of the body.</exception>
    public static HandshakeMessage Parse(ReadOnlyMemory<byte> raw)
    {
        var reader = new TlsReader(raw.Span);
        var type = (HandshakeType)reader.ReadUInt8("msg_type");
        reader.ReadVector24("body");
        reader.ExpectEnd("Handshake");
        return new HandshakeMessage(type, raw);
    }
}
