namespace Kippu.Wire.Messages;

/// <summary>
/// The end of a server's random that says that the server could have spoken a higher version (RFC 8446 §4.1.3). The random is signed in TLS 1.2's key
/// exchange, so nobody between can take the mark away.
/// </summary>
internal static class DowngradeSentinel
{
    /// <summary>"DOWNGRD" and 1: a server of TLS 1.3 chose TLS 1.2.</summary>
    public static ReadOnlySpan<byte> ToTls12 => [0x44, 0x4F, 0x57, 0x4E, 0x47, 0x52, 0x44, 0x01];

    /// <summary>"DOWNGRD" and 0: a server of TLS 1.2 or later chose something older.</summary>
    public static ReadOnlySpan<byte> ToOlder => [0x44, 0x4F, 0x57, 0x4E, 0x47, 0x52, 0x44, 0x00];

    /// <summary>
    /// "If negotiating TLS 1.2, TLS 1.3 servers MUST set the last 8 bytes of their Random value to the bytes: 44 4F 57 4E 47 52 44 01".
    /// </summary>
    /// <param name="serverRandom">32 bytes that are about to be sent with TLS 1.2.</param>
    public static void Set(Span<byte> serverRandom) => ToTls12.CopyTo(serverRandom[^ToTls12.Length..]);

    /// <summary>
    /// "TLS 1.3 clients receiving a ServerHello indicating TLS 1.2 or below MUST check that the last 8 bytes are not equal to either of these values." "If a
    /// match is found, the client MUST abort the handshake with an "illegal_parameter" alert."
    /// </summary>
    /// <param name="serverRandom">32 bytes that came with TLS 1.2 or older.</param>
    public static bool IsIn(ReadOnlySpan<byte> serverRandom)
    {
        var end = serverRandom[^ToTls12.Length..];
        return PublicBytes.AreEqual(end, ToTls12) || PublicBytes.AreEqual(end, ToOlder);
    }
}
