namespace Kippu.Transport;

/// <summary>What a handshake needs of the transport below it, whether that is a stream or a pair of pipes.</summary>
internal interface IHandshakePort
{
    /// <summary>Whether the handshake has come as far as this call is to carry it.</summary>
    bool IsDone { get; }

    /// <summary>Gives the connection what has come; one step. Early data is kept.</summary>
    TlsReadResult Step();

    /// <summary>Waits for more; false at the end of the transport.</summary>
    /// <param name="required">Bytes from the first unread one on.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<bool> ReceiveAsync(int required, CancellationToken cancellationToken);

    /// <summary>Sends and flushes all that waits in the connection's queue; with a client's first flight, its early data.</summary>
    ValueTask SendPendingAsync(CancellationToken cancellationToken);

    /// <summary>The same as far as it can be done in a short time; never throws.</summary>
    ValueTask TrySendLastWordsAsync();
}
