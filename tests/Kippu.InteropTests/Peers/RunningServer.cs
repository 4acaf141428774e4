namespace Kippu.InteropTests.Peers;

/// <summary>A foreign server that runs.</summary>
internal abstract class RunningServer : IAsyncDisposable
{
    public int Port { get; protected init; }

    /// <summary>False: it says nothing on the connection, and its words elsewhere.</summary>
    public bool AnswersRequests { get; init; } = true;

    /// <summary>What it has to say about the connection that has just ended.</summary>
    /// <param name="response">What came back on the connection: some servers answer with their words.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public abstract Task<PeerWords> WordsAsync(string response, CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();
}
