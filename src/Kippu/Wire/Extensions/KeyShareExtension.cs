namespace Kippu.Wire.Extensions;

/// <summary>
/// key_share (RFC 8446 §4.2.8): the client's shares; the group that a HelloRetryRequest asks for; the server's share.
/// <code>
/// struct { KeyShareEntry client_shares&lt;0..2^16-1&gt;; } KeyShareClientHello;
/// struct { NamedGroup selected_group; } KeyShareHelloRetryRequest;
/// struct { KeyShareEntry server_share; } KeyShareServerHello;
/// </code>
/// </summary>
internal static class KeyShareExtension
{
    public static KeyShareList Read(ReadOnlyMemory<byte> data)
    {
        var reader = new MemoryReader(data);
        var shares = KeyShareList.Parse(reader.ReadVector16("client_shares"));
        reader.ExpectEnd("key_share");
        return shares;
    }

    public static void Write(TlsWriter writer, KeyShareList shares)
    {
        using (ExtensionFraming.Open(writer, ExtensionType.KeyShare))
        {
            writer.WriteVector16(shares.Raw);
        }
    }

    public static ushort ReadSelectedGroup(ReadOnlyMemory<byte> data)
    {
        var reader = new TlsReader(data.Span);
        var group = reader.ReadUInt16("selected_group");
        reader.ExpectEnd("key_share");
        return group;
    }

    public static void WriteSelectedGroup(TlsWriter writer, ushort group)
    {
        using (ExtensionFraming.Open(writer, ExtensionType.KeyShare))
        {
            writer.WriteUInt16(group);
        }
    }

    public static KeyShareEntry ReadServerShare(ReadOnlyMemory<byte> data)
    {
        var reader = new MemoryReader(data);
        var share = KeyShareEntry.Read(ref reader);
        reader.ExpectEnd("key_share");
        return share;
    }

    public static void WriteServerShare(TlsWriter writer, KeyShareEntry share)
    {
        using (ExtensionFraming.Open(writer, ExtensionType.KeyShare))
        {
            share.Write(writer);
        }
    }
}
