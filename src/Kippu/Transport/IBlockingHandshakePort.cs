namespace Kippu.Transport;

/// <summary>The same for a handshake on the caller's own thread.</summary>
internal interface IBlockingHandshakePort : IHandshakePort
{
    /// <inheritdoc cref="IHandshakePort.ReceiveAsync"/>
    bool Receive(int required);

    /// <inheritdoc cref="IHandshakePort.SendPendingAsync"/>
    void SendPending();

    /// <inheritdoc cref="IHandshakePort.TrySendLastWordsAsync"/>
    void TrySendLastWords();
}
