namespace Kippu;

/// <summary>Sees every handshake message, alert and ChangeCipherSpec of the connections it is given to.</summary>
/// <remarks>Called on the thread that drives the connection, in the order of the wire; it should be quick and must not throw. Connections of several threads call at once.</remarks>
public interface IHandshakeObserver
{
    /// <summary>Something was sent or received.</summary>
    /// <param name="connection">The connection's number, unique within the process: tells connections apart.</param>
    /// <param name="e">What. Its memory is valid only during the call.</param>
    void OnEvent(long connection, in HandshakeEvent e);
}
