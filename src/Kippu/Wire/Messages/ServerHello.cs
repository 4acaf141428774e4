using Kippu.Alerts;
using Kippu.Wire.Extensions;

namespace Kippu.Wire.Messages;

/// <summary>
/// ServerHello (RFC 5246 §7.4.1.3; RFC 8446 §4.1.3 has the same bytes). A <see cref="HelloRetryRequest"/> comes as one, and must be told from it first
/// (<see cref="HelloRetryRequest.IsIn"/>). Its extensions are properties: null or false where the extension is absent. Whether they were asked for is for the
/// handshake to judge, by <see cref="ExtensionTypes"/>, which tells of unknown ones too.
/// <code>
/// struct {
///     ProtocolVersion server_version;
///     Random random;
///     SessionID session_id;                               /* opaque SessionID&lt;0..32&gt; */
///     CipherSuite cipher_suite;
///     CompressionMethod compression_method;
///     select (extensions_present) {
///         case false: struct {};
///         case true:  Extension extensions&lt;0..2^16-1&gt;;
///     };
/// } ServerHello;
/// </code>
/// </summary>
internal sealed class ServerHello : IHandshakeBody<ServerHello>
{
    private ReadOnlyMemory<byte>? _extensions;

    public static HandshakeType Type => HandshakeType.ServerHello;

    public required ushort Version { get; init; }

    public required ReadOnlyMemory<byte> Random { get; init; }

    public required ReadOnlyMemory<byte> SessionId { get; init; }

    public required ushort CipherSuite { get; init; }

    public byte CompressionMethod { get; init; } = ClientHello.NullCompression;

    /// <summary>Whether the server says that it used server_name.</summary>
    public bool ServerName { get; set; }

    public ReadOnlyMemory<byte>? EcPointFormats { get; set; }

    /// <summary>The one protocol that the server chose.</summary>
    public ReadOnlyMemory<byte>? ApplicationProtocol { get; set; }

    /// <summary>Whether the server promises a NewSessionTicket.</summary>
    public bool SessionTicket { get; set; }

    public bool ExtendedMasterSecret { get; set; }

    /// <summary>The renegotiated_connection of renegotiation_info.</summary>
    public ReadOnlyMemory<byte>? RenegotiationInfo { get; set; }

    public ushort? RecordSizeLimit { get; set; }

    /// <summary>The selected_version of supported_versions, which no server of TLS 1.2 sends: with it, only extensions of TLS 1.3 may stand here.</summary>
    public ushort? SelectedVersion { get; set; }

    /// <summary>The server_share of key_share.</summary>
    public KeyShareEntry? KeyShare { get; set; }

    /// <summary>The selected_identity of pre_shared_key: the index of the identity that the server takes.</summary>
    public ushort? SelectedIdentity { get; set; }

    /// <summary>Whether the server says that a CertificateStatus may come.</summary>
    public bool StatusRequest { get; set; }

    /// <summary>A SignedCertificateTimestampList, whole (RFC 6962 §3.3.1).</summary>
    public ReadOnlyMemory<byte>? SignedCertificateTimestamps { get; set; }

    /// <summary>The content of the vector of extensions as it arrived, or as <see cref="Write"/> writes it.</summary>
    public ReadOnlyMemory<byte> ExtensionBlock => _extensions ?? WrittenExtensions();

    /// <summary>All extensions in order of arrival, or in the order in which <see cref="Write"/> writes them. Each call makes a new list.</summary>
    public UInt16List ExtensionTypes => ExtensionReader.TypesIn(ExtensionBlock);

    public static ServerHello Parse(ReadOnlyMemory<byte> body)
    {
        var reader = new MemoryReader(body);
        var hello = new ServerHello
        {
            Version = reader.ReadUInt16("server_version"),
            Random = reader.ReadBytes(ClientHello.RandomLength, "random"),
            SessionId = reader.ReadVector8("session_id", max: ClientHello.MaxSessionIdLength),
            CipherSuite = reader.ReadUInt16("cipher_suite"),
            CompressionMethod = reader.ReadUInt8("compression_method"),
        };
        if (!reader.IsEmpty)
        {
            hello.ReadExtensions(reader.ReadVector16("extensions"));
        }

        reader.ExpectEnd("ServerHello");
        hello.CheckValues();
        return hello;
    }

    public void Write(TlsWriter writer)
    {
        writer.WriteUInt16(Version);
        writer.WriteBytes(Random.Span);
        writer.WriteVector8(SessionId.Span);
        writer.WriteUInt16(CipherSuite);
        writer.WriteUInt8(CompressionMethod);

        var extensions = writer.Position;
        using (writer.Vector16())
        {
            WriteExtensions(writer);
        }

        if (writer.Position == extensions + sizeof(ushort))
        {
            // Without extensions there is no vector: a client that sent none knows of none.
            writer.Truncate(extensions);
        }
    }

