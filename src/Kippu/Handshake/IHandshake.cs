using Kippu.Wire;

namespace Kippu.Handshake;

/// <summary>One side of one version's handshake: what the connection hands messages to. It speaks through its <see cref="HandshakeChannel"/>.</summary>
internal interface IHandshake : IDisposable
{
    /// <summary>A handshake message came.</summary>
    void Receive(HandshakeMessage message);

    /// <summary>A ChangeCipherSpec came.</summary>
    void ReceiveChangeCipherSpec();

    /// <summary>The handshake has failed, on whichever side. RFC 5246 §7.2.2: a session whose connection ends in a fatal alert must not be resumed.</summary>
    void Abandon();
}
