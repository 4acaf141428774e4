namespace Kippu.Cli.Wire;

/// <summary>What the pattern of a handshake depends on in a ClientHello or ServerHello, read from its bytes.</summary>
internal sealed class WireHello
{
    private const int RandomLength = 32;
    private const uint SessionTicketExtension = 0x0023;
    private const uint SupportedVersionsExtension = 0x002B;

    public required ReadOnlyMemory<byte> SessionId { get; init; }

    /// <summary>The content of the SessionTicket extension; null if there is none.</summary>
    public ReadOnlyMemory<byte>? SessionTicket { get; private set; }

    /// <summary>A ServerHello that selects a version by supported_versions is one of TLS 1.3 (RFC 8446 §4.2.1).</summary>
    public bool HasSupportedVersions { get; private set; }

    /// <summary>Null if the bytes are no ClientHello.</summary>
    public static WireHello? ParseClient(ReadOnlyMemory<byte> message)
    {
        var cursor = new ByteCursor(message);
        var hello = ReadStart(ref cursor);
        cursor.TakeVector(2); // cipher_suites
        cursor.TakeVector(1); // compression_methods
        return hello.ReadExtensions(ref cursor);
    }

    /// <summary>Null if the bytes are no ServerHello.</summary>
    public static WireHello? ParseServer(ReadOnlyMemory<byte> message)
    {
        var cursor = new ByteCursor(message);
        var hello = ReadStart(ref cursor);
        cursor.Take(3); // cipher_suite, compression_method
        return hello.ReadExtensions(ref cursor);
    }

    private static WireHello ReadStart(ref ByteCursor cursor)
    {
        cursor.Take(4); // msg_type, length
        cursor.Take(2 + RandomLength);
        return new WireHello { SessionId = cursor.TakeVector(1) };
    }

    private WireHello? ReadExtensions(ref ByteCursor cursor)
    {
        if (cursor.IsSound && cursor.IsEmpty)
        {
            return this;
        }

        var extensions = new ByteCursor(cursor.TakeVector(2));
        while (cursor.IsSound && extensions.IsSound && !extensions.IsEmpty)
        {
            var type = extensions.TakeUInt(2);
            var data = extensions.TakeVector(2);
            SessionTicket = type == SessionTicketExtension ? data : SessionTicket;
            HasSupportedVersions |= type == SupportedVersionsExtension;
        }

        return cursor.IsSound && extensions.IsSound ? this : null;
    }
}
