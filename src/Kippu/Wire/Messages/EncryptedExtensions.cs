using Kippu.Wire.Extensions;

namespace Kippu.Wire.Messages;

/// <summary>
/// EncryptedExtensions (RFC 8446 §4.3.1): the server's answers that need not be seen by everybody. Whether they were asked for is for the handshake to
/// judge (<see cref="ExtensionReader.InsistOnOffered"/>).
/// <code>
/// struct {
///     Extension extensions&lt;0..2^16-1&gt;;
/// } EncryptedExtensions;
/// </code>
/// </summary>
internal sealed class EncryptedExtensions : IHandshakeBody<EncryptedExtensions>
{
    private ReadOnlyMemory<byte>? _extensions;

    public static HandshakeType Type => HandshakeType.EncryptedExtensions;

    /// <summary>Whether the server says that it used server_name.</summary>
    public bool ServerName { get; set; }

    /// <summary>
    /// The groups that the server would rather have. RFC 8446 §4.2.7: "Clients MUST NOT act upon any information found in "supported_groups" prior to successful
    /// completion of the handshake".
    /// </summary>
    public UInt16List? SupportedGroups { get; set; }

    /// <summary>The one protocol that the server chose.</summary>
    public ReadOnlyMemory<byte>? ApplicationProtocol { get; set; }

    public ushort? RecordSizeLimit { get; set; }

    /// <summary>Whether the server takes the early data.</summary>
    public bool EarlyData { get; set; }

    /// <summary>The expected_count of ticket_request.</summary>
    public byte? ExpectedTickets { get; set; }

    /// <summary>The content of the vector of extensions as it arrived, or as <see cref="Write"/> writes it.</summary>
    public ReadOnlyMemory<byte> ExtensionBlock => _extensions ?? WrittenExtensions();

    public static EncryptedExtensions Parse(ReadOnlyMemory<byte> body)
    {
        var reader = new MemoryReader(body);
        var block = reader.ReadVector16("extensions");
        reader.ExpectEnd("EncryptedExtensions");
        var message = new EncryptedExtensions();
        message.ReadExtensions(block);
        return message;
    }

    public void Write(TlsWriter writer)
    {
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
            // RFC 8446 §4.3.1: "The client MUST check EncryptedExtensions for the presence of any forbidden extensions and if any are found MUST abort the
            // handshake with an "illegal_parameter" alert."
            ExtensionPlacement.Insist(type, ExtensionPlaces.EncryptedExtensions);
            ReadExtension(type, data);
        }
    }

    private void ReadExtension(ExtensionType type, ReadOnlyMemory<byte> data)
    {
        switch (type)
        {
            case ExtensionType.ServerName: ServerName = ServerNameExtension.ReadAcknowledgement(data); break;
            case ExtensionType.SupportedGroups: SupportedGroups = SupportedGroupsExtension.Read(data); break;
            case ExtensionType.ApplicationLayerProtocolNegotiation: ApplicationProtocol = ApplicationProtocolsExtension.ReadChoice(data); break;
            case ExtensionType.RecordSizeLimit: RecordSizeLimit = RecordSizeLimitExtension.Read(data); break;
            case ExtensionType.EarlyData: EarlyData = EarlyDataExtension.Read(data); break;
            case ExtensionType.TicketRequest: ExpectedTickets = TicketRequestExtension.ReadExpectedCount(data); break;
            default: break; // Not asked for by this library, so the handshake will refuse it by its type.
        }
    }

    private void WriteExtensions(TlsWriter writer)
    {
        if (ServerName) { ServerNameExtension.WriteAcknowledgement(writer); }
        if (SupportedGroups is { } groups) { SupportedGroupsExtension.Write(writer, groups); }
        if (ApplicationProtocol is { } protocol) { ApplicationProtocolsExtension.WriteChoice(writer, protocol); }
        if (RecordSizeLimit is { } limit) { RecordSizeLimitExtension.Write(writer, limit); }
        if (EarlyData) { EarlyDataExtension.Write(writer); }
        if (ExpectedTickets is { } count) { TicketRequestExtension.WriteExpectedCount(writer, count); }
    }

    private byte[] WrittenExtensions()
    {
        using var buffer = new WireBuffer();
        WriteExtensions(new TlsWriter(buffer));
        return buffer.Written.ToArray();
    }
}
