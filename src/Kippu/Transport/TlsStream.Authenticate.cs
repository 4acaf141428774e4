using System.Runtime.ExceptionServices;
using Kippu.Transport;

namespace Kippu;

public sealed partial class TlsStream
{
    /// <summary>The server's handshake. When it is over, the client is authenticated as the server's options demand, and both sides may write.</summary>
    /// <param name="server">Shared by all connections.</param>
    /// <param name="cancellationToken">Gives the handshake up; the stream can only be disposed then.</param>
    /// <exception cref="TlsException">The handshake failed; <see cref="TlsException.Fault"/> says why. The alert has been sent, as far as that was possible within a second.</exception>
    /// <exception cref="IOException">The inner stream failed.</exception>
    /// <exception cref="InvalidOperationException">A handshake was begun already.</exception>
    public Task AuthenticateAsServerAsync(TlsServer server, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(server);
        Begin(server.CreateConnection(), server.TimeProvider);
        return AuthenticateAsync(server.HandshakeTimeout, server.TimeProvider, cancellationToken);
    }

    /// <summary>The client's handshake. When it is over, the server is authenticated as the client's options demand, and both sides may write.</summary>
    /// <param name="client">Shared by all connections.</param>
    /// <param name="target">Whom the server's certificate must name.</param>
    /// <param name="cancellationToken">Gives the handshake up; the stream can only be disposed then.</param>
    /// <exception cref="TlsException">The handshake failed; <see cref="TlsException.Fault"/> says why. The alert has been sent, as far as that was possible within a second.</exception>
    /// <exception cref="IOException">The inner stream failed.</exception>
    /// <exception cref="InvalidOperationException">A handshake was begun already.</exception>
    public Task AuthenticateAsClientAsync(TlsClient client, TlsTarget target, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        Begin(client.CreateConnection(target), client.TimeProvider);
        return AuthenticateAsync(client.HandshakeTimeout, client.TimeProvider, cancellationToken);
    }

    /// <summary>
    /// <see cref="AuthenticateAsServerAsync"/> on the calling thread. The time limit is enforced by the inner stream's time-outs; if it has none, by disposing it, and if it is
    /// to stay open, only between reads.
    /// </summary>
    /// <inheritdoc cref="AuthenticateAsServerAsync"/>
    public void AuthenticateAsServer(TlsServer server)
    {
        ArgumentNullException.ThrowIfNull(server);
        Begin(server.CreateConnection(), server.TimeProvider);
        Authenticate(server.HandshakeTimeout, server.TimeProvider);
    }

    /// <summary>
    /// <see cref="AuthenticateAsClientAsync"/> on the calling thread. The time limit is enforced by the inner stream's time-outs; if it has none, by disposing it, and if it is
    /// to stay open, only between reads.
    /// </summary>
    /// <inheritdoc cref="AuthenticateAsClientAsync"/>
    public void AuthenticateAsClient(TlsClient client, TlsTarget target)
    {
        ArgumentNullException.ThrowIfNull(client);
        Begin(client.CreateConnection(target), client.TimeProvider);
        Authenticate(client.HandshakeTimeout, client.TimeProvider);
    }

    /// <summary>Both gates are entered and stay so until the handshake is over.</summary>
    private void Begin(TlsConnection connection, TimeProvider time)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        if (Interlocked.CompareExchange(ref _connection, connection, null) is not null)
        {
            connection.Dispose();
            throw new InvalidOperationException("a handshake was begun already");
        }

        _input = new RecordInput(_inner, connection);
        _output = new RecordOutput(_inner, connection, time);
        _readGate.Enter(this);
        _writeGate.Enter(this);
    }

    private async Task AuthenticateAsync(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            using var deadline = new HandshakeDeadline(limit, time, cancellationToken);
            await HandshakeRunner.RunAsync(_connection!, new StreamHandshakePort(_input!, _output!), deadline).ConfigureAwait(false);
            _isAuthenticated = true;
        }
        catch (Exception failure)
        {
            _failure = ExceptionDispatchInfo.Capture(failure);
            throw;
        }
        finally
        {
            LeaveBoth();
        }
    }

    private void Authenticate(TimeSpan limit, TimeProvider time)
    {
        try
        {
            using var deadline = new HandshakeDeadline(limit, time, CancellationToken.None);
            new BlockingHandshake(_inner, !_leaveInnerStreamOpen, _connection!, _input!, _output!).Run(deadline);
            _isAuthenticated = true;
        }
        catch (Exception failure)
        {
            _failure = ExceptionDispatchInfo.Capture(failure);
            throw;
        }
        finally
        {
            LeaveBoth();
        }
    }

    private void LeaveBoth()
    {
        _readGate.Exit();
        _writeGate.Exit();
    }
}
