namespace Kippu.Wire.Messages;

/// <summary>
/// Certificate of TLS 1.3 (RFC 8446 §4.4.2), the sender's own certificate first. A client without one sends an empty list.
/// <code>
/// struct {
///     opaque certificate_request_context&lt;0..2^8-1&gt;;
///     CertificateEntry certificate_list&lt;0..2^24-1&gt;;
/// } Certificate;
/// </code>
/// </summary>
internal sealed class CertificateMessage13 : IHandshakeBody<CertificateMessage13>
{
    public static HandshakeType Type => HandshakeType.Certificate;

    /// <summary>That of the CertificateRequest; empty from a server.</summary>
    public ReadOnlyMemory<byte> Context { get; init; }

    public required IReadOnlyList<CertificateEntry> Entries { get; init; }

    public static CertificateMessage13 Parse(ReadOnlyMemory<byte> body)
    {
        var reader = new MemoryReader(body);
        var context = reader.ReadVector8("certificate_request_context");
        var list = new MemoryReader(reader.ReadVector24("certificate_list"));
        reader.ExpectEnd("Certificate");
        var entries = new List<CertificateEntry>();
        while (!list.IsEmpty)
        {
            CertificateCount.Check(entries.Count);
            entries.Add(CertificateEntry.Read(ref list));
        }

        return new CertificateMessage13 { Context = context, Entries = entries };
    }

    public void Write(TlsWriter writer)
    {
        writer.WriteVector8(Context.Span);
        using (writer.Vector24())
        {
            foreach (var entry in Entries)
            {
                entry.Write(writer);
            }
        }
    }
}
