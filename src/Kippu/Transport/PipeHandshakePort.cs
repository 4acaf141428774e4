namespace Kippu.Transport;

/// <summary>The handshake of a <see cref="TlsDuplexPipe"/>.</summary>
internal sealed class PipeHandshakePort(PipeRecordInput input, PipeRecordOutput output, HalfGate gate) : IHandshakePort
{
    public TlsReadResult Step() => input.Step(plaintext: null);

    /// <summary>Whoever cancels the transport's reads does not mean the handshake, which has a token of its own; unless the pipe was disposed.</summary>
    public async ValueTask<bool> ReceiveAsync(int required, CancellationToken cancellationToken)
    {
        var fill = await input.FillAsync(required, cancellationToken).ConfigureAwait(false);
        ObjectDisposedException.ThrowIf(gate.IsClosed, typeof(TlsDuplexPipe));
        return fill != PipeFill.Ended;
    }

    /// <summary>If the transport's reader is gone, the end of its input will tell.</summary>
    public async ValueTask SendPendingAsync(CancellationToken cancellationToken)
    {
        output.SealPending();
        await output.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    public ValueTask TrySendLastWordsAsync() => output.TrySendLastWordsAsync();
}
