namespace Kippu.Wire.Messages;

/// <summary>
/// EndOfEarlyData (RFC 8446 §4.5): the client's early data end here, and with them their key.
/// <code>
/// struct {} EndOfEarlyData;
/// </code>
/// </summary>
internal sealed class EndOfEarlyData : IHandshakeBody<EndOfEarlyData>
{
    public static readonly EndOfEarlyData Instance = new();

    private EndOfEarlyData()
    {
    }

    public static HandshakeType Type => HandshakeType.EndOfEarlyData;

    public static EndOfEarlyData Parse(ReadOnlyMemory<byte> body)
    {
        new TlsReader(body.Span).ExpectEnd("EndOfEarlyData");
        return Instance;
    }

    public void Write(TlsWriter writer)
    {
    }
}
