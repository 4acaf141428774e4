using Kippu.Alerts;

namespace Kippu.Wire.Messages;

/// <summary>
/// Finished. In TLS 1.2 (RFC 5246 §7.4.9) verify_data is 12 bytes in every suite that is spoken; in TLS 1.3 (RFC 8446 §4.4.4) "it is the size of the HMAC
/// output for the Hash used for the handshake".
/// <code>
/// struct {
///     opaque verify_data[verify_data_length];
/// } Finished;
/// </code>
/// </summary>
internal sealed class Finished : IHandshakeBody<Finished>
{
    /// <summary>In TLS 1.2.</summary>
    public const int VerifyDataLength = 12;

    public static HandshakeType Type => HandshakeType.Finished;

    public required ReadOnlyMemory<byte> VerifyData { get; init; }

    /// <summary>That of TLS 1.2.</summary>
    public static Finished Parse(ReadOnlyMemory<byte> body) => Parse(body, VerifyDataLength);

    /// <summary>That of TLS 1.3, for the hash of the suite.</summary>
    /// <param name="body">Everything behind the header.</param>
    /// <param name="length">What verify_data must have.</param>
    /// <exception cref="TlsFaultException">It has another length.</exception>
    public static Finished Parse(ReadOnlyMemory<byte> body, int length) => body.Length == length
        ? new Finished { VerifyData = body }
        : throw new TlsFaultException(TlsFault.MalformedMessage, $"verify_data: {body.Length} bytes instead of {length}");

    public void Write(TlsWriter writer) => writer.WriteBytes(VerifyData.Span);
}
