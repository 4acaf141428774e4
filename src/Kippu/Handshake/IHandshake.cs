using Kippu.Wire;

namespace Kippu.Handshake;

/// <summary>One side of one version's handshake: what the connection hands messages to. It speaks through its <see cref="HandshakeChannel"/>.</summary>
internal interface IHandshake : IDisposable
{
    /// <summary>The flight map: who takes a message of this type at this moment. Asked as soon as a message begins, before it is whole.</summary>
    /// <exception cref="Alerts.TlsFaultException">It has no place here.</exception>
    Action<HandshakeMessage> Handler(HandshakeType type);

    /// <summary>A ChangeCipherSpec came.</summary>
    void ReceiveChangeCipherSpec();

    /// <summary>The handshake has failed, on whichever side. RFC 5246 §7.2.2: a session whose connection ends in a fatal alert must not be resumed.</summary>
    /// <remarks>
    /// A server has nothing to forget: it keeps a new session only once the client's Finished has verified, and whoever merely knows somebody's session ID, which travels in
    /// clear, must not be able to end that session.
    /// </remarks>
    void Abandon()
    {
    }
}
