namespace Kippu.Wire.Extensions;

/// <summary>
/// ticket_request (RFC 9149 §3): how many tickets the client would like; how many the server means to send.
/// <code>
/// struct { uint8 new_session_count; uint8 resumption_count; } ClientTicketRequest;
/// struct { uint8 expected_count; } ServerTicketRequestHint;
/// </code>
/// </summary>
internal static class TicketRequestExtension
{
    public static TicketRequest Read(ReadOnlyMemory<byte> data)
    {
        var reader = new TlsReader(data.Span);
        var request = new TicketRequest(reader.ReadUInt8("new_session_count"), reader.ReadUInt8("resumption_count"));
        reader.ExpectEnd("ticket_request");
        return request;
    }

    public static void Write(TlsWriter writer, TicketRequest request)
    {
        using (ExtensionFraming.Open(writer, ExtensionType.TicketRequest))
        {
            writer.WriteUInt8(request.NewSessionCount);
            writer.WriteUInt8(request.ResumptionCount);
        }
    }

    public static byte ReadExpectedCount(ReadOnlyMemory<byte> data)
    {
        var reader = new TlsReader(data.Span);
        var count = reader.ReadUInt8("expected_count");
        reader.ExpectEnd("ticket_request");
        return count;
    }

    public static void WriteExpectedCount(TlsWriter writer, byte count)
    {
        using (ExtensionFraming.Open(writer, ExtensionType.TicketRequest))
        {
            writer.WriteUInt8(count);
        }
    }
}
