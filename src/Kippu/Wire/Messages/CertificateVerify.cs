namespace Kippu.Wire.Messages;

/// <summary>
/// CertificateVerify (RFC 5246 §7.4.8, the digitally-signed element of §4.7 spelled out; RFC 8446 §4.4.3 has the same bytes).
/// <code>
/// struct {
///     SignatureAndHashAlgorithm algorithm;
///     opaque signature&lt;0..2^16-1&gt;;
/// } CertificateVerify;
/// </code>
/// </summary>
internal sealed class CertificateVerify : IHandshakeBody<CertificateVerify>
{
    public static HandshakeType Type => HandshakeType.CertificateVerify;

    /// <summary>The number of the signature scheme, which need not be one that was offered.</summary>
    public required ushort Scheme { get; init; }

    public required ReadOnlyMemory<byte> Signature { get; init; }

    public static CertificateVerify Parse(ReadOnlyMemory<byte> body)
    {
        var reader = new MemoryReader(body);
        var message = new CertificateVerify
        {
            Scheme = reader.ReadUInt16("algorithm"),
            Signature = reader.ReadVector16("signature"),
        };
        reader.ExpectEnd("CertificateVerify");
        return message;
    }

    public void Write(TlsWriter writer)
    {
        writer.WriteUInt16(Scheme);
        writer.WriteVector16(Signature.Span);
    }
}
