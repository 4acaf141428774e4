namespace Kippu.Wire.Extensions;

/// <summary>
/// SessionTicket (RFC 5077 §3.2). Its data is the ticket itself, with no length of its own (RFC 5077, appendix A, tells of RFC 4507, which had one).
/// An empty ticket in the ClientHello asks for one; in the ServerHello the extension is empty and promises one.
/// <code>
/// opaque ticket&lt;0..2^16-1&gt;;    /* the extension_data */
/// </code>
/// </summary>
internal static class SessionTicketExtension
{
    public static void Write(TlsWriter writer, ReadOnlyMemory<byte> ticket)
    {
        using (ExtensionFraming.Open(writer, ExtensionType.SessionTicket))
        {
            writer.WriteBytes(ticket.Span);
        }
    }

    /// <summary>Any bytes may be a ticket; what they hold is between the server and itself.</summary>
    public static ReadOnlyMemory<byte> Read(ReadOnlyMemory<byte> data) => data;

    /// <summary>RFC 5077 §3.2: "The server uses a zero-length SessionTicket extension to indicate to the client that it will send a new session ticket".</summary>
    public static bool ReadPromise(ReadOnlyMemory<byte> data) => ExtensionFraming.ReadEmpty(data, "SessionTicket");

    public static void WritePromise(TlsWriter writer) => ExtensionFraming.WriteEmpty(writer, ExtensionType.SessionTicket);
}
