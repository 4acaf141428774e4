using Kippu.Alerts;
using Kippu.Wire.Extensions;

namespace Kippu.Wire.Messages;

/// <summary>
/// ClientHello (RFC 5246 §7.4.1.2; RFC 8446 §4.1.2 has the same bytes). Its extensions are properties: null or false where the extension is absent. Those
/// that nobody here knows, GREASE (RFC 8701) among them, are ignored but for <see cref="ExtensionTypes"/>, and are not written again.
/// <code>
/// struct {
///     ProtocolVersion client_version;
///     Random random;
///     SessionID session_id;                               /* opaque SessionID&lt;0..32&gt; */
///     CipherSuite cipher_suites&lt;2..2^16-2&gt;;
///     CompressionMethod compression_methods&lt;1..2^8-1&gt;;
///     select (extensions_present) {
///         case false: struct {};
///         case true:  Extension extensions&lt;0..2^16-1&gt;;
///     };
/// } ClientHello;
/// </code>
/// </summary>
internal sealed class ClientHello : IHandshakeBody<ClientHello>
{
    public const int RandomLength = 32;
    public const int MaxSessionIdLength = 32;

    /// <summary>CompressionMethod.null, the only one that is spoken.</summary>
    public const byte NullCompression = 0;

    private static readonly byte[] s_nullCompression = [NullCompression];

    private ReadOnlyMemory<byte>? _extensions;

    public static HandshakeType Type => HandshakeType.ClientHello;

    public required ushort LegacyVersion { get; init; }

    public required ReadOnlyMemory<byte> Random { get; init; }

    public required ReadOnlyMemory<byte> SessionId { get; init; }

    public required UInt16List CipherSuites { get; init; }

    public ReadOnlyMemory<byte> CompressionMethods { get; init; } = s_nullCompression;

    /// <summary>The one host_name of server_name, exactly as it was sent.</summary>
    public string? ServerName { get; set; }

    public UInt16List? SupportedGroups { get; set; }

    public ReadOnlyMemory<byte>? EcPointFormats { get; set; }

    public UInt16List? SignatureAlgorithms { get; set; }

    public UInt16List? SignatureAlgorithmsCert { get; set; }

    public ProtocolNameList? ApplicationProtocols { get; set; }

    /// <summary>The ticket; empty where the client asks for one.</summary>
    public ReadOnlyMemory<byte>? SessionTicket { get; set; }

    public bool ExtendedMasterSecret { get; set; }

    /// <summary>The renegotiated_connection of renegotiation_info.</summary>
    public ReadOnlyMemory<byte>? RenegotiationInfo { get; set; }

    public ushort? RecordSizeLimit { get; set; }

    public bool StatusRequest { get; set; }

    /// <summary>Whether the client asks for the timestamps of signed_certificate_timestamp.</summary>
    public bool SignedCertificateTimestamps { get; set; }

    public UInt16List? SupportedVersions { get; set; }

    public KeyShareList? KeyShares { get; set; }

    /// <summary>The ke_modes of psk_key_exchange_modes.</summary>
    public ReadOnlyMemory<byte>? PskKeyExchangeModes { get; set; }

    /// <summary>pre_shared_key, which is written last, and stood last if it arrived.</summary>
    public OfferedPsks? PreSharedKeys { get; set; }

    /// <summary>Whether early data follow this hello.</summary>
    public bool EarlyData { get; set; }

    public ReadOnlyMemory<byte>? Cookie { get; set; }

    /// <summary>Distinguished names in DER, of which nothing has been looked at.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>>? CertificateAuthorities { get; set; }

    public TicketRequest? TicketRequest { get; set; }

    /// <summary>The content of the vector of extensions as it arrived, or as <see cref="Write"/> writes it.</summary>
    public ReadOnlyMemory<byte> ExtensionBlock => _extensions ?? WrittenExtensions();

    /// <summary>All extensions in order of arrival, or in the order in which <see cref="Write"/> writes them. Each call makes a new list.</summary>
    public UInt16List ExtensionTypes => ExtensionReader.TypesIn(ExtensionBlock);

