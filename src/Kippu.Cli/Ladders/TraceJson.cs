namespace Kippu.Cli.Ladders;

/// <summary>
/// A <see cref="HandshakeTrace"/> in JSON. <c>Pattern</c> is inferred from the wire; in TLS 1.3 <c>InTheClear</c> says from what, and <c>Decrypted</c> what the engine's trace adds.
/// </summary>
internal sealed record TraceJson(
    string Pattern,
    string Title,
    string Remark,
    string? InTheClear,
    string? Decrypted,
    int RoundTrips,
    long BytesFromClient,
    long BytesFromServer,
    IReadOnlyList<TraceJson.Message> Messages,
    IReadOnlyList<TraceJson.Record> Records,
    IReadOnlyList<FieldGroup> TicketFields)
{
    public static TraceJson Of(HandshakeTrace trace) => new(
        trace.Pattern.Number,
        Wire.InferredPattern.TitleOf(trace.Pattern.Pattern),
        trace.Pattern.Remark,
        trace.Pattern.Evidence.Length > 0 ? trace.Pattern.Evidence : null,
        trace.IsTls13 ? trace.Hidden.ToString() : null,
        trace.RoundTrips,
        trace.BytesFromClient,
        trace.BytesFromServer,
        [.. trace.Messages.Select(message => new Message(
            Sender(message.FromClient), message.Name, message.Length, message.Time.TotalMilliseconds, message.IsProtected, [.. message.Fields.Select(field => new Field(field.Name, field.Value))]))],
        [.. trace.Records.Select(record => new Record(Sender(record.FromClient), HandshakeTrace.ContentTypeName(record.ContentType), record.Length, record.Time.TotalMilliseconds))],
        trace.Fields);

    private static string Sender(bool fromClient) => fromClient ? "client" : "server";

    /// <summary>One message, as the engine told it.</summary>
    internal sealed record Message(string From, string Name, int Bytes, double Milliseconds, bool IsProtected, IReadOnlyList<Field> Fields);

    /// <summary>One record on the wire; its bytes include the header.</summary>
    internal sealed record Record(string From, string ContentType, int Bytes, double Milliseconds);
}
