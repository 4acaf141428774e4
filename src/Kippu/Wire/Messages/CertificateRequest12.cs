namespace Kippu.Wire.Messages;

/// <summary>
/// CertificateRequest of TLS 1.2 (RFC 5246 §7.4.4; ecdsa_sign from RFC 8422 §5.5).
/// <code>
/// enum { rsa_sign(1), dss_sign(2), rsa_fixed_dh(3), dss_fixed_dh(4), ecdsa_sign(64), (255) } ClientCertificateType;
/// opaque DistinguishedName&lt;1..2^16-1&gt;;
/// struct {
///     ClientCertificateType certificate_types&lt;1..2^8-1&gt;;
///     SignatureAndHashAlgorithm supported_signature_algorithms&lt;2..2^16-2&gt;;
///     DistinguishedName certificate_authorities&lt;0..2^16-1&gt;;
/// } CertificateRequest;
/// </code>
/// </summary>
internal sealed class CertificateRequest12 : IHandshakeBody<CertificateRequest12>
{
    public const byte RsaSign = 1;
    public const byte EcdsaSign = 64;

    public static HandshakeType Type => HandshakeType.CertificateRequest;

    public required ReadOnlyMemory<byte> CertificateTypes { get; init; }

    public required UInt16List SignatureAlgorithms { get; init; }

    /// <summary>Distinguished names in DER, of which nothing has been looked at; none means any authority.</summary>
    public required IReadOnlyList<ReadOnlyMemory<byte>> CertificateAuthorities { get; init; }

    public static CertificateRequest12 Parse(ReadOnlyMemory<byte> body)
    {
        var reader = new MemoryReader(body);
        var types = reader.ReadVector8("certificate_types", min: 1);
        var schemes = UInt16List.Parse(reader.ReadVector16("supported_signature_algorithms", min: 2, max: 0xFFFE), "supported_signature_algorithms");
        var list = new MemoryReader(reader.ReadVector16("certificate_authorities"));
        reader.ExpectEnd("CertificateRequest");
        var authorities = new List<ReadOnlyMemory<byte>>();
        while (!list.IsEmpty)
        {
            authorities.Add(list.ReadVector16("DistinguishedName", min: 1));
        }

        return new CertificateRequest12 { CertificateTypes = types, SignatureAlgorithms = schemes, CertificateAuthorities = authorities };
    }

    public void Write(TlsWriter writer)
    {
        writer.WriteVector8(CertificateTypes.Span);
        writer.WriteVector16(SignatureAlgorithms.Raw);
        using (writer.Vector16())
        {
            foreach (var authority in CertificateAuthorities)
            {
                writer.WriteVector16(authority.Span);
            }
        }
    }
}
