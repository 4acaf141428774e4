namespace Kippu.Wire;

/// <summary>
/// One whole handshake message as it stands on the wire (RFC 5246 §7.4): what the transcript takes is <see cref="Raw"/>, what a parser takes is <see cref="Body"/>.
/// <code>
/// struct {
///     HandshakeType msg_type;
///     uint24 length;
///     select (HandshakeType) { ... } body;
/// } Handshake;
/// </code>
/// </summary>
/// <param name="type">The type, which is also the first byte of <paramref name="raw"/>.</param>
/// <param name="raw">Header and body, contiguous.</param>
internal readonly struct HandshakeMessage(HandshakeType type, ReadOnlyMemory<byte> raw)
{
    public const int HeaderLength = 4;

    public HandshakeType Type { get; } = type;

    public ReadOnlyMemory<byte> Raw { get; } = raw;

    public ReadOnlyMemory<byte> Body => Raw[HeaderLength..];
}
