namespace Kippu;

public sealed partial class TlsStream
{
    /// <summary>
    /// Server: reads what the client has sent before the handshake was complete (0-RTT, RFC 8446 §2.3), or waits for some; 0 at its end, and at once if no early data was
    /// accepted or this is a client. It never shares a read with the data after the handshake, which <see cref="ReadAsync(Memory{byte}, CancellationToken)"/> delivers.
    /// </summary>
    /// <remarks>
    /// <para><b>Early data can be replayed.</b> It comes from who holds the session, but perhaps not now and not for the first time: an attacker who has recorded it may send it
    /// again, and whether that is noticed is up to <see cref="EarlyDataOptions.ReplayGuard"/>. Do nothing on its account that must not be done twice; call
    /// <see cref="CompleteHandshakeAsync"/> first to be sure that the client is there (HTTP has 425 Too Early for the rest, RFC 8470).</para>
    /// <para>A server that sets <see cref="EarlyDataOptions.MaxSize"/> must read it: the client will not send it again. What was not read when the handshake is completed is
    /// kept for this method, no more of it than <see cref="EarlyDataOptions.MaxSize"/>.</para>
    /// <para>While <see cref="IsAuthenticated"/> is false the client has not completed the handshake. The time limit of the handshake goes on; when it is over, reads fail
    /// (<see cref="TlsFault.HandshakeTimeout"/>). Writing is allowed: the client's first flight may be answered at once.</para>
    /// </remarks>
    /// <param name="buffer">Gets early data.</param>
    /// <param name="cancellationToken">Cancels the wait; nothing is lost.</param>
    /// <exception cref="TlsException">The handshake failed.</exception>
    /// <exception cref="IOException">The inner stream failed.</exception>
    /// <exception cref="InvalidOperationException">Not authenticated, or another read is under way.</exception>
    public ValueTask<int> ReadEarlyDataAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var reader = Usable.Reader;
        return cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<int>(cancellationToken) : reader.ReadEarlyDataAsync(buffer, cancellationToken);
    }

    /// <summary><see cref="ReadEarlyDataAsync"/> on the calling thread, with the time limit of <see cref="AuthenticateAsServer"/>.</summary>
    /// <inheritdoc cref="ReadEarlyDataAsync"/>
    public int ReadEarlyData(Span<byte> buffer) => Usable.Reader.ReadEarlyData(buffer);

    /// <summary>
    /// Server: waits until the handshake is complete, that is, until the client has answered in this very connection. Only then is it certain that what came as early data
    /// (<see cref="ReadEarlyDataAsync"/>) was not replayed. Returns at once if the handshake is complete.
    /// </summary>
    /// <param name="cancellationToken">Cancels the wait; nothing is lost.</param>
    /// <exception cref="TlsException">The handshake failed.</exception>
    /// <exception cref="IOException">The inner stream failed.</exception>
    /// <exception cref="InvalidOperationException">Not authenticated, or a read is under way.</exception>
    public Task CompleteHandshakeAsync(CancellationToken cancellationToken = default) => Usable.Reader.CompleteHandshakeAsync(cancellationToken);

    /// <summary><see cref="CompleteHandshakeAsync"/> on the calling thread, with the time limit of <see cref="AuthenticateAsServer"/>.</summary>
    /// <inheritdoc cref="CompleteHandshakeAsync"/>
    public void CompleteHandshake() => Usable.Reader.CompleteHandshake();
}
