namespace Kippu.Wire.Extensions;

/// <summary>
/// certificate_authorities (RFC 8446 §4.2.4), the same in ClientHello and CertificateRequest.
/// <code>
/// opaque DistinguishedName&lt;1..2^16-1&gt;;
/// struct { DistinguishedName authorities&lt;3..2^16-1&gt;; } CertificateAuthoritiesExtension;
/// </code>
/// </summary>
internal static class CertificateAuthoritiesExtension
{
    /// <summary>Distinguished names in DER, of which nothing has been looked at; at least one.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Read(ReadOnlyMemory<byte> data)
    {
        var reader = new MemoryReader(data);
        var list = new MemoryReader(reader.ReadVector16("authorities", min: 3));
        reader.ExpectEnd("certificate_authorities");
        var authorities = new List<ReadOnlyMemory<byte>>();
        while (!list.IsEmpty)
        {
            authorities.Add(list.ReadVector16("DistinguishedName", min: 1));
        }

        return authorities;
    }

    public static void Write(TlsWriter writer, IReadOnlyList<ReadOnlyMemory<byte>> authorities)
    {
        using (ExtensionFraming.Open(writer, ExtensionType.CertificateAuthorities))
        using (writer.Vector16())
        {
            foreach (var authority in authorities)
            {
                writer.WriteVector16(authority.Span);
            }
        }
    }
}
