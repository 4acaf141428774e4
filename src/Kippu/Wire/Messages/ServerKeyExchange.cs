using Kippu.Alerts;

namespace Kippu.Wire.Messages;

/// <summary>
/// ServerKeyExchange of the ECDHE suites (RFC 8422 §5.4; the signature as in RFC 5246 §4.7).
/// <code>
/// enum { deprecated (1..2), named_curve (3), reserved(248..255) } ECCurveType;
/// struct {
///     ECCurveType curve_type;
///     select (curve_type) { case named_curve: NamedCurve namedcurve; };
/// } ECParameters;
/// struct { opaque point &lt;1..2^8-1&gt;; } ECPoint;
/// struct {
///     ECParameters curve_params;
///     ECPoint      public;
/// } ServerECDHParams;
/// struct {
///     ServerECDHParams params;
///     SignatureAndHashAlgorithm algorithm;
///     opaque signature&lt;0..2^16-1&gt;;
/// } ServerKeyExchange;
/// </code>
/// </summary>
internal sealed class ServerKeyExchange : IHandshakeBody<ServerKeyExchange>
{
    private const byte NamedCurve = 3;

    public static HandshakeType Type => HandshakeType.ServerKeyExchange;

    /// <summary>The number of the group, which need not be one that was offered.</summary>
    public required ushort Group { get; init; }

    public required ReadOnlyMemory<byte> PublicKey { get; init; }

    /// <summary>ServerECDHParams as they stand on the wire: signed, behind the two randoms.</summary>
    public required ReadOnlyMemory<byte> Parameters { get; init; }

    /// <summary>The number of the signature scheme, which need not be one that was offered.</summary>
    public required ushort Scheme { get; init; }

    public required ReadOnlyMemory<byte> Signature { get; init; }

    public static ServerKeyExchange Parse(ReadOnlyMemory<byte> body)
    {
        var reader = new MemoryReader(body);
        var curveType = reader.ReadUInt8("curve_type");
        if (curveType != NamedCurve)
        {
            // RFC 8422 §5.4: "This option is now the only remaining format."
            throw new TlsFaultException(TlsFault.IllegalParameter, $"curve_type: {curveType} is not named_curve");
        }

        var message = new ServerKeyExchange
        {
            Group = reader.ReadUInt16("namedcurve"),
            PublicKey = reader.ReadVector8("public", min: 1),
            Parameters = body[..reader.Position],
            Scheme = reader.ReadUInt16("algorithm"),
            Signature = reader.ReadVector16("signature"),
        };
        reader.ExpectEnd("ServerKeyExchange");
        return message;
    }

    public void Write(TlsWriter writer)
    {
        writer.WriteBytes(Parameters.Span);
        writer.WriteUInt16(Scheme);
        writer.WriteVector16(Signature.Span);
    }

    /// <summary>Writes ServerECDHParams, which are signed before the message can be written.</summary>
    public static void WriteParameters(TlsWriter writer, NamedGroup group, ReadOnlySpan<byte> publicKey)
    {
        writer.WriteUInt8(NamedCurve);
        writer.WriteUInt16((ushort)group);
        writer.WriteVector8(publicKey);
    }
}