    public static ClientHello Parse(ReadOnlyMemory<byte> body)
    {
        var reader = new MemoryReader(body);
        var hello = new ClientHello
        {
            LegacyVersion = reader.ReadUInt16("client_version"),
            Random = reader.ReadBytes(RandomLength, "random"),
            SessionId = reader.ReadVector8("session_id", max: MaxSessionIdLength),
            CipherSuites = UInt16List.Parse(reader.ReadVector16("cipher_suites", min: 2, max: 0xFFFE), "cipher_suites"),
            CompressionMethods = reader.ReadVector8("compression_methods", min: 1),
        };
        if (!reader.IsEmpty)
        {
            hello.ReadExtensions(reader.ReadVector16("extensions"));
        }

        reader.ExpectEnd("ClientHello");
        hello.CheckValues();
        return hello;
    }

    public void Write(TlsWriter writer)
    {
        writer.WriteUInt16(LegacyVersion);
        writer.WriteBytes(Random.Span);
        writer.WriteVector8(SessionId.Span);
        writer.WriteVector16(CipherSuites.Raw);
        writer.WriteVector8(CompressionMethods.Span);

        var extensions = writer.Position;
        using (writer.Vector16())
        {
            WriteExtensions(writer);
        }

        if (writer.Position == extensions + sizeof(ushort))
        {
            // Without extensions there is no vector: a peer of before RFC 4366 knows none.
            writer.Truncate(extensions);
        }
    }

    private void ReadExtensions(ReadOnlyMemory<byte> block)
    {
        _extensions = block;
        var reader = new ExtensionReader(block, stackalloc ushort[ExtensionTypeSet.ScratchLength]);
        while (reader.TryNext(out var type, out var data))
        {
            // RFC 8446 §4.2.11: "Servers MUST check that it is the last extension and otherwise fail the handshake with an "illegal_parameter" alert."
            if (PreSharedKeys is not null)
            {
                throw new TlsFaultException(TlsFault.IllegalParameter, $"pre_shared_key: extension {IanaNames.Extension((ushort)type)} stands behind it");
            }

            ReadExtension(type, data);
        }
    }

    private void ReadExtension(ExtensionType type, ReadOnlyMemory<byte> data)
    {
        switch (type)
        {
            case ExtensionType.ServerName: ServerName = ServerNameExtension.Read(data); break;
            case ExtensionType.StatusRequest: StatusRequest = StatusRequestExtension.Read(data); break;
            case ExtensionType.SupportedGroups: SupportedGroups = SupportedGroupsExtension.Read(data); break;
            case ExtensionType.EcPointFormats: EcPointFormats = EcPointFormatsExtension.Read(data); break;
            case ExtensionType.SignatureAlgorithms: SignatureAlgorithms = SignatureAlgorithmsExtension.Read(data); break;
            case ExtensionType.SignatureAlgorithmsCert: SignatureAlgorithmsCert = SignatureAlgorithmsExtension.Read(data); break;
            case ExtensionType.ApplicationLayerProtocolNegotiation: ApplicationProtocols = ApplicationProtocolsExtension.Read(data); break;
            case ExtensionType.ExtendedMasterSecret: ExtendedMasterSecret = ExtendedMasterSecretExtension.Read(data); break;
            case ExtensionType.RecordSizeLimit: RecordSizeLimit = RecordSizeLimitExtension.Read(data); break;
            case ExtensionType.SessionTicket: SessionTicket = SessionTicketExtension.Read(data); break;
            case ExtensionType.SupportedVersions: SupportedVersions = SupportedVersionsExtension.Read(data); break;
            case ExtensionType.RenegotiationInfo: RenegotiationInfo = RenegotiationInfoExtension.Read(data); break;
            case ExtensionType.SignedCertificateTimestamp: SignedCertificateTimestamps = SignedCertificateTimestampExtension.ReadRequest(data); break;
            case ExtensionType.KeyShare: KeyShares = KeyShareExtension.Read(data); break;
            case ExtensionType.PskKeyExchangeModes: PskKeyExchangeModes = PskKeyExchangeModesExtension.Read(data); break;
            case ExtensionType.PreSharedKey: PreSharedKeys = PreSharedKeyExtension.Read(data); break;
            case ExtensionType.EarlyData: EarlyData = EarlyDataExtension.Read(data); break;
            case ExtensionType.Cookie: Cookie = CookieExtension.Read(data); break;
            case ExtensionType.CertificateAuthorities: CertificateAuthorities = CertificateAuthoritiesExtension.Read(data); break;
            case ExtensionType.TicketRequest: TicketRequest = TicketRequestExtension.Read(data); break;
            default: break; // RFC 8701 §3.2: "servers MUST NOT treat GREASE values differently from any unknown value".
        }
    }

