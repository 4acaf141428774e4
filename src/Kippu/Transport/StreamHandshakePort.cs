namespace Kippu.Transport;

/// <summary>The handshake of a <see cref="TlsStream"/>, which has both halves for itself until the application can use the connection.</summary>
internal sealed class StreamHandshakePort(RecordInput input, RecordOutput output, TlsConnection connection, HalfGate readGate, ReadOnlyMemory<byte> earlyData)
    : StreamPort(input, readGate)
{
    private ReadOnlyMemory<byte> _earlyData = earlyData;

    /// <summary>Bytes of a client's early data that were sent.</summary>
    public int EarlyDataSent { get; private set; }

    public override bool IsDone => connection.IsConnected || connection.IsReadingEarlyData;

    public override async ValueTask SendPendingAsync(CancellationToken cancellationToken)
    {
        if (_earlyData.IsEmpty)
        {
            await output.SendPendingAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        EarlyDataSent = await output.SendEarlyDataAsync(_earlyData, cancellationToken).ConfigureAwait(false);
        _earlyData = default;
    }

    public override void SendPending()
    {
        if (_earlyData.IsEmpty)
        {
            output.SendPending();
            return;
        }

        EarlyDataSent = output.SendEarlyData(_earlyData.Span);
        _earlyData = default;
    }

    public override ValueTask TrySendLastWordsAsync() => output.TrySendLastWordsAsync();

    public override void TrySendLastWords() => output.TrySendLastWords();
}
