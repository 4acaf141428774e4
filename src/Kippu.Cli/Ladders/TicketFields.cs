using System.Globalization;
using Kippu.Cli.Wire;

namespace Kippu.Cli.Ladders;

/// <summary>The SessionTicket extensions and the NewSessionTicket of a handshake, field by field, from the bytes on the wire.</summary>
internal static class TicketFields
{
    public static IReadOnlyList<FieldGroup> Of(IReadOnlyList<WireItem> items)
    {
        var groups = new List<FieldGroup>();
        foreach (var item in items.Where(item => item.Kind == WireKind.Handshake))
        {
            if (Group(item) is { } group)
            {
                groups.Add(group);
            }
        }

        return groups;
    }

    /// <summary>The parts of a ticket.</summary>
    public static IReadOnlyList<Field> OfTicket(ReadOnlyMemory<byte> ticket)
    {
        if (TicketLayout.Parse(ticket) is not { } layout)
        {
            return [new Field("  (opaque)", Hex(ticket)), new Field("", "not of the layout of RFC 5077 §4: only its server can tell")];
        }

        return
        [
            new Field("  key_name", Hex(layout.KeyName)),
            new Field("    key id", $"{Hex(layout.KeyId)}  (as Kippu has it: which key of the ring)"),
            new Field("    scope tag", $"{Hex(layout.ScopeTag)}  (which version and scope)"),
            new Field("  iv", Hex(layout.Iv)),
            new Field("  encrypted_state", $"{Bytes(layout.EncryptedState.Length)}: {Hex(layout.EncryptedState)}"),
            new Field("  mac", Hex(layout.Mac)),
        ];
    }

    private static FieldGroup? Group(WireItem item) => (item.FromClient, item.Type) switch
    {
        (true, HandshakeType.ClientHello) => Extension("ClientHello", WireHello.ParseClient(item.Bytes), "empty: the client asks for a ticket"),
        (false, HandshakeType.ServerHello) => Extension("ServerHello", WireHello.ParseServer(item.Bytes), "empty: the server will send a NewSessionTicket"),
        (false, HandshakeType.NewSessionTicket) => NewSessionTicket(item.Bytes),
        _ => null,
    };

    private static FieldGroup? Extension(string hello, WireHello? content, string emptyMeans)
    {
        if (content?.SessionTicket is not { } ticket)
        {
            return null;
        }

        List<Field> fields = [new Field("extension_type", "0x0023 (session_ticket, 35)"), new Field("length", Bytes(ticket.Length))];
        fields.AddRange(ticket.IsEmpty ? [new Field("ticket", emptyMeans)] : [new Field("ticket", Bytes(ticket.Length)), .. OfTicket(ticket)]);
        return new FieldGroup($"SessionTicket extension in {hello}", fields);
    }

    private static FieldGroup NewSessionTicket(ReadOnlyMemory<byte> message)
    {
        var length = message.Length - 4;
        List<Field> fields = [new Field("msg_type", "0x04 (new_session_ticket, 4)"), new Field("length", Bytes(length))];
        if (WireTicket.Parse(message) is not { } ticket)
        {
            fields.Add(new Field("(malformed)", Hex(message[4..])));
            return new FieldGroup("NewSessionTicket", fields);
        }

        fields.Add(new Field("ticket_lifetime_hint", Hint(ticket.LifetimeHint)));
        fields.AddRange(ticket.Ticket.IsEmpty
            ? [new Field("ticket", "0 bytes: the server takes its promise back (RFC 5077 §3.3)")]
            : [new Field("ticket", Bytes(ticket.Ticket.Length)), .. OfTicket(ticket.Ticket)]);
        return new FieldGroup("NewSessionTicket", fields);
    }

    private static string Hint(uint seconds) => seconds == 0
        ? "0 (unspecified)"
        : string.Create(CultureInfo.InvariantCulture, $"{seconds} s ({Output.Quantities.Duration(TimeSpan.FromSeconds(seconds))})");

    private static string Bytes(int count) => Output.Quantities.Bytes(count);

    private static string Hex(ReadOnlyMemory<byte> bytes) => Convert.ToHexStringLower(bytes.Span);
}