    private void WriteExtensions(TlsWriter writer)
    {
        // No extension without data stands last: some old servers stumble over that. RFC 8446 §4.2.11: "The "pre_shared_key" extension MUST be the last
        // extension in the ClientHello".
        if (ServerName is { } name) { ServerNameExtension.Write(writer, name); }
        if (ExtendedMasterSecret) { ExtendedMasterSecretExtension.Write(writer); }
        if (SessionTicket is { } ticket) { SessionTicketExtension.Write(writer, ticket); }
        if (RenegotiationInfo is { } connection) { RenegotiationInfoExtension.Write(writer, connection); }
        if (SupportedGroups is { } groups) { SupportedGroupsExtension.Write(writer, groups); }
        if (EcPointFormats is { } formats) { EcPointFormatsExtension.Write(writer, formats); }
        if (StatusRequest) { StatusRequestExtension.Write(writer); }
        if (SignedCertificateTimestamps) { SignedCertificateTimestampExtension.WriteRequest(writer); }
        if (ApplicationProtocols is { } protocols) { ApplicationProtocolsExtension.Write(writer, protocols); }
        if (RecordSizeLimit is { } limit) { RecordSizeLimitExtension.Write(writer, limit); }
        if (EarlyData) { EarlyDataExtension.Write(writer); }
        if (SupportedVersions is { } versions) { SupportedVersionsExtension.Write(writer, versions); }
        if (PskKeyExchangeModes is { } modes) { PskKeyExchangeModesExtension.Write(writer, modes); }
        if (TicketRequest is { } request) { TicketRequestExtension.Write(writer, request); }
        if (CertificateAuthorities is { } authorities) { CertificateAuthoritiesExtension.Write(writer, authorities); }
        if (Cookie is { } cookie) { CookieExtension.Write(writer, cookie); }
        if (KeyShares is { } shares) { KeyShareExtension.Write(writer, shares); }
        if (SignatureAlgorithmsCert is { } inCertificates) { SignatureAlgorithmsExtension.Write(writer, ExtensionType.SignatureAlgorithmsCert, inCertificates); }
        if (SignatureAlgorithms is { } schemes) { SignatureAlgorithmsExtension.Write(writer, ExtensionType.SignatureAlgorithms, schemes); }
        if (PreSharedKeys is { } psks) { PreSharedKeyExtension.Write(writer, psks); }
    }

    private byte[] WrittenExtensions()
    {
        using var buffer = new WireBuffer();
        WriteExtensions(new TlsWriter(buffer));
        return buffer.Written.ToArray();
    }

    private void CheckValues()
    {
        // RFC 5246 §7.4.1.2: "This vector MUST contain, and all implementations MUST support, CompressionMethod.null."
        if (!CompressionMethods.Span.Contains(NullCompression))
        {
            throw new TlsFaultException(TlsFault.IllegalParameter, "compression_methods: null is not among them");
        }

        // RFC 8422 §5.1.2: "If the client sends the extension and the extension does not contain the uncompressed point format, and the client has used the
        // Supported Groups extension to indicate support for any of the curves defined in this specification, then the server MUST abort the handshake and
        // return an illegal_parameter alert."
        if (EcPointFormats is { } formats && !formats.Span.Contains(EcPointFormatsExtension.Uncompressed) && SupportedGroups is { } groups && NamesCurve(groups))
        {
            throw new TlsFaultException(TlsFault.IllegalParameter, "ec_point_format_list: uncompressed is not among them");
        }
    }

    /// <summary>Whether one of the curves of RFC 8422 §5.1.1 is among the groups.</summary>
    private static bool NamesCurve(UInt16List groups)
    {
        foreach (var group in groups)
        {
            if (group is >= 23 and <= 25 or 29 or 30)
            {
                return true;
            }
        }

        return false;
    }
}
