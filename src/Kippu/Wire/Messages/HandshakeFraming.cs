namespace Kippu.Wire.Messages;

/// <summary>Puts the header of <see cref="HandshakeMessage"/> before a body.</summary>
internal static class HandshakeFraming
{
    /// <summary>Appends the whole message to <paramref name="buffer"/>.</summary>
    public static void Write<T>(WireBuffer buffer, T message)
        where T : IHandshakeBody<T>
    {
        using (Open(buffer, T.Type))
        {
            message.Write(new TlsWriter(buffer));
        }
    }

    /// <summary>Appends the header, for a body that the caller writes to <paramref name="buffer"/> itself; the length is filled in when the scope ends.</summary>
    public static TlsWriter.VectorScope Open(WireBuffer buffer, HandshakeType type)
    {
        var writer = new TlsWriter(buffer);
        writer.WriteUInt8((byte)type);
        return writer.Vector24();
    }
}
