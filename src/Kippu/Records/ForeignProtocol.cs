namespace Kippu.Records;

/// <summary>
/// Recognizes, by the first five bytes, what speaks to a TLS port without TLS: the commonest mistake of set-up, which deserves more than "unknown
/// content type 71".
/// </summary>
internal static class ForeignProtocol
{
    private static readonly (byte[] Start, string Name)[] s_known =
    [
        ("GET "u8.ToArray(), "a plain HTTP request"),
        ("POST "u8.ToArray(), "a plain HTTP request"),
        ("HEAD "u8.ToArray(), "a plain HTTP request"),
        ("PUT "u8.ToArray(), "a plain HTTP request"),
        ("DELET"u8.ToArray(), "a plain HTTP request"),
        ("OPTIO"u8.ToArray(), "a plain HTTP request"),
        ("PATCH"u8.ToArray(), "a plain HTTP request"),
        ("TRACE"u8.ToArray(), "a plain HTTP request"),
        ("CONNE"u8.ToArray(), "a plain HTTP proxy request"),
        ("PRI *"u8.ToArray(), "plain HTTP/2"),
        ("HTTP/"u8.ToArray(), "a plain HTTP response"),
        ("PROXY"u8.ToArray(), "a PROXY protocol header"),
        ([0x0D, 0x0A, 0x0D, 0x0A, 0x00], "a PROXY protocol header"),
        ("SSH-"u8.ToArray(), "SSH"),
        ("220 "u8.ToArray(), "an SMTP or FTP greeting"),
        ("220-"u8.ToArray(), "an SMTP or FTP greeting"),
    ];

    /// <summary>What it is, in words with an article, or null.</summary>
    public static string? Recognize(ReadOnlySpan<byte> bytes)
    {
        foreach (var (start, name) in s_known)
        {
            if (bytes.StartsWith(start))
            {
                return name;
            }
        }

        // An SSLv2 hello: the top bit of a two-byte length, then message type 1 (RFC 5246 appendix E.2). We do not speak to it.
        return bytes.Length >= 3 && (bytes[0] & 0x80) != 0 && bytes[2] == 1 ? "an SSLv2 ClientHello" : null;
    }
}
