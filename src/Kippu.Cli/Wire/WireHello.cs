using System.Security.Cryptography;

namespace Kippu.Cli.Wire;

/// <summary>What the pattern of a handshake depends on in a ClientHello, ServerHello or HelloRetryRequest, read from its bytes.</summary>
internal sealed class WireHello
{
    private const int RandomLength = 32;
    private const uint Tls13 = 0x0304;

    // RFC 8446 §4.1.3: "the Random set to the special value of the SHA-256 of "HelloRetryRequest"".
    private static readonly byte[] s_retryRandom = SHA256.HashData("HelloRetryRequest"u8);

    private WireHello(ReadOnlyMemory<byte> random, ReadOnlyMemory<byte> sessionId, ExtensionBlock extensions)
    {
        Random = random;
        SessionId = sessionId;
        Extensions = extensions;
    }

    public ReadOnlyMemory<byte> Random { get; }

    public ReadOnlyMemory<byte> SessionId { get; }

    public ExtensionBlock Extensions { get; }

    /// <summary>The content of the SessionTicket extension; null if there is none.</summary>
    public ReadOnlyMemory<byte>? SessionTicket => Extensions[ExtensionBlock.SessionTicket];

    public bool HasEarlyData => Extensions.Has(ExtensionBlock.EarlyData);

    public bool HasPreSharedKey => Extensions.Has(ExtensionBlock.PreSharedKey);

    public ReadOnlyMemory<byte>? Cookie => Extensions[ExtensionBlock.Cookie];

    /// <summary>Of a server: it selects TLS 1.3, which is done by supported_versions only (RFC 8446 §4.2.1).</summary>
    public bool SelectsTls13 => Number(ExtensionBlock.SupportedVersions) == Tls13;

    /// <summary>A ServerHello that is none: the server asks for another ClientHello.</summary>
    public bool IsHelloRetryRequest => Random.Span.SequenceEqual(s_retryRandom);

    /// <summary>Of a ServerHello: which of the offered pre-shared keys it takes; null if none.</summary>
    public uint? SelectedIdentity => Number(ExtensionBlock.PreSharedKey);

    /// <summary>Of a ServerHello: the group of its share. Of a HelloRetryRequest: the group that it asks for.</summary>
    public uint? Group => Number(ExtensionBlock.KeyShare);

    /// <summary>Of a ClientHello: the groups of its shares.</summary>
    public IReadOnlyList<uint> Groups
    {
        get
        {
            var groups = new List<uint>();
            var cursor = new ByteCursor(Extensions[ExtensionBlock.KeyShare] ?? default);
            var shares = new ByteCursor(cursor.TakeVector(2));
            while (shares.IsSound && !shares.IsEmpty)
            {
                groups.Add(shares.TakeUInt(2));
                shares.TakeVector(2);
            }

            return groups;
        }
    }

    /// <summary>Of a ClientHello: the pre-shared keys that it offers; empty if none, or if they cannot be read.</summary>
    public IReadOnlyList<WirePsk> PreSharedKeys => Extensions[ExtensionBlock.PreSharedKey] is { } data ? WirePsk.ParseAll(data) : [];

    /// <summary>Null if the bytes are no ClientHello.</summary>
    public static WireHello? ParseClient(ReadOnlyMemory<byte> message)
    {
        var cursor = new ByteCursor(message);
        var (random, sessionId) = ReadStart(ref cursor);
        cursor.TakeVector(2); // cipher_suites
        cursor.TakeVector(1); // compression_methods
        return ReadEnd(ref cursor, random, sessionId);
    }

    /// <summary>Null if the bytes are neither a ServerHello nor a HelloRetryRequest.</summary>
    public static WireHello? ParseServer(ReadOnlyMemory<byte> message)
    {
        var cursor = new ByteCursor(message);
        var (random, sessionId) = ReadStart(ref cursor);
        cursor.Take(3); // cipher_suite, compression_method
        return ReadEnd(ref cursor, random, sessionId);
    }

    private static (ReadOnlyMemory<byte> Random, ReadOnlyMemory<byte> SessionId) ReadStart(ref ByteCursor cursor)
    {
        cursor.Take(4); // msg_type, length
        cursor.Take(2); // legacy_version
        var random = cursor.Take(RandomLength);
        return (random, cursor.TakeVector(1));
    }

    private static WireHello? ReadEnd(ref ByteCursor cursor, ReadOnlyMemory<byte> random, ReadOnlyMemory<byte> sessionId) =>
        ExtensionBlock.Read(ref cursor) is { } extensions ? new WireHello(random, sessionId, extensions) : null;

    /// <summary>The number of two bytes with which an extension begins.</summary>
    private uint? Number(uint type) => Extensions[type] is { } data ? new ByteCursor(data).First(2) : null;
}
