namespace Kippu.Wire.Messages;

/// <summary>
/// HelloRequest (RFC 5246 §7.4.1.1): a server's wish to negotiate again. It is no part of any transcript.
/// <code>
/// struct { } HelloRequest;
/// </code>
/// </summary>
internal sealed class HelloRequest : IHandshakeBody<HelloRequest>
{
    public static readonly HelloRequest Instance = new();

    private HelloRequest()
    {
    }

    public static HandshakeType Type => HandshakeType.HelloRequest;

    public static HelloRequest Parse(ReadOnlyMemory<byte> body)
    {
        new TlsReader(body.Span).ExpectEnd("HelloRequest");
        return Instance;
    }

    public void Write(TlsWriter writer)
    {
    }
}
