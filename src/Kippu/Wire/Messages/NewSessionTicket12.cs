namespace Kippu.Wire.Messages;

/// <summary>
/// NewSessionTicket of TLS 1.2 (RFC 5077 §3.3). An empty ticket takes the promise of the ServerHello back.
/// <code>
/// struct {
///     uint32 ticket_lifetime_hint;                        /* seconds; 0: unspecified */
///     opaque ticket&lt;0..2^16-1&gt;;
/// } NewSessionTicket;
/// </code>
/// </summary>
internal sealed class NewSessionTicket12 : IHandshakeBody<NewSessionTicket12>
{
    public static HandshakeType Type => HandshakeType.NewSessionTicket;

    /// <summary>Seconds from receipt; zero says nothing.</summary>
    public required uint LifetimeHint { get; init; }

    public required ReadOnlyMemory<byte> Ticket { get; init; }

    public static NewSessionTicket12 Parse(ReadOnlyMemory<byte> body)
    {
        var reader = new MemoryReader(body);
        var message = new NewSessionTicket12
        {
            LifetimeHint = reader.ReadUInt32("ticket_lifetime_hint"),
            Ticket = reader.ReadVector16("ticket"),
        };
        reader.ExpectEnd("NewSessionTicket");
        return message;
    }

    public void Write(TlsWriter writer) => Write(writer, LifetimeHint, Ticket.Span);

    /// <summary>Writes the body straight from its fields.</summary>
    public static void Write(TlsWriter writer, uint lifetimeHint, ReadOnlySpan<byte> ticket)
    {
        writer.WriteUInt32(lifetimeHint);
        writer.WriteVector16(ticket);
    }
}
