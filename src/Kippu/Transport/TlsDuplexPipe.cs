using System.IO.Pipelines;
using Kippu.Transport;

namespace Kippu;

/// <summary>
/// TLS between two pairs of pipes: records on the transport's side, application data on this side, without a stream or a pump in between. A read that finds nothing
/// reads from the transport; a flush seals into the transport's memory and flushes it. So the transport's back-pressure is the application's, both ways.
/// </summary>
/// <remarks>
/// <para>Authenticate first, once. If that fails, the peer has been told by an alert, and the pipe can only be disposed.</para>
/// <para><b>Threads.</b> <see cref="Input"/> and <see cref="Output"/> may be used at once, each by one user, as is usual with pipes.</para>
/// <para><b>Reading.</b> The result is completed once the peer has sent close_notify. A transport that ends without it gives a <see cref="TlsException"/> with
/// <see cref="PeerFault.Truncated"/>: data may be missing (RFC 5246 §7.2.1). A cancelled read loses nothing.</para>
/// <para><b>Writing.</b> What was flushed is sealed, and in order in the transport's pipe: a cancelled flush loses nothing either. Completing <see cref="Output"/> sends what is
/// left and close_notify, then completes the transport's output; reading goes on. Completing it with an exception sends neither.</para>
/// </remarks>
public sealed class TlsDuplexPipe : IDuplexPipe, IAsyncDisposable
{
    private readonly IDuplexPipe _transport;
    private readonly bool _leaveTransportOpen;
    private TlsConnection? _connection;
    private TlsPipeReader? _reader;
    private TlsPipeWriter? _writer;
    private volatile bool _isAuthenticated;
    private int _openHalves = 2;

    /// <param name="transport">Carries the records.</param>
    /// <param name="leaveTransportOpen">Whether completing <see cref="Input"/> and <see cref="Output"/> leaves the transport's reader and writer open. Default: false.</param>
    public TlsDuplexPipe(IDuplexPipe transport, bool leaveTransportOpen = false)
    {
        ArgumentNullException.ThrowIfNull(transport);
        _transport = transport;
        _leaveTransportOpen = leaveTransportOpen;
    }

    /// <summary>Application data from the peer.</summary>
    /// <exception cref="InvalidOperationException">The handshake is not complete.</exception>
    public PipeReader Input => _isAuthenticated ? _reader! : throw NotAuthenticated();

    /// <summary>Application data to the peer.</summary>
    /// <exception cref="InvalidOperationException">The handshake is not complete.</exception>
    public PipeWriter Output => _isAuthenticated ? _writer! : throw NotAuthenticated();

    /// <summary>The connection below. Its methods for reading and writing belong to this pipe: do not call them.</summary>
    /// <exception cref="InvalidOperationException">No handshake was begun.</exception>
    public TlsConnection Connection => _connection ?? throw NotAuthenticated();

    /// <summary>What was negotiated.</summary>
    /// <exception cref="InvalidOperationException">The handshake is not complete.</exception>
    public TlsConnectionInfo Info => Connection.Info;

    /// <summary>True once the handshake is complete and the peer authenticated.</summary>
    public bool IsAuthenticated => _isAuthenticated;

    /// <summary>The server's handshake; see <see cref="TlsStream.AuthenticateAsServerAsync"/>.</summary>
    /// <param name="server">Shared by all connections.</param>
    /// <param name="cancellationToken">Gives the handshake up; the pipe can only be disposed then.</param>
    /// <exception cref="TlsException">The handshake failed; <see cref="TlsException.Fault"/> says why. The alert has been sent, as far as that was possible within a second.</exception>
    /// <exception cref="InvalidOperationException">A handshake was begun already.</exception>
    public Task AuthenticateAsServerAsync(TlsServer server, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(server);
        return AuthenticateAsync(server.CreateConnection(), server.HandshakeTimeout, server.TimeProvider, cancellationToken);
    }

    /// <summary>The client's handshake; see <see cref="TlsStream.AuthenticateAsClientAsync"/>.</summary>
    /// <param name="client">Shared by all connections.</param>
    /// <param name="target">Whom the server's certificate must name.</param>
    /// <param name="cancellationToken">Gives the handshake up; the pipe can only be disposed then.</param>
    /// <exception cref="TlsException">The handshake failed; <see cref="TlsException.Fault"/> says why. The alert has been sent, as far as that was possible within a second.</exception>
    /// <exception cref="InvalidOperationException">A handshake was begun already.</exception>
    public Task AuthenticateAsClientAsync(TlsClient client, TlsTarget target, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        return AuthenticateAsync(client.CreateConnection(target), client.HandshakeTimeout, client.TimeProvider, cancellationToken);
    }

    /// <summary>Completes both directions, which says close_notify, and lets the connection go. A read, a flush or a handshake under way fails.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isAuthenticated)
        {
            await _writer!.CompleteAsync().ConfigureAwait(false);
            await _reader!.CompleteAsync().ConfigureAwait(false);
        }
        else if (_connection is not null)
        {
            // A handshake may be under way: it is not waited for.
            _reader?.Complete();
            _writer?.Complete();
        }
        else if (!_leaveTransportOpen)
        {
            await _transport.Output.CompleteAsync().ConfigureAwait(false);
            await _transport.Input.CompleteAsync().ConfigureAwait(false);
        }
    }

    private static InvalidOperationException NotAuthenticated() => new("authenticate first: AuthenticateAsServerAsync or AuthenticateAsClientAsync");

    private Task AuthenticateAsync(TlsConnection connection, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref _connection, connection, null) is not null)
        {
            connection.Dispose();
            throw new InvalidOperationException("a handshake was begun already");
        }

        var input = new PipeRecordInput(_transport.Input, connection);
        var output = new PipeRecordOutput(_transport.Output, connection, time);
        _writer = new TlsPipeWriter(_transport.Output, connection, output, _leaveTransportOpen, OnHalfClosed);
        _reader = new TlsPipeReader(_transport.Input, connection, input, _writer, _leaveTransportOpen, OnHalfClosed);
        return RunAsync(input, output, limit, time, cancellationToken);
    }

    /// <summary>Both gates are entered and stay so until the handshake is over.</summary>
    private async Task RunAsync(PipeRecordInput input, PipeRecordOutput output, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        _reader!.Gate.Enter(this);
        _writer!.Gate.Enter(this);
        try
        {
            using var deadline = new HandshakeDeadline(limit, time, cancellationToken);
            await HandshakeRunner.RunAsync(_connection!, new PipeHandshakePort(input, output, _reader.Gate), deadline).ConfigureAwait(false);
            _isAuthenticated = true;
        }
        finally
        {
            input.Release();
            _reader.Gate.Exit();
            _writer.Gate.Exit();
        }
    }

    /// <summary>The connection goes when nobody uses either direction.</summary>
    private void OnHalfClosed()
    {
        if (Interlocked.Decrement(ref _openHalves) == 0)
        {
            _connection!.Dispose();
        }
    }
}
