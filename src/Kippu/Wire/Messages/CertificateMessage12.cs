namespace Kippu.Wire.Messages;

/// <summary>
/// Certificate of TLS 1.2 (RFC 5246 §7.4.2), the sender's own certificate first. A client without one sends an empty list (§7.4.6).
/// <code>
/// opaque ASN.1Cert&lt;1..2^24-1&gt;;
/// struct {
///     ASN.1Cert certificate_list&lt;0..2^24-1&gt;;
/// } Certificate;
/// </code>
/// </summary>
internal sealed class CertificateMessage12 : IHandshakeBody<CertificateMessage12>
{
    public static HandshakeType Type => HandshakeType.Certificate;

    /// <summary>The certificates in DER, of which nothing has been looked at.</summary>
    public required IReadOnlyList<ReadOnlyMemory<byte>> Certificates { get; init; }

    public static CertificateMessage12 Parse(ReadOnlyMemory<byte> body)
    {
        var reader = new MemoryReader(body);
        var list = new MemoryReader(reader.ReadVector24("certificate_list"));
        reader.ExpectEnd("Certificate");
        var certificates = new List<ReadOnlyMemory<byte>>();
        while (!list.IsEmpty)
        {
            CertificateCount.Check(certificates.Count);
            certificates.Add(list.ReadVector24("ASN.1Cert", min: 1));
        }

        return new CertificateMessage12 { Certificates = certificates };
    }

    public void Write(TlsWriter writer)
    {
        using (writer.Vector24())
        {
            foreach (var certificate in Certificates)
            {
                writer.WriteVector24(certificate.Span);
            }
        }
    }
}
