using Kippu.Cli.Tls;
using Kippu.Cli.Wire;

namespace Kippu.Cli.Ladders;

/// <summary>
/// What the figures write under a message: RFC 5077 in parentheses what the SessionTicket extensions hold, RFC 8446 with a plus the extensions that matter. And what they
/// leave to the text: the session ID, the length of tickets, which key a ticket names.
/// </summary>
internal static class Annotation
{
    private const int ShownBytes = 4;

    /// <param name="message">The message.</param>
    /// <param name="clientHello">The ClientHello of the connection, if it was seen: whether a session ID is the same depends on it.</param>
    public static IReadOnlyList<string> Of(TraceMessage message, TraceMessage? clientHello) => (message.Kind, message.Type) switch
    {
        (TraceKind.EarlyData, _) => [$"({Output.Quantities.Bytes(message.Length)})"],
        (TraceKind.Handshake, _) when message.IsTls13 => OfTls13(message),
        (TraceKind.Handshake, HandshakeType.ClientHello) => OfClientHello(message),
        (TraceKind.Handshake, HandshakeType.ServerHello) => OfServerHello(message, clientHello),
        (TraceKind.Handshake, HandshakeType.NewSessionTicket) => OfTicket(message),
        _ => [],
    };

    private static List<string> OfClientHello(TraceMessage message)
    {
        List<string> texts = [];
        if (WireHello.ParseClient(message.Bytes) is { } hello)
        {
            AddSessionId(texts, hello, "session ID");
            AddExtension(texts, hello);
        }

        return texts;
    }

    private static List<string> OfServerHello(TraceMessage message, TraceMessage? clientHello)
    {
        List<string> texts = [];
        if (WireHello.ParseServer(message.Bytes) is { } hello)
        {
            var offered = clientHello is null ? null : WireHello.ParseClient(clientHello.Bytes);
            AddSessionId(texts, hello, offered is not null && offered.SessionId.Span.SequenceEqual(hello.SessionId.Span) ? "same session ID" : "new session ID");
            AddExtension(texts, hello);
        }

        return texts;
    }

    private static string[] OfTicket(TraceMessage message) => WireTicket.Parse(message.Bytes) switch
    {
        null => ["(malformed)"],
        { Ticket.IsEmpty: true } => ["(zero-length ticket)"],
        var ticket => [$"(ticket: {ticket.Ticket.Length} bytes, {ticket.LifetimeHint} s)"],
    };

    private static void AddSessionId(List<string> texts, WireHello hello, string what)
    {
        if (!hello.SessionId.IsEmpty)
        {
            texts.Add($"({what} {Short(hello.SessionId)})");
        }
    }

    private static void AddExtension(List<string> texts, WireHello hello)
    {
        if (hello.SessionTicket is { } ticket)
        {
            texts.Add(ticket.IsEmpty ? "(empty SessionTicket extension)" : $"(SessionTicket extension, {ticket.Length} bytes)");
        }
    }

    private static IEnumerable<string> OfHello(WireHello hello)
    {
        if (hello.Groups is { Count: > 0 } groups)
        {
            yield return $"+ key_share: {string.Join(", ", groups.Select(TlsNames.Group))}";
        }

        if (hello.Cookie is { } cookie)
        {
            yield return $"+ cookie: {cookie.Length} bytes";
        }

        if (hello.HasEarlyData)
        {
            yield return "+ early_data";
        }

        foreach (var psk in hello.PreSharedKeys)
        {
            yield return $"+ pre_shared_key: {psk.Identity.Length} bytes";
            if (TicketLayout.Parse(psk.Identity) is { } layout)
            {
                yield return $"    key {Short(layout.KeyId)}, scope {Short(layout.ScopeTag)}";
            }

            yield return $"    age 0x{psk.ObfuscatedAge:x8}, binder {Short(psk.Binder)}";
        }
    }

    private static IReadOnlyList<string> OfTls13(TraceMessage message) => message.Type switch
    {
        HandshakeType.ClientHello when WireHello.ParseClient(message.Bytes) is { } hello => [.. OfHello(hello)],
        HandshakeType.ServerHello when WireHello.ParseServer(message.Bytes) is { } hello =>
        [
            .. hello.Group is { } group ? [$"+ key_share: {(hello.IsHelloRetryRequest ? "asks for " : "")}{TlsNames.Group(group)}"] : Array.Empty<string>(),
            .. hello.Cookie is { } cookie ? [$"+ cookie: {cookie.Length} bytes"] : Array.Empty<string>(),
            .. hello.SelectedIdentity is { } identity ? [$"+ pre_shared_key: takes identity {identity}"] : Array.Empty<string>(),
        ],
        HandshakeType.EncryptedExtensions when new HiddenFacts([message]).EarlyDataAccepted == true => ["+ early_data"],
        HandshakeType.NewSessionTicket when WireTicket13.Parse(message.Bytes) is { } ticket =>
        [
            $"(ticket: {ticket.Ticket.Length} bytes, {ticket.Lifetime} s)",
            .. ticket.MaxEarlyData is { } most ? [$"+ early_data: up to {most} bytes"] : Array.Empty<string>(),
        ],
        _ => [],
    };

    private static string Short(ReadOnlyMemory<byte> bytes) => $"{Convert.ToHexStringLower(bytes.Span[..Math.Min(ShownBytes, bytes.Length)])}..";
}
