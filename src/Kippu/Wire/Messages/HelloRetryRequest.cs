using Kippu.Alerts;
using Kippu.Wire.Extensions;

namespace Kippu.Wire.Messages;

/// <summary>
/// HelloRetryRequest (RFC 8446 §4.1.4): a ServerHello whose random says that it is none. What its extensions may be, and what is in them, differs, so here
/// it is a message of its own.
/// <code>
/// struct {
///     ProtocolVersion legacy_version = 0x0303;
///     Random random;                                      /* SHA-256("HelloRetryRequest") */
///     opaque legacy_session_id_echo&lt;0..32&gt;;
///     CipherSuite cipher_suite;
///     uint8 legacy_compression_method = 0;
///     Extension extensions&lt;6..2^16-1&gt;;
/// } ServerHello;
/// </code>
/// </summary>
internal sealed class HelloRetryRequest : IHandshakeBody<HelloRetryRequest>
{
    private ReadOnlyMemory<byte>? _extensions;

    public static HandshakeType Type => HandshakeType.ServerHello;

    public ushort LegacyVersion { get; init; } = (ushort)TlsVersion.Tls12;

    public required ReadOnlyMemory<byte> SessionId { get; init; }

    public required ushort CipherSuite { get; init; }

    /// <summary>The selected_version of supported_versions.</summary>
    public ushort? SelectedVersion { get; set; }

    /// <summary>The group of which a share is asked for.</summary>
    public ushort? SelectedGroup { get; set; }

    /// <summary>To be sent back in the second hello.</summary>
    public ReadOnlyMemory<byte>? Cookie { get; set; }

    /// <summary>The content of the vector of extensions as it arrived, or as <see cref="Write"/> writes it.</summary>
    public ReadOnlyMemory<byte> ExtensionBlock => _extensions ?? WrittenExtensions();

    /// <summary>RFC 8446 §4.1.3: the SHA-256 of "HelloRetryRequest".</summary>
    private static ReadOnlySpan<byte> RetryRandom =>
    [
        0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
        0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
    ];

    /// <summary>
    /// RFC 8446 §4.1.3: "Upon receiving a message with type server_hello, implementations MUST first examine the Random value and, if it matches this value,
    /// process it as described in Section 4.1.4".
    /// </summary>
    /// <param name="body">Of a message of type server_hello.</param>
    public static bool IsIn(ReadOnlyMemory<byte> body) =>
        body.Length >= sizeof(ushort) + ClientHello.RandomLength
        && PublicBytes.AreEqual(body.Span.Slice(sizeof(ushort), ClientHello.RandomLength), RetryRandom);

    public static HelloRetryRequest Parse(ReadOnlyMemory<byte> body)
    {
        var reader = new MemoryReader(body);
        var version = reader.ReadUInt16("legacy_version");
        var random = reader.ReadBytes(ClientHello.RandomLength, "random");
        var request = new HelloRetryRequest
        {
            LegacyVersion = version,
            SessionId = reader.ReadVector8("legacy_session_id_echo", max: ClientHello.MaxSessionIdLength),
            CipherSuite = reader.ReadUInt16("cipher_suite"),
        };
        var compression = reader.ReadUInt8("legacy_compression_method");
        var extensions = reader.ReadVector16("extensions", min: 6);
        reader.ExpectEnd("HelloRetryRequest");
        if (!PublicBytes.AreEqual(random.Span, RetryRandom))
        {
            throw new TlsFaultException(TlsFault.IllegalParameter, "random: it is not that of a HelloRetryRequest");
        }

        // RFC 8446 §4.1.3: "A single byte which MUST have the value 0."
        if (compression != ClientHello.NullCompression)
        {
            throw new TlsFaultException(TlsFault.IllegalParameter, $"legacy_compression_method: {compression} is not null");
        }

        request.ReadExtensions(extensions);
        return request;
    }

    public void Write(TlsWriter writer)
    {
        writer.WriteUInt16(LegacyVersion);
        writer.WriteBytes(RetryRandom);
        writer.WriteVector8(SessionId.Span);
        writer.WriteUInt16(CipherSuite);
        writer.WriteUInt8(ClientHello.NullCompression);
        using (writer.Vector16())
        {
            WriteExtensions(writer);
        }
    }

    private void ReadExtensions(ReadOnlyMemory<byte> block)
    {
        _extensions = block;
        var reader = new ExtensionReader(block, stackalloc ushort[ExtensionTypeSet.ScratchLength]);
        while (reader.TryNext(out var type, out var data))
        {
            ExtensionPlacement.Insist(type, ExtensionPlaces.HelloRetryRequest);
            switch (type)
            {
                case ExtensionType.SupportedVersions: SelectedVersion = SupportedVersionsExtension.ReadSelected(data); break;
                case ExtensionType.KeyShare: SelectedGroup = KeyShareExtension.ReadSelectedGroup(data); break;
                case ExtensionType.Cookie: Cookie = CookieExtension.Read(data); break;
                default: break; // Not asked for by this library, so the handshake will refuse it by its type.
            }
        }
    }

    private void WriteExtensions(TlsWriter writer)
    {
        if (SelectedVersion is { } version) { SupportedVersionsExtension.WriteSelected(writer, version); }
        if (SelectedGroup is { } group) { KeyShareExtension.WriteSelectedGroup(writer, group); }
        if (Cookie is { } cookie) { CookieExtension.Write(writer, cookie); }
    }

    private byte[] WrittenExtensions()
    {
        using var buffer = new WireBuffer();
        WriteExtensions(new TlsWriter(buffer));
        return buffer.Written.ToArray();
    }
}
