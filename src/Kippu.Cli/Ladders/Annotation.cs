using Kippu.Cli.Wire;

namespace Kippu.Cli.Ladders;

/// <summary>What the figures of RFC 5077 write in parentheses under a message, and what they leave to the text: the session ID, the length of tickets.</summary>
internal static class Annotation
{
    private const int ShownSessionIdBytes = 4;

    /// <param name="message">The message.</param>
    /// <param name="clientHello">The ClientHello of the connection, if it was seen: whether a session ID is the same depends on it.</param>
    public static IReadOnlyList<string> Of(TraceMessage message, TraceMessage? clientHello) => (message.Kind, message.Type) switch
    {
        (HandshakeEventKind.Handshake, HandshakeType.ClientHello) => OfClientHello(message),
        (HandshakeEventKind.Handshake, HandshakeType.ServerHello) => OfServerHello(message, clientHello),
        (HandshakeEventKind.Handshake, HandshakeType.NewSessionTicket) => OfTicket(message),
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
            var shown = hello.SessionId[..Math.Min(ShownSessionIdBytes, hello.SessionId.Length)];
            texts.Add($"({what} {Convert.ToHexStringLower(shown.Span)}..)");
        }
    }

    private static void AddExtension(List<string> texts, WireHello hello)
    {
        if (hello.SessionTicket is { } ticket)
        {
            texts.Add(ticket.IsEmpty ? "(empty SessionTicket extension)" : $"(SessionTicket extension, {ticket.Length} bytes)");
        }
    }
}
