using Kippu.Wire;

namespace Kippu.Tests.Handshake.Peers;

/// <summary>Values for <see cref="HostilePeer.Edit"/>.</summary>
internal static class Edits
{
    private const int HeaderLength = HandshakeMessage.HeaderLength;

    /// <summary>Flips the lowest bit of the last byte.</summary>
    public static Func<HandshakeType, byte[], byte[]?> FlipLast(HandshakeType type) => Body(type, body =>
    {
        body[^1] ^= 1;
        return body;
    });

    /// <summary>Leaves the message out.</summary>
    public static Func<HandshakeType, byte[], byte[]?> Drop(HandshakeType type) => (sent, raw) => sent == type ? null : raw;

    /// <summary>Changes a body; the header is mended.</summary>
    public static Func<HandshakeType, byte[], byte[]?> Body(HandshakeType type, Func<byte[], byte[]> change) => (sent, raw) =>
    {
        if (sent != type)
        {
            return raw;
        }

        var body = change(raw[HeaderLength..]);
        return [raw[0], (byte)(body.Length >> 16), (byte)(body.Length >> 8), (byte)body.Length, .. body];
    };

    /// <summary>Puts one more extension at the end of a hello, or replaces the one of this type.</summary>
    public static Func<HandshakeType, byte[], byte[]?> Extension(HandshakeType type, int extension, byte[] data, bool twice = false) => Body(type, body =>
    {
        var start = ExtensionsOf(type, body);
        var block = new List<byte>();
        foreach (var (number, content) in Split(start < body.Length ? body[(start + 2)..] : []))
        {
            if (number != extension || twice)
            {
                block.AddRange(Extension(number, content));
            }
        }

        block.AddRange(Extension(extension, data));
        return [.. body[..start], (byte)(block.Count >> 8), (byte)block.Count, .. block];
    });

    /// <summary>Takes an extension out of a hello.</summary>
    public static Func<HandshakeType, byte[], byte[]?> WithoutExtension(HandshakeType type, int extension) => Body(type, body =>
    {
        var start = ExtensionsOf(type, body);
        byte[] block = [.. Split(body[(start + 2)..]).Where(entry => entry.Type != extension).SelectMany(entry => Extension(entry.Type, entry.Data))];
        return [.. body[..start], (byte)(block.Length >> 8), (byte)block.Length, .. block];
    });

    private static byte[] Extension(int type, byte[] data) => [(byte)(type >> 8), (byte)type, (byte)(data.Length >> 8), (byte)data.Length, .. data];

    /// <summary>Where the vector of extensions begins in a hello.</summary>
    private static int ExtensionsOf(HandshakeType type, byte[] body)
    {
        var position = 34;
        position += 1 + body[position];
        if (type == HandshakeType.ServerHello)
        {
            return position + 3;
        }

        position += 2 + ((body[position] << 8) | body[position + 1]);
        return position + 1 + body[position];
    }

    private static IEnumerable<(int Type, byte[] Data)> Split(byte[] block)
    {
        for (var position = 0; position < block.Length;)
        {
            var length = (block[position + 2] << 8) | block[position + 3];
            yield return ((block[position] << 8) | block[position + 1], block[(position + 4)..(position + 4 + length)]);
            position += 4 + length;
        }
    }
}
