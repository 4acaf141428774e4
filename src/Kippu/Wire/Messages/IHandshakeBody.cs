using Kippu.Alerts;

namespace Kippu.Wire.Messages;

/// <summary>A handshake message: parsed from and written to its body, the part behind the four bytes of <see cref="HandshakeMessage"/>'s header.</summary>
/// <typeparam name="TSelf">The message.</typeparam>
internal interface IHandshakeBody<TSelf>
    where TSelf : IHandshakeBody<TSelf>
{
    static abstract HandshakeType Type { get; }

    /// <summary>Reads the whole body. The message keeps slices of it.</summary>
    /// <exception cref="TlsFaultException">The body does not have this message's form, or a field has a value that is forbidden in it.</exception>
    static abstract TSelf Parse(ReadOnlyMemory<byte> body);

    /// <summary>Writes the body only; <see cref="HandshakeFraming"/> puts the header before it.</summary>
    void Write(TlsWriter writer);
}
