namespace Kippu;

public sealed partial class TlsStream
{
    /// <summary>Sends data, in records of 16,384 bytes or less. See the remarks on the type.</summary>
    /// <param name="buffer">Application data.</param>
    /// <param name="cancellationToken">Cancels. Once records are on their way, that ends the writing direction for good.</param>
    /// <exception cref="TlsException">The connection has failed.</exception>
    /// <exception cref="IOException">The inner stream failed, now or in an earlier write.</exception>
    /// <exception cref="InvalidOperationException">Not authenticated, or <see cref="ShutdownAsync"/> was called.</exception>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var writer = Usable.Writer;
        return cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled(cancellationToken) : writer.WriteAsync(buffer, cancellationToken);
    }

    /// <inheritdoc cref="WriteAsync(ReadOnlyMemory{byte}, CancellationToken)"/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <inheritdoc cref="WriteAsync(ReadOnlyMemory{byte}, CancellationToken)"/>
    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        Write(buffer.AsSpan(offset, count));
    }

    /// <inheritdoc cref="WriteAsync(ReadOnlyMemory{byte}, CancellationToken)"/>
    public override void Write(ReadOnlySpan<byte> buffer) => Usable.Writer.Write(buffer);

    /// <inheritdoc/>
    public override void WriteByte(byte value) => Write([value]);

    /// <inheritdoc/>
    public override IAsyncResult BeginWrite(byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        TaskToAsyncResult.Begin(WriteAsync(buffer, offset, count, CancellationToken.None), callback, state);

    /// <inheritdoc/>
    public override void EndWrite(IAsyncResult asyncResult) => TaskToAsyncResult.End(asyncResult);

    /// <summary>Flushes the inner stream: nothing is held back here.</summary>
    public override void Flush()
    {
        _ = Usable;
        _inner.Flush();
    }

    /// <inheritdoc cref="Flush"/>
    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        _ = Usable;
        return _inner.FlushAsync(cancellationToken);
    }

    /// <summary>
    /// Ends the writing direction in order: sends close_notify (RFC 5246 §7.2.1), after which the peer knows that nothing is missing. Reading goes on, until the peer has
    /// ended its direction too. A second call does nothing.
    /// </summary>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="IOException">The inner stream failed, now or in an earlier write.</exception>
    /// <exception cref="InvalidOperationException">Not authenticated.</exception>
    public Task ShutdownAsync(CancellationToken cancellationToken = default) => Usable.Writer.ShutdownAsync(cancellationToken);

    /// <inheritdoc cref="ShutdownAsync"/>
    public void Shutdown() => Usable.Writer.Shutdown();
}
