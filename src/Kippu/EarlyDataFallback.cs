namespace Kippu;

/// <summary>What becomes of early data that did not reach the server as such: no session allows it, the server refused it, or there was more of it than the session allows.</summary>
public enum EarlyDataFallback
{
    /// <summary>
    /// It is sent once the handshake is complete, before the call returns. If the server then speaks another application protocol than
    /// <see cref="ClientEarlyData.ApplicationProtocol"/>, the handshake fails instead (<see cref="TlsFault.NoApplicationProtocol"/>): nothing is sent in the wrong protocol.
    /// </summary>
    SendAfterHandshake,

    /// <summary>The call returns it, and it is the caller's to send.</summary>
    LeaveToCaller,
}
