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
/// <see cref="TlsFault.Truncated"/>: data may be missing (RFC 5246 §7.2.1). A cancelled read loses nothing.</para>
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
    private volatile bool _isUsable;
    private int _openHalves = 2;

    /// <param name="transport">Carries the records.</param>
    /// <param name="leaveTransportOpen">Whether completing <see cref="Input"/> and <see cref="Output"/> leaves the transport's reader and writer open. Default: false.</param>
    public TlsDuplexPipe(IDuplexPipe transport, bool leaveTransportOpen = false)
    {
        ArgumentNullException.ThrowIfNull(transport);
        _transport = transport;
        _leaveTransportOpen = leaveTransportOpen;
    }

    /// <summary>
    /// Takes a transport that ends between two records for the end of the data, as if close_notify had come. Only for protocols that know by themselves whether a message is whole, as
    /// HTTP does: "Servers MUST be prepared to receive an incomplete close from the client" (RFC 9112 §9.8). Default: false.
    /// </summary>
    public bool AcceptsIncompleteClose { get; init; }

    /// <summary>Application data from the peer.</summary>
    /// <remarks>Before the handshake is complete a read waits for that first, and delivers nothing of <see cref="EarlyInput"/>.</remarks>
    /// <exception cref="InvalidOperationException">Not authenticated.</exception>
    public PipeReader Input => _isUsable ? _reader! : throw NotAuthenticated();

    /// <summary>
    /// Server: what the client has sent before the handshake was complete (0-RTT, RFC 8446 §2.3), completed at its end; complete and empty if no early data was accepted, or this
    /// is a client. Not to be read beside <see cref="Input"/>. Completing it throws the rest away, and the connection goes on.
    /// </summary>
    /// <remarks>
    /// <b>Early data can be replayed</b>: what that means, and what a server must do, is said at <see cref="TlsStream.ReadEarlyDataAsync"/>. What was not read when the handshake is
    /// completed is kept here, no more of it than <see cref="EarlyDataOptions.MaxSize"/>.
    /// </remarks>
    /// <exception cref="InvalidOperationException">Not authenticated.</exception>
    public PipeReader EarlyInput => _isUsable ? _reader!.EarlyData : throw NotAuthenticated();

    /// <summary>Application data to the peer.</summary>
    /// <exception cref="InvalidOperationException">Not authenticated.</exception>
    public PipeWriter Output => _isUsable ? _writer! : throw NotAuthenticated();

    /// <summary>A number that is unique within the process, for logs and for <see cref="IHandshakeObserver"/>.</summary>
    /// <exception cref="InvalidOperationException">No handshake was begun.</exception>
    public long ConnectionNumber => Connection.Number;

    /// <summary>What was negotiated. A server that has accepted early data has it before the handshake is complete, too.</summary>
    /// <exception cref="InvalidOperationException">The handshake is not complete.</exception>
    public TlsConnectionInfo Info => Connection.Info;

    /// <summary>True once the handshake is complete and the peer authenticated. False as long as a server may be reading early data: it can read and write all the same.</summary>
    public bool IsAuthenticated => _isUsable && _connection!.IsConnected;

    /// <summary>
    /// The server's handshake; see <see cref="TlsStream.AuthenticateAsServerAsync"/>. If the server accepts early data (<see cref="TlsServerOptions.EarlyData"/>; off by
    /// default), the call returns before the handshake is complete: see <see cref="EarlyInput"/>.
    /// </summary>
    /// <param name="server">Shared by all connections.</param>
    /// <param name="cancellationToken">Gives the handshake up; the pipe can only be disposed then.</param>
    /// <exception cref="TlsException">The handshake failed; <see cref="TlsException.Fault"/> says why. The alert has been sent, as far as that was possible within a second.</exception>
    /// <exception cref="InvalidOperationException">A handshake was begun already.</exception>
    public Task AuthenticateAsServerAsync(TlsServer server, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(server);
        return AuthenticateAsync(server.CreateConnection(), server.HandshakeTimeout, server.TimeProvider, earlyData: default, cancellationToken);
    }

    /// <summary>The client's handshake; see <see cref="TlsStream.AuthenticateAsClientAsync(TlsClient, TlsTarget, CancellationToken)"/>.</summary>
    /// <param name="client">Shared by all connections.</param>
    /// <param name="target">Whom the server's certificate must name.</param>
    /// <param name="cancellationToken">Gives the handshake up; the pipe can only be disposed then.</param>
    /// <exception cref="TlsException">The handshake failed; <see cref="TlsException.Fault"/> says why. The alert has been sent, as far as that was possible within a second.</exception>
    /// <exception cref="InvalidOperationException">A handshake was begun already.</exception>
    public Task AuthenticateAsClientAsync(TlsClient client, TlsTarget target, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        return AuthenticateAsync(client.CreateConnection(target, earlyData: null), client.HandshakeTimeout, client.TimeProvider, earlyData: default, cancellationToken);
    }

    /// <summary>
    /// The client's handshake, with data that goes along with its first flight where a session allows it (0-RTT); see
    /// <see cref="TlsStream.AuthenticateAsClientAsync(TlsClient, TlsTarget, ClientEarlyData, CancellationToken)"/>. <see cref="ClientEarlyData"/> says what that risks.
    /// </summary>
    /// <param name="client">Shared by all connections.</param>
    /// <param name="target">Whom the server's certificate must name.</param>
    /// <param name="earlyData">The first data of this connection.</param>
    /// <param name="cancellationToken">Gives the handshake up; the pipe can only be disposed then. Whether the server has taken the early data is unknown then.</param>
    /// <returns>
    /// What is still to be sent, by the caller: nothing with <see cref="EarlyDataFallback.SendAfterHandshake"/>. With <see cref="EarlyDataFallback.LeaveToCaller"/> what the
    /// server did not accept: <see cref="TlsConnectionInfo.EarlyDataAccepted"/> tells whether it accepted any.
    /// </returns>
    /// <exception cref="ArgumentException">The client offers several application protocols, and the early data does not say which of them it is written in.</exception>
    /// <exception cref="TlsException">The handshake failed; <see cref="TlsException.Fault"/> says why. The alert has been sent, as far as that was possible within a second.</exception>
    /// <exception cref="InvalidOperationException">A handshake was begun already.</exception>
    public Task<ReadOnlyMemory<byte>> AuthenticateAsClientAsync(
        TlsClient client, TlsTarget target, ClientEarlyData earlyData, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(earlyData);
        return AuthenticateAndSendAsync(client, target, earlyData, cancellationToken);
    }

    /// <summary>
    /// Server: waits until the handshake is complete, that is, until the client has answered in this very connection. Only then is it certain that what came as early data
    /// (<see cref="EarlyInput"/>) was not replayed. Returns at once if the handshake is complete. Not to be called beside a read.
    /// </summary>
    /// <param name="cancellationToken">Cancels the wait; nothing is lost.</param>
    /// <exception cref="TlsException">The handshake failed.</exception>
    /// <exception cref="InvalidOperationException">Not authenticated, or a read is under way.</exception>
    public Task CompleteHandshakeAsync(CancellationToken cancellationToken = default) =>
        _isUsable ? _reader!.CompleteHandshakeAsync(cancellationToken) : throw NotAuthenticated();

    /// <inheritdoc cref="TlsConnection.ExportKeyingMaterial"/>
    public void ExportKeyingMaterial(ReadOnlySpan<byte> label, byte[]? context, Span<byte> destination) => Usable.ExportKeyingMaterial(label, context, destination);

    /// <inheritdoc cref="TlsStream.UpdateKeys"/>
    public void UpdateKeys(bool requestPeer = false)
    {
        Usable.UpdateKeys(requestPeer);
        _writer!.SendAside();
    }

    /// <inheritdoc cref="TlsStream.SendTickets"/>
    public int SendTickets(int count = 1)
    {
        var issued = Usable.SendTickets(count);
        _writer!.SendAside();
        return issued;
    }

    /// <summary>Completes both directions, which says close_notify, and lets the connection go. A read, a flush or a handshake under way fails.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isUsable)
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

    /// <summary>Its methods for reading and writing belong to this pipe.</summary>
    internal TlsConnection Connection => _connection ?? throw NotAuthenticated();

    private TlsConnection Usable => _isUsable ? _connection! : throw NotAuthenticated();

    private static InvalidOperationException NotAuthenticated() => new("authenticate first: AuthenticateAsServerAsync or AuthenticateAsClientAsync");

    private async Task<ReadOnlyMemory<byte>> AuthenticateAndSendAsync(
        TlsClient client, TlsTarget target, ClientEarlyData earlyData, CancellationToken cancellationToken)
    {
        var connection = client.CreateConnection(target, earlyData);
        var sent = await AuthenticateAsync(connection, client.HandshakeTimeout, client.TimeProvider, earlyData.Content, cancellationToken).ConfigureAwait(false);
        var rest = EarlyDataRest.Of(earlyData, sent, connection);
        if (rest.IsEmpty || earlyData.Fallback == EarlyDataFallback.LeaveToCaller)
        {
            return rest;
        }

        try
        {
            EarlyDataRest.InsistOnProtocol(earlyData, sent, connection);
        }
        catch (TlsException)
        {
            _isUsable = false;
            await _writer!.TrySendLastWordsAsync().ConfigureAwait(false);
            throw;
        }

        await _writer!.WriteAsync(rest, cancellationToken).ConfigureAwait(false);
        return default;
    }

    private Task<int> AuthenticateAsync(TlsConnection connection, TimeSpan limit, TimeProvider time, ReadOnlyMemory<byte> earlyData, CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref _connection, connection, null) is not null)
        {
            connection.Dispose();
            throw new InvalidOperationException("a handshake was begun already");
        }

        var input = new PipeRecordInput(_transport.Input, connection);
        var output = new PipeRecordOutput(_transport.Output, connection, time);
        _writer = new TlsPipeWriter(_transport.Output, connection, output, _leaveTransportOpen, OnHalfClosed);
        _reader = new TlsPipeReader(_transport.Input, connection, input, _writer, _leaveTransportOpen, OnHalfClosed) { AcceptsIncompleteClose = AcceptsIncompleteClose };
        var port = new PipeHandshakePort(input, output, connection, _reader.Gate, earlyData);
        return RunAsync(port, new HandshakeClock(limit, time), cancellationToken);
    }

    /// <summary>Both gates are entered and stay so until the application can use the connection.</summary>
    /// <returns>Bytes of early data that were sent.</returns>
    private async Task<int> RunAsync(PipeHandshakePort port, HandshakeClock clock, CancellationToken cancellationToken)
    {
        _reader!.Gate.Enter(this);
        _writer!.Gate.Enter(this);
        try
        {
            using var deadline = new HandshakeDeadline(clock, cancellationToken);
            await HandshakeRunner.RunAsync(_connection!, port, deadline).ConfigureAwait(false);
            if (!_connection!.IsConnected)
            {
                _reader.BeginEarlyData(clock);
            }

            _isUsable = true;
            return port.EarlyDataSent;
        }
        finally
        {
            _writer.Leave();
            _reader.Leave();
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
