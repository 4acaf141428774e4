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
    private const int BlankCount = 64;

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

    /// <summary>
    /// What TLS 1.3 signs (RFC 8446 §4.4.3): 64 blanks, which clear the prefix that an attacker on TLS 1.2 could choose, then who signs, a zero byte, and
    /// the transcript hash up to and including the signer's Certificate.
    /// </summary>
    /// <param name="byServer">Whose signature it is.</param>
    /// <param name="transcriptHash">Transcript-Hash(Handshake Context, Certificate).</param>
    public static byte[] ContentToSign(bool byServer, ReadOnlySpan<byte> transcriptHash)
    {
        var context = byServer ? "TLS 1.3, server CertificateVerify"u8 : "TLS 1.3, client CertificateVerify"u8;
        var content = new byte[BlankCount + context.Length + 1 + transcriptHash.Length];
        content.AsSpan(0, BlankCount).Fill((byte)' ');
        context.CopyTo(content.AsSpan(BlankCount));
        transcriptHash.CopyTo(content.AsSpan(BlankCount + context.Length + 1));
        return content;
    }

    public void Write(TlsWriter writer)
    {
        writer.WriteUInt16(Scheme);
        writer.WriteVector16(Signature.Span);
    }
}
