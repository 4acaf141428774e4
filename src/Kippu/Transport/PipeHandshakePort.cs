namespace Kippu.Transport;

/// <summary>The handshake of a <see cref="TlsDuplexPipe"/>.</summary>
internal sealed class PipeHandshakePort(PipeRecordInput input, PipeRecordOutput output) : IHandshakePort
{
    public TlsReadResult Step() => input.Step(plaintext: null);

    /// <summary>Whoever cancels the transport's reads does not mean the handshake: that has a token of its own.</summary>
    public async ValueTask<bool> ReceiveAsync(int required, CancellationToken cancellationToken) =>
        await input.FillAsync(required, cancellationToken).ConfigureAwait(false) != PipeFill.Ended;

    /// <summary>If the transport's reader is gone, the end of its input will tell.</summary>
    public async ValueTask SendPendingAsync(CancellationToken cancellationToken)
    {
        output.SealPending();
        await output.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    public ValueTask TrySendLastWordsAsync() => output.TrySendLastWordsAsync();
}
