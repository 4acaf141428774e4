namespace Kippu.Wire.Messages;

/// <summary>
/// ServerHelloDone (RFC 5246 §7.4.5): the server has said what it has to say and waits.
/// <code>
/// struct { } ServerHelloDone;
/// </code>
/// </summary>
internal sealed class ServerHelloDone : IHandshakeBody<ServerHelloDone>
{
    public static readonly ServerHelloDone Instance = new();

    private ServerHelloDone()
    {
    }

    public static HandshakeType Type => HandshakeType.ServerHelloDone;

    public static ServerHelloDone Parse(ReadOnlyMemory<byte> body)
    {
        new TlsReader(body.Span).ExpectEnd("ServerHelloDone");
        return Instance;
    }

    public void Write(TlsWriter writer)
    {
    }
}
