namespace Kippu.Wire.Extensions;

/// <summary>
/// signature_algorithms (RFC 5246 §7.4.1.4.1) and its twin for the signatures inside certificates, signature_algorithms_cert (RFC 8446 §4.2.3).
/// <code>
/// struct { SignatureScheme supported_signature_algorithms&lt;2..2^16-2&gt;; } SignatureSchemeList;
/// </code>
/// </summary>
internal static class SignatureAlgorithmsExtension
{
    public static UInt16List Read(ReadOnlyMemory<byte> data)
    {
        var reader = new MemoryReader(data);
        var schemes = UInt16List.Parse(reader.ReadVector16("supported_signature_algorithms", min: 2), "supported_signature_algorithms");
        reader.ExpectEnd("signature_algorithms");
        return schemes;
    }

    /// <param name="writer">Where to.</param>
    /// <param name="type"><see cref="ExtensionType.SignatureAlgorithms"/> or <see cref="ExtensionType.SignatureAlgorithmsCert"/>.</param>
    /// <param name="schemes">In order of preference.</param>
    public static void Write(TlsWriter writer, ExtensionType type, UInt16List schemes)
    {
        using (ExtensionFraming.Open(writer, type))
        {
            writer.WriteVector16(schemes.Raw);
        }
    }
}
