namespace Kippu.Wire;

/// <summary>
/// A group and a public key in it (RFC 8446 §4.2.8).
/// <code>
/// struct {
///     NamedGroup group;
///     opaque key_exchange&lt;1..2^16-1&gt;;
/// } KeyShareEntry;
/// </code>
/// </summary>
/// <param name="group">The number of the group, which need not be one that is known here.</param>
/// <param name="keyExchange">The public key, of which nothing has been looked at.</param>
internal readonly struct KeyShareEntry(ushort group, ReadOnlyMemory<byte> keyExchange)
{
    public ushort Group { get; } = group;

    public ReadOnlyMemory<byte> KeyExchange { get; } = keyExchange;

    public static KeyShareEntry Read(ref MemoryReader reader) => new(reader.ReadUInt16("group"), reader.ReadVector16("key_exchange", min: 1));

    public void Write(TlsWriter writer)
    {
        writer.WriteUInt16(Group);
        writer.WriteVector16(KeyExchange.Span);
    }
}
