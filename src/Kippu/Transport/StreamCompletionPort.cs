namespace Kippu.Transport;

/// <summary>
/// The rest of a server's handshake, once it has accepted early data: by now it belongs to the reader, beside a writer. Nothing of the handshake itself is left to be
/// sent, so what waits in the queue goes out aside.
/// </summary>
internal sealed class StreamCompletionPort(RecordInput input, AsideOutput aside, TlsConnection connection, HalfGate readGate, HandshakeGoal goal)
    : StreamPort(input, readGate)
{
    public override bool IsDone => connection.IsConnected || (goal == HandshakeGoal.EarlyData && (Input.HasEarlyData || !connection.IsReadingEarlyData));

    public override ValueTask SendPendingAsync(CancellationToken cancellationToken)
    {
        aside.Send();
        return default;
    }

    public override void SendPending() => aside.Send();

    public override ValueTask TrySendLastWordsAsync() => aside.TrySendLastWordsAsync();

    public override void TrySendLastWords() => aside.TrySendLastWordsAsync().AsTask().GetAwaiter().GetResult();
}
