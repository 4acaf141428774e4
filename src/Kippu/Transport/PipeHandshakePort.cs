namespace Kippu.Transport;

/// <summary>The handshake of a <see cref="TlsDuplexPipe"/>, which has both halves for itself until the application can use the connection.</summary>
internal sealed class PipeHandshakePort(PipeRecordInput input, PipeRecordOutput output, TlsConnection connection, HalfGate readGate, ReadOnlyMemory<byte> earlyData)
    : IHandshakePort
{
    private ReadOnlyMemory<byte> _earlyData = earlyData;

    /// <summary>Bytes of a client's early data that were sent.</summary>
    public int EarlyDataSent { get; private set; }

    public bool IsDone => connection.IsConnected || connection.IsReadingEarlyData;

    /// <summary>Early data stays in the transport's pipe.</summary>
    public TlsReadResult Step() => input.Step(plaintext: null);

    /// <summary>Whoever cancels the transport's reads does not mean the handshake, which has a token of its own; unless the pipe was disposed.</summary>
    public async ValueTask<bool> ReceiveAsync(int required, CancellationToken cancellationToken)
    {
        var fill = await input.FillAsync(required, cancellationToken).ConfigureAwait(false);
        ObjectDisposedException.ThrowIf(readGate.IsClosed, typeof(TlsDuplexPipe));
        return fill != PipeFill.Ended;
    }

    /// <summary>If the transport's reader is gone, the end of its input will tell.</summary>
    public async ValueTask SendPendingAsync(CancellationToken cancellationToken)
    {
        while (!_earlyData.IsEmpty && (connection.HasPendingOutput || connection.EarlyDataLimit > 0))
        {
            var sealedLength = output.SealEarlyData(_earlyData.Span);
            EarlyDataSent += sealedLength;
            _earlyData = _earlyData[sealedLength..];
            await output.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        _earlyData = default;
        output.SealPending();
        await output.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    public ValueTask TrySendLastWordsAsync() => output.TrySendLastWordsAsync();
}
