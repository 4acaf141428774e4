namespace Kippu;

public sealed partial class TlsStream
{
    /// <summary>
    /// Reads what is there, or waits for something; 0 once the peer has sent close_notify. Before the handshake is complete it waits for that first, and delivers nothing of
    /// <see cref="ReadEarlyDataAsync"/>. See the remarks on the type.
    /// </summary>
    /// <param name="buffer">Gets application data. 16,384 bytes or more spare a copy. Empty: waits until there is something to read.</param>
    /// <param name="cancellationToken">Cancels the wait; nothing is lost.</param>
    /// <exception cref="TlsException">The peer broke the protocol, sent a fatal alert, or ended the transport without close_notify (<see cref="TlsFault.Truncated"/>).</exception>
    /// <exception cref="IOException">The inner stream failed.</exception>
    /// <exception cref="InvalidOperationException">Not authenticated, or another read is under way.</exception>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var reader = Usable.Reader;
        return cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<int>(cancellationToken) : reader.ReadAsync(buffer, cancellationToken);
    }

    /// <inheritdoc cref="ReadAsync(Memory{byte}, CancellationToken)"/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <inheritdoc cref="ReadAsync(Memory{byte}, CancellationToken)"/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    /// <summary>Reads what is there, or blocks until there is something; 0 once the peer has sent close_notify. See the remarks on the type.</summary>
    /// <inheritdoc cref="ReadAsync(Memory{byte}, CancellationToken)"/>
    public override int Read(Span<byte> buffer) => Usable.Reader.Read(buffer);

    /// <inheritdoc/>
    public override int ReadByte()
    {
        Span<byte> one = stackalloc byte[1];
        return Read(one) == 0 ? -1 : one[0];
    }

    /// <inheritdoc/>
    public override IAsyncResult BeginRead(byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        TaskToAsyncResult.Begin(ReadAsync(buffer, offset, count, CancellationToken.None), callback, state);

    /// <inheritdoc/>
    public override int EndRead(IAsyncResult asyncResult) => TaskToAsyncResult.End<int>(asyncResult);
}
