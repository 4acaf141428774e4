using System.Globalization;
using Kippu.Cli.Output;
using Kippu.Cli.Tls;
using Kippu.Cli.Wire;

namespace Kippu.Cli.Ladders;

/// <summary>What of a TLS 1.3 handshake has to do with sessions, field by field: pre-shared keys, early data, HelloRetryRequest and the tickets after the handshake.</summary>
internal static class TicketFields13
{
    public static IReadOnlyList<FieldGroup> Of(IReadOnlyList<TraceMessage> messages) => [.. messages.Where(message => message.Kind == TraceKind.Handshake).SelectMany(Groups)];

    private static IEnumerable<FieldGroup> Groups(TraceMessage message) => message.Type switch
    {
        HandshakeType.ClientHello => WireHello.ParseClient(message.Bytes) is { } hello ? Client(hello) : [],
        HandshakeType.ServerHello => WireHello.ParseServer(message.Bytes) is { } hello ? Server(hello) : [],
        HandshakeType.EncryptedExtensions => new HiddenFacts([message]).EarlyDataAccepted == true ? [EarlyData("EncryptedExtensions", "empty: the server takes the early data")] : [],
        HandshakeType.NewSessionTicket => [Ticket(message)],
        _ => [],
    };

    private static IEnumerable<FieldGroup> Client(WireHello hello)
    {
        if (hello.HasEarlyData)
        {
            yield return EarlyData("ClientHello", "empty: early data follows, under the key of the first identity");
        }

        if (hello.HasPreSharedKey)
        {
            List<Field> fields = [Type("0x0029 (pre_shared_key, 41)"), Length(hello.Extensions[ExtensionBlock.PreSharedKey]!.Value.Length)];
            fields.AddRange(hello.PreSharedKeys.SelectMany(Identity));
            yield return new FieldGroup("pre_shared_key extension in ClientHello", fields);
        }
    }

    private static IEnumerable<Field> Identity(WirePsk psk, int index) =>
    [
        new Field($"identity {index}", Quantities.Bytes(psk.Identity.Length)),
        .. TicketFields.OfTicket(psk.Identity),
        new Field("  obfuscated_ticket_age", string.Create(CultureInfo.InvariantCulture, $"0x{psk.ObfuscatedAge:x8} (the age in ms + ticket_age_add, modulo 2^32)")),
        new Field("  binder", $"{Quantities.Bytes(psk.Binder.Length)}: {Hex(psk.Binder)}"),
    ];

    private static IEnumerable<FieldGroup> Server(WireHello hello)
    {
        if (hello.IsHelloRetryRequest)
        {
            yield return new FieldGroup(
                "HelloRetryRequest (a ServerHello)",
                [
                    new Field("random", $"{Hex(hello.Random)} (SHA-256 of \"HelloRetryRequest\")"),
                    .. hello.Group is { } group ? [new Field("selected_group", $"0x{group:x4} ({TlsNames.Group(group)})")] : Array.Empty<Field>(),
                    .. hello.Cookie is { } cookie ? [new Field("cookie", Hex(cookie))] : Array.Empty<Field>(),
                ]);
        }
        else if (hello.SelectedIdentity is { } selected)
        {
            yield return new FieldGroup(
                "pre_shared_key extension in ServerHello",
                [Type("0x0029 (pre_shared_key, 41)"), Length(2), new Field("selected_identity", selected.ToString(CultureInfo.InvariantCulture))]);
        }
    }

    private static FieldGroup EarlyData(string message, string meaning) =>
        new($"early_data extension in {message}", [Type("0x002a (early_data, 42)"), Length(0), new Field("content", meaning)]);

    private static FieldGroup Ticket(TraceMessage message)
    {
        List<Field> fields = [new Field("msg_type", "0x04 (new_session_ticket, 4)"), Length(message.Bytes.Length - 4)];
        if (WireTicket13.Parse(message.Bytes) is not { } ticket)
        {
            return new FieldGroup("NewSessionTicket", [.. fields, new Field("(malformed)", Hex(message.Bytes[4..]))]);
        }

        fields.AddRange(
        [
            new Field("ticket_lifetime", string.Create(CultureInfo.InvariantCulture, $"{ticket.Lifetime} s ({Quantities.Duration(TimeSpan.FromSeconds(ticket.Lifetime))})")),
            new Field("ticket_age_add", $"0x{ticket.AgeAdd:x8}"),
            new Field("ticket_nonce", Hex(ticket.Nonce)),
            new Field("ticket", Quantities.Bytes(ticket.Ticket.Length)),
            .. TicketFields.OfTicket(ticket.Ticket),
            .. ticket.MaxEarlyData is { } most ? [new Field("max_early_data_size", Quantities.Bytes(most))] : Array.Empty<Field>(),
        ]);
        return new FieldGroup("NewSessionTicket", fields);
    }

    private static Field Type(string value) => new("extension_type", value);

    private static Field Length(int count) => new("length", Quantities.Bytes(count));

    private static string Hex(ReadOnlyMemory<byte> bytes) => Convert.ToHexStringLower(bytes.Span);
}
