using Kippu.Wire;
using Kippu.Wire.Messages;

namespace Kippu.Handshake;

/// <summary>The first ClientHello, kept to be compared with the second, and the HelloRetryRequest between them (RFC 8446 §4.1.2).</summary>
internal sealed class RetriedHello
{
    private readonly ClientHello _first;
    private readonly HelloRetryRequest _request;

    private RetriedHello(ClientHello first, HelloRetryRequest request)
    {
        _first = first;
        _request = request;
    }

    /// <summary>Takes a copy: the memory of the message is used again for the next one.</summary>
    public static RetriedHello Keep(HandshakeMessage hello, HelloRetryRequest request) => new(ClientHello.Parse(hello.Body.ToArray()), request);

    public void Check(ClientHello second) => SecondClientHello.Check(_first, _request, second);
}
