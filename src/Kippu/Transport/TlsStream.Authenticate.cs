using System.Runtime.ExceptionServices;
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
        Begin(server.CreateConnection(), server.HandshakeTimeout, server.TimeProvider);
        return AuthenticateAsync(earlyData: default, cancellationToken);
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
        Begin(client.CreateConnection(target, earlyData: null), client.HandshakeTimeout, client.TimeProvider);
        return AuthenticateAsync(earlyData: default, cancellationToken);
    }

    /// <summary>The client's handshake, with data that goes along with its first flight where a session allows it (0-RTT). <see cref="ClientEarlyData"/> says what that risks.</summary>
    /// <param name="client">Shared by all connections.</param>
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
        Begin(client.CreateConnection(target, earlyData), client.HandshakeTimeout, client.TimeProvider);
        return AuthenticateAndSendAsync(earlyData, cancellationToken);
    }

    /// <summary>
    /// <see cref="AuthenticateAsServerAsync"/> on the calling thread. The time limit is enforced by the inner stream's time-outs; if it has none, by disposing it, and if it is
    /// to stay open, only between reads.
    /// </summary>
    /// <inheritdoc cref="AuthenticateAsServerAsync"/>
    public void AuthenticateAsServer(TlsServer server)
    {
        ArgumentNullException.ThrowIfNull(server);
        Begin(server.CreateConnection(), server.HandshakeTimeout, server.TimeProvider);
        Authenticate(earlyData: default);
    }

    /// <summary>
    /// <see cref="AuthenticateAsClientAsync(TlsClient, TlsTarget, CancellationToken)"/> on the calling thread. The time limit is enforced by the inner stream's time-outs; if it
    /// has none, by disposing it, and if it is to stay open, only between reads.
    /// </summary>
    /// <inheritdoc cref="AuthenticateAsClientAsync(TlsClient, TlsTarget, CancellationToken)"/>
    public void AuthenticateAsClient(TlsClient client, TlsTarget target)
    {
        ArgumentNullException.ThrowIfNull(client);
        Begin(client.CreateConnection(target, earlyData: null), client.HandshakeTimeout, client.TimeProvider);
        Authenticate(earlyData: default);
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
        Begin(client.CreateConnection(target, earlyData), client.HandshakeTimeout, client.TimeProvider);
        var sent = Authenticate(earlyData.Content);
        var rest = EarlyDataRest.Of(earlyData, sent, _connection!);
        if (rest.IsEmpty || earlyData.Fallback == EarlyDataFallback.LeaveToCaller)
        {
            return rest;
        }

        try
        {
            EarlyDataRest.InsistOnProtocol(earlyData, sent, _connection!);
        }
        catch (TlsException failure)
        {
            Failed(failure);
            _aside!.TrySendLastWordsAsync().AsTask().GetAwaiter().GetResult();
            throw;
        }

        Write(rest.Span);
        Flush();
        return default;
    }

    /// <summary>Both gates are entered and stay so until the application can use the connection.</summary>
    private void Begin(TlsConnection connection, TimeSpan limit, TimeProvider time)
    {
        if (_disposed != 0 || Interlocked.CompareExchange(ref _connection, connection, null) is not null)
        {
            connection.Dispose();
            ObjectDisposedException.ThrowIf(_disposed != 0, this);
            throw new InvalidOperationException("a handshake was begun already");
        }

        _clock = new HandshakeClock(limit, time);
        _input = new RecordInput(_inner, connection);
        _output = new RecordOutput(_inner, connection, time);
        _aside = new AsideOutput(_writeGate, connection, _output);
        _readGate.Enter(this);
        _writeGate.Enter(this);
    }

    private async Task<ReadOnlyMemory<byte>> AuthenticateAndSendAsync(ClientEarlyData earlyData, CancellationToken cancellationToken)
    {
        var sent = await AuthenticateAsync(earlyData.Content, cancellationToken).ConfigureAwait(false);
        var rest = EarlyDataRest.Of(earlyData, sent, _connection!);
        if (rest.IsEmpty || earlyData.Fallback == EarlyDataFallback.LeaveToCaller)
        {
            return rest;
        }

        try
        {
            EarlyDataRest.InsistOnProtocol(earlyData, sent, _connection!);
        }
        catch (TlsException failure)
        {
            Failed(failure);
            await _aside!.TrySendLastWordsAsync().ConfigureAwait(false);
            throw;
        }

        await WriteAsync(rest, cancellationToken).ConfigureAwait(false);
        await FlushAsync(cancellationToken).ConfigureAwait(false);
        return default;
    }

    /// <returns>Bytes of early data that were sent.</returns>
    private async Task<int> AuthenticateAsync(ReadOnlyMemory<byte> earlyData, CancellationToken cancellationToken)
    {
        try
        {
            var port = new StreamHandshakePort(_input!, _output!, _connection!, _readGate, earlyData);
            using var deadline = new HandshakeDeadline(_clock!, cancellationToken);
            await HandshakeRunner.RunAsync(_connection!, port, deadline).ConfigureAwait(false);
            Succeeded();
            return port.EarlyDataSent;
        }
        catch (Exception failure)
        {
            Failed(failure);
            throw;
        }
        finally
        {
            LeaveBoth();
        }
    }

    /// <inheritdoc cref="AuthenticateAsync"/>
    private int Authenticate(ReadOnlyMemory<byte> earlyData)
    {
        try
        {
            var port = new StreamHandshakePort(_input!, _output!, _connection!, _readGate, earlyData);
            using var deadline = new HandshakeDeadline(_clock!, CancellationToken.None);
            new BlockingHandshake(_inner, !_leaveInnerStreamOpen, isAlone: true, _connection!, port).Run(deadline);
            Succeeded();
            return port.EarlyDataSent;
        }
        catch (Exception failure)
        {
            Failed(failure);
            throw;
        }
        finally
        {
            LeaveBoth();
        }
    }

    private void Succeeded()
    {
        _isAuthenticated = _connection!.IsConnected;
        _isUsable = true;
    }

    private void Failed(Exception failure)
    {
        _isUsable = false;
        _isAuthenticated = false;
        _failure = ExceptionDispatchInfo.Capture(failure);
    }

    private void LeaveBoth()
    {
        _readGate.Exit();
        _aside!.ExitWrite();
    }
}
