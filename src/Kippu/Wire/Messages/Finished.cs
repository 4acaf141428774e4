using Kippu.Alerts;

namespace Kippu.Wire.Messages;

/// <summary>
/// Finished of TLS 1.2 (RFC 5246 §7.4.9), whose verify_data is 12 bytes in every suite that is spoken.
/// <code>
/// struct {
///     opaque verify_data[verify_data_length];
/// } Finished;
/// </code>
/// </summary>
internal sealed class Finished : IHandshakeBody<Finished>
{
    public const int VerifyDataLength = 12;

    public static HandshakeType Type => HandshakeType.Finished;

    public required ReadOnlyMemory<byte> VerifyData { get; init; }

    public static Finished Parse(ReadOnlyMemory<byte> body) => body.Length == VerifyDataLength
        ? new Finished { VerifyData = body }
        : throw new TlsFaultException(PeerFault.MalformedMessage, $"verify_data: {body.Length} bytes instead of {VerifyDataLength}");

    public void Write(TlsWriter writer) => writer.WriteBytes(VerifyData.Span);
}
