using Kippu.Transport;

namespace Kippu;

public sealed partial class TlsStream
{
    /// <summary>
    /// The server's handshake. When it is over, the client is authenticated as the server's options demand, and both sides may write. If the server accepts early data
    /// (<see cref="TlsServerOptions.EarlyData"/>; off by default), the call returns earlier: see <see cref="ReadEarlyDataAsync"/>.
    /// </summary>
    /// <param name="server">Shared by all connections.</param>
    /// <param name="cancellationToken">Gives the handshake up; the stream can only be disposed then.</param>
    /// <exception cref="TlsException">The handshake failed; <see cref="TlsException.Fault"/> says why. The alert has been sent, as far as that was possible within a second.</exception>
    /// <exception cref="IOException">The inner stream failed.</exception>
    /// <exception cref="InvalidOperationException">A handshake was begun already.</exception>
    public Task AuthenticateAsServerAsync(TlsServer server, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(server);
        return Begin(server.CreateConnection(), server.HandshakeTimeout, server.TimeProvider).AuthenticateAsync(earlyData: default, cancellationToken);
    }

    /// <summary>The client's handshake. When it is over, the server is authenticated as the client's options demand, and both sides may write.</summary>
    /// <param name="client">Shared by all connections: the sessions that may be resumed are its own.</param>
    /// <param name="target">Whom the server's certificate must name.</param>
    /// <param name="cancellationToken">Gives the handshake up; the stream can only be disposed then.</param>
    /// <exception cref="TlsException">The handshake failed; <see cref="TlsException.Fault"/> says why. The alert has been sent, as far as that was possible within a second.</exception>
    /// <exception cref="IOException">The inner stream failed.</exception>
    /// <exception cref="InvalidOperationException">A handshake was begun already.</exception>
    public Task AuthenticateAsClientAsync(TlsClient client, TlsTarget target, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        return Begin(client.CreateConnection(target, earlyData: null), client.HandshakeTimeout, client.TimeProvider).AuthenticateAsync(earlyData: default, cancellationToken);
    }

    /// <summary>The client's handshake, with data that goes along with its first flight where a session allows it (0-RTT). <see cref="ClientEarlyData"/> says what that risks.</summary>
    /// <param name="client">Shared by all connections: the sessions that may be resumed are its own.</param>
    /// <param name="target">Whom the server's certificate must name.</param>
    /// <param name="earlyData">The first data of this connection.</param>
    /// <param name="cancellationToken">Gives the handshake up; the stream can only be disposed then. Whether the server has taken the early data is unknown then.</param>
    /// <returns>
    /// What is still to be sent, by the caller: nothing with <see cref="EarlyDataFallback.SendAfterHandshake"/>. With <see cref="EarlyDataFallback.LeaveToCaller"/> what the
    /// server did not accept: <see cref="TlsConnectionInfo.EarlyDataAccepted"/> tells whether it accepted any.
    /// </returns>
    /// <exception cref="ArgumentException">The client offers several application protocols, and the early data does not say which of them it is written in.</exception>
    /// <exception cref="TlsException">The handshake failed; <see cref="TlsException.Fault"/> says why. The alert has been sent, as far as that was possible within a second.</exception>
    /// <exception cref="IOException">The inner stream failed.</exception>
    /// <exception cref="InvalidOperationException">A handshake was begun already.</exception>
    public Task<ReadOnlyMemory<byte>> AuthenticateAsClientAsync(
        TlsClient client, TlsTarget target, ClientEarlyData earlyData, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(earlyData);
        return Begin(client.CreateConnection(target, earlyData), client.HandshakeTimeout, client.TimeProvider).AuthenticateAndSendAsync(earlyData, cancellationToken);
    }

    /// <summary>
    /// <see cref="AuthenticateAsServerAsync"/> on the calling thread. The time limit is enforced by the inner stream's time-outs; if it has none, by disposing it, and if it is
    /// to stay open, only between reads.
    /// </summary>
    /// <inheritdoc cref="AuthenticateAsServerAsync"/>
    public void AuthenticateAsServer(TlsServer server)
    {
        ArgumentNullException.ThrowIfNull(server);
        Begin(server.CreateConnection(), server.HandshakeTimeout, server.TimeProvider).Authenticate(earlyData: default);
    }

    /// <summary>
    /// <see cref="AuthenticateAsClientAsync(TlsClient, TlsTarget, CancellationToken)"/> on the calling thread. The time limit is enforced by the inner stream's time-outs; if it
    /// has none, by disposing it, and if it is to stay open, only between reads.
    /// </summary>
    /// <inheritdoc cref="AuthenticateAsClientAsync(TlsClient, TlsTarget, CancellationToken)"/>
    public void AuthenticateAsClient(TlsClient client, TlsTarget target)
    {
        ArgumentNullException.ThrowIfNull(client);
        Begin(client.CreateConnection(target, earlyData: null), client.HandshakeTimeout, client.TimeProvider).Authenticate(earlyData: default);
    }

    /// <summary>
    /// <see cref="AuthenticateAsClientAsync(TlsClient, TlsTarget, ClientEarlyData, CancellationToken)"/> on the calling thread, with the time limit of
    /// <see cref="AuthenticateAsClient(TlsClient, TlsTarget)"/>.
    /// </summary>
    /// <inheritdoc cref="AuthenticateAsClientAsync(TlsClient, TlsTarget, ClientEarlyData, CancellationToken)"/>
    public ReadOnlyMemory<byte> AuthenticateAsClient(TlsClient client, TlsTarget target, ClientEarlyData earlyData)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(earlyData);
        return Begin(client.CreateConnection(target, earlyData), client.HandshakeTimeout, client.TimeProvider).AuthenticateAndSend(earlyData);
    }

    private StreamSession Begin(TlsConnection connection, TimeSpan limit, TimeProvider time)
    {
        var session = new StreamSession(this, _inner, !_leaveInnerStreamOpen, connection, limit, time);
        if (_disposed != 0 || Interlocked.CompareExchange(ref _session, session, null) is not null)
        {
            connection.Dispose();
            ObjectDisposedException.ThrowIf(_disposed != 0, this);
            throw new InvalidOperationException("a handshake was begun already");
        }

        if (_disposed != 0)
        {
            // Disposed meanwhile, perhaps before it could be seen there.
            session.Close();
        }

        return session;
    }
}
