namespace Kippu.Transport;

/// <summary>What a handshake needs of the stream's read half.</summary>
internal abstract class StreamPort(RecordInput input, HalfGate readGate) : IBlockingHandshakePort
{
    public abstract bool IsDone { get; }

    protected RecordInput Input => input;

    public TlsReadResult Step() => input.StepHandshake();

    public async ValueTask<bool> ReceiveAsync(int required, CancellationToken cancellationToken)
    {
        var received = await input.FillAsync(required, holdNothing: false, cancellationToken).ConfigureAwait(false);
        ObjectDisposedException.ThrowIf(readGate.IsClosed, typeof(TlsStream));
        return received;
    }

    public bool Receive(int required)
    {
        var received = input.Fill(required, holdNothing: false);
        ObjectDisposedException.ThrowIf(readGate.IsClosed, typeof(TlsStream));
        return received;
    }

    public abstract ValueTask SendPendingAsync(CancellationToken cancellationToken);

    public abstract void SendPending();

    public abstract ValueTask TrySendLastWordsAsync();

    public abstract void TrySendLastWords();
}
