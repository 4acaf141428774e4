namespace Kippu.Wire.Extensions;

/// <summary>
/// cookie (RFC 8446 §4.2.2): from a HelloRetryRequest, and back in the second ClientHello.
/// <code>
/// struct { opaque cookie&lt;1..2^16-1&gt;; } Cookie;
/// </code>
/// </summary>
internal static class CookieExtension
{
    public static ReadOnlyMemory<byte> Read(ReadOnlyMemory<byte> data)
    {
        var reader = new MemoryReader(data);
        var cookie = reader.ReadVector16("cookie", min: 1);
        reader.ExpectEnd("cookie extension");
        return cookie;
    }

    public static void Write(TlsWriter writer, ReadOnlyMemory<byte> cookie)
    {
        using (ExtensionFraming.Open(writer, ExtensionType.Cookie))
        {
            writer.WriteVector16(cookie.Span);
        }
    }
}