    private void ReadExtensions(ReadOnlyMemory<byte> block)
    {
        _extensions = block;
        var isTls13 = ExtensionReader.Contains(block, ExtensionType.SupportedVersions);
        var reader = new ExtensionReader(block, stackalloc ushort[ExtensionTypeSet.ScratchLength]);
        while (reader.TryNext(out var type, out var data))
        {
            if (isTls13)
            {
                ExtensionPlacement.Insist(type, ExtensionPlaces.ServerHello);
            }
            else if (!ExtensionPlacement.MayStand(type, ExtensionPlaces.ServerHello12))
            {
                continue; // What it is called in TLS 1.2 depends on whether it was asked for, which the handshake knows.
            }

            ReadExtension(type, data);
        }
    }

    private void ReadExtension(ExtensionType type, ReadOnlyMemory<byte> data)
    {
        switch (type)
        {
            case ExtensionType.ServerName: ServerName = ServerNameExtension.ReadAcknowledgement(data); break;
            case ExtensionType.StatusRequest: StatusRequest = StatusRequestExtension.ReadAnswer(data); break;
            case ExtensionType.SignedCertificateTimestamp: SignedCertificateTimestamps = SignedCertificateTimestampExtension.Read(data); break;
            case ExtensionType.EcPointFormats: EcPointFormats = EcPointFormatsExtension.Read(data); break;
            case ExtensionType.ApplicationLayerProtocolNegotiation: ApplicationProtocol = ApplicationProtocolsExtension.ReadChoice(data); break;
            case ExtensionType.ExtendedMasterSecret: ExtendedMasterSecret = ExtendedMasterSecretExtension.Read(data); break;
            case ExtensionType.RecordSizeLimit: RecordSizeLimit = RecordSizeLimitExtension.Read(data); break;
            case ExtensionType.SessionTicket: SessionTicket = SessionTicketExtension.ReadPromise(data); break;
            case ExtensionType.SupportedVersions: SelectedVersion = SupportedVersionsExtension.ReadSelected(data); break;
            case ExtensionType.RenegotiationInfo: RenegotiationInfo = RenegotiationInfoExtension.Read(data); break;
            case ExtensionType.KeyShare: KeyShare = KeyShareExtension.ReadServerShare(data); break;
            case ExtensionType.PreSharedKey: SelectedIdentity = PreSharedKeyExtension.ReadSelected(data); break;
            default: break; // Not asked for by this library, so the handshake will refuse it by its type.
        }
    }

    private void WriteExtensions(TlsWriter writer)
    {
        if (ServerName) { ServerNameExtension.WriteAcknowledgement(writer); }
        if (RenegotiationInfo is { } connection) { RenegotiationInfoExtension.Write(writer, connection); }
        if (EcPointFormats is { } formats) { EcPointFormatsExtension.Write(writer, formats); }
        if (SessionTicket) { SessionTicketExtension.WritePromise(writer); }
        if (StatusRequest) { StatusRequestExtension.WriteAnswer(writer); }
        if (SignedCertificateTimestamps is { } timestamps) { SignedCertificateTimestampExtension.Write(writer, timestamps); }
        if (ExtendedMasterSecret) { ExtendedMasterSecretExtension.Write(writer); }
        if (ApplicationProtocol is { } protocol) { ApplicationProtocolsExtension.WriteChoice(writer, protocol); }
        if (RecordSizeLimit is { } limit) { RecordSizeLimitExtension.Write(writer, limit); }
        if (SelectedVersion is { } version) { SupportedVersionsExtension.WriteSelected(writer, version); }
        if (KeyShare is { } share) { KeyShareExtension.WriteServerShare(writer, share); }
        if (SelectedIdentity is { } index) { PreSharedKeyExtension.WriteSelected(writer, index); }
    }

    private byte[] WrittenExtensions()
    {
        using var buffer = new WireBuffer();
        WriteExtensions(new TlsWriter(buffer));
        return buffer.Written.ToArray();
    }

    private void CheckValues()
    {
        // RFC 5246 §7.4.1.3: compression_method is one "selected by the server from the list in ClientHello.compression_methods", and we offer null only.
        if (CompressionMethod != ClientHello.NullCompression)
        {
            throw new TlsFaultException(TlsFault.IllegalParameter, $"compression_method: {CompressionMethod} was not offered");
        }

        // RFC 8422 §5.2: "The Supported Point Formats Extension, when used, MUST contain the value 0 (uncompressed) as one of the items".
        if (EcPointFormats is { } formats && !formats.Span.Contains(EcPointFormatsExtension.Uncompressed))
        {
            throw new TlsFaultException(TlsFault.IllegalParameter, "ec_point_format_list: uncompressed is not among them");
        }
    }
}
