using Kippu.Wire.Extensions;

namespace Kippu.Wire.Messages;

/// <summary>
/// NewSessionTicket of TLS 1.3 (RFC 8446 §4.6.1): the ticket is the identity of a PSK that both sides derive from the nonce.
/// <code>
/// struct {
///     uint32 ticket_lifetime;                             /* seconds */
///     uint32 ticket_age_add;
///     opaque ticket_nonce&lt;0..255&gt;;
///     opaque ticket&lt;1..2^16-1&gt;;
///     Extension extensions&lt;0..2^16-2&gt;;
/// } NewSessionTicket;
/// </code>
/// </summary>
internal sealed class NewSessionTicket13 : IHandshakeBody<NewSessionTicket13>
{
    /// <summary>RFC 8446 §4.6.1: "Servers MUST NOT use any value greater than 604800 seconds (7 days)." A client caps what is greater.</summary>
    public const uint MaxLifetime = 604_800;

    private ReadOnlyMemory<byte>? _extensions;

    public static HandshakeType Type => HandshakeType.NewSessionTicket;

    /// <summary>Seconds from issue; zero: "the ticket should be discarded immediately".</summary>
    public required uint Lifetime { get; init; }

    /// <summary>Added to the ticket's age, so that nobody recognises a client by it.</summary>
    public required uint AgeAdd { get; init; }

    public required ReadOnlyMemory<byte> Nonce { get; init; }

    public required ReadOnlyMemory<byte> Ticket { get; init; }

    /// <summary>How many bytes of early data the ticket allows; null: none.</summary>
    public uint? MaxEarlyData { get; set; }

    /// <summary>The content of the vector of extensions as it arrived, or as <see cref="Write"/> writes it.</summary>
    public ReadOnlyMemory<byte> ExtensionBlock => _extensions ?? WrittenExtensions();

    public static NewSessionTicket13 Parse(ReadOnlyMemory<byte> body)
    {
        var reader = new MemoryReader(body);
        var message = new NewSessionTicket13
        {
            Lifetime = reader.ReadUInt32("ticket_lifetime"),
            AgeAdd = reader.ReadUInt32("ticket_age_add"),
            Nonce = reader.ReadVector8("ticket_nonce"),
            Ticket = reader.ReadVector16("ticket", min: 1),
        };
        var block = reader.ReadVector16("extensions", max: 0xFFFE);
        reader.ExpectEnd("NewSessionTicket");
        message.ReadExtensions(block);
        return message;
    }

    public void Write(TlsWriter writer)
    {
        writer.WriteUInt32(Lifetime);
        writer.WriteUInt32(AgeAdd);
        writer.WriteVector8(Nonce.Span);
        writer.WriteVector16(Ticket.Span);
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
            ExtensionPlacement.Insist(type, ExtensionPlaces.NewSessionTicket);
            if (type == ExtensionType.EarlyData)
            {
                MaxEarlyData = EarlyDataExtension.ReadMaxSize(data);
            }

            // "Clients MUST ignore unrecognized extensions."
        }
    }

    private void WriteExtensions(TlsWriter writer)
    {
        if (MaxEarlyData is { } size) { EarlyDataExtension.WriteMaxSize(writer, size); }
    }

    private byte[] WrittenExtensions()
    {
        using var buffer = new WireBuffer();
        WriteExtensions(new TlsWriter(buffer));
        return buffer.Written.ToArray();
    }
}
