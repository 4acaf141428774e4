using Kippu.Alerts;
using Kippu.Wire;

namespace Kippu.Handshake;

/// <summary>
/// After a TLS 1.2 handshake: nothing is renegotiated. RFC 5246 §7.2.2 has no_renegotiation as a warning; here it is fatal, because a peer
/// that asks has no other business with a handshake message (a documented deviation).
/// </summary>
internal sealed class Renegotiation12 : IHandshake
{
    private readonly HandshakeType _request;

    private Renegotiation12(HandshakeType request) => _request = request;

    public static Renegotiation12 RefusedByClient { get; } = new(HandshakeType.HelloRequest);

    public static Renegotiation12 RefusedByServer { get; } = new(HandshakeType.ClientHello);

    public Action<HandshakeMessage> Handler(HandshakeType type) => throw (type == _request
        ? new TlsFaultException(TlsFault.RenegotiationRefused, $"the peer asked for a renegotiation ({type}); it is refused")
        : new TlsFaultException(TlsFault.UnexpectedMessage, $"{type} came after the handshake"));

    public void ReceiveChangeCipherSpec() => throw new TlsFaultException(TlsFault.UnexpectedMessage, "ChangeCipherSpec came after the handshake");

    public void Dispose()
    {
    }
}
