namespace Kippu.Transport;

/// <summary>The handshake of a <see cref="TlsStream"/>.</summary>
internal sealed class StreamHandshakePort(RecordInput input, RecordOutput output) : IHandshakePort
{
    public TlsReadResult Step() => input.StepHandshake();

    public ValueTask<bool> ReceiveAsync(int required, CancellationToken cancellationToken) => input.FillAsync(required, holdNothing: false, cancellationToken);

    public ValueTask SendPendingAsync(CancellationToken cancellationToken) => output.SendPendingAsync(cancellationToken);

    public ValueTask TrySendLastWordsAsync() => output.TrySendLastWordsAsync();
}
