namespace Kippu.Wire.Messages;

/// <summary>
/// ClientKeyExchange of the ECDHE suites (RFC 8422 §5.7).
/// <code>
/// struct { opaque point &lt;1..2^8-1&gt;; } ECPoint;
/// struct { ECPoint ecdh_Yc; } ClientKeyExchange;
/// </code>
/// </summary>
internal sealed class ClientKeyExchange : IHandshakeBody<ClientKeyExchange>
{
    public static HandshakeType Type => HandshakeType.ClientKeyExchange;

    public required ReadOnlyMemory<byte> PublicKey { get; init; }

    public static ClientKeyExchange Parse(ReadOnlyMemory<byte> body)
    {
        var reader = new MemoryReader(body);
        var message = new ClientKeyExchange { PublicKey = reader.ReadVector8("ecdh_Yc", min: 1) };
        reader.ExpectEnd("ClientKeyExchange");
        return message;
    }

    public void Write(TlsWriter writer) => writer.WriteVector8(PublicKey.Span);
}
