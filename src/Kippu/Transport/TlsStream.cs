using Kippu.Transport;

namespace Kippu;

/// <summary>TLS over another stream: application data is read and written here, records travel below.</summary>
/// <remarks>
/// <para>Authenticate first: <see cref="AuthenticateAsServerAsync"/>, <see cref="AuthenticateAsClientAsync(TlsClient, TlsTarget, CancellationToken)"/> or their blocking twins,
/// once. If that fails, the peer has been told by an alert, and the stream can only be disposed. In TLS 1.3 a client is done before the server has looked at its certificate:
/// if the server refuses it, the client's first read says so.</para>
/// <para><b>Threads.</b> One reader and one writer may run at once, each synchronous or asynchronous. A second reader beside the first is refused
/// (<see cref="InvalidOperationException"/>); writers wait for each other. <see cref="Dispose(bool)"/> may be called beside both.</para>
/// <para><b>Reading.</b> A read delivers what is there, of one or several records. It returns 0 once the peer has sent close_notify. A transport that ends without it gives
/// a <see cref="TlsException"/> with <see cref="TlsFault.Truncated"/>: data may be missing (RFC 5246 §7.2.1). A read of zero bytes waits until there is something to read,
/// and holds no buffer meanwhile if the inner stream supports that too. A cancelled read loses nothing: read again. Reading also takes what TLS 1.3 sends after the handshake:
/// a client that never reads gets no tickets.</para>
/// <para><b>Early data.</b> See <see cref="ClientEarlyData"/> for clients and <see cref="ReadEarlyDataAsync"/> for servers: off by default, and it can be replayed.</para>
/// <para><b>Writing.</b> Data goes out in records at once; <see cref="Flush"/> flushes the inner stream. A write that is cancelled while waiting for its turn has done nothing. One
/// that is cancelled, or fails, while its records are on their way breaks the writing direction for good: nobody knows how much has gone.</para>
/// <para><b>Closing.</b> <see cref="ShutdownAsync"/> says close_notify and leaves reading open. Disposing says it too, if that takes no longer than a second.</para>
/// </remarks>
public sealed partial class TlsStream : Stream
{
    private readonly Stream _inner;
    private readonly bool _leaveInnerStreamOpen;
    private StreamSession? _session;
    private int _disposed;

    /// <param name="innerStream">Carries the records; it must be readable and writable.</param>
    /// <param name="leaveInnerStreamOpen">Whether disposing this stream leaves <paramref name="innerStream"/> open. Default: false.</param>
    /// <exception cref="ArgumentException"><paramref name="innerStream"/> cannot be read or written.</exception>
    public TlsStream(Stream innerStream, bool leaveInnerStreamOpen = false)
    {
        ArgumentNullException.ThrowIfNull(innerStream);
        if (!innerStream.CanRead || !innerStream.CanWrite)
        {
            throw new ArgumentException("the inner stream must be readable and writable", nameof(innerStream));
        }

        _inner = innerStream;
        _leaveInnerStreamOpen = leaveInnerStreamOpen;
    }

    /// <summary>A number that is unique within the process, for logs and for <see cref="IHandshakeObserver"/>.</summary>
    /// <exception cref="InvalidOperationException">No handshake was begun.</exception>
    public long ConnectionNumber => Connection.Number;

    /// <summary>What was negotiated. A server that has accepted early data has it before the handshake is complete, too.</summary>
    /// <exception cref="InvalidOperationException">The handshake is not complete.</exception>
    public TlsConnectionInfo Info => Connection.Info;

    /// <summary>True once the handshake is complete and the peer authenticated. False as long as a server may be reading early data: it can read and write all the same.</summary>
    public bool IsAuthenticated => _session is { IsUsable: true, Connection.IsConnected: true };

    /// <summary>Its methods for reading and writing belong to this stream.</summary>
    internal TlsConnection Connection => _session?.Connection ?? throw NotAuthenticated();

    /// <summary>Bytes of buffers that the read half holds at this moment.</summary>
    internal int HeldBytes => _session?.Reader.HeldBytes ?? 0;

    /// <inheritdoc/>
    public override bool CanRead => _session is { IsUsable: true, Reader.IsOpen: true } && _inner.CanRead;

    /// <summary>False before the handshake, and after <see cref="ShutdownAsync"/> or a fault.</summary>
    public override bool CanWrite => _session is { IsUsable: true, Writer.IsOpen: true } && _inner.CanWrite;

    /// <summary>Always false.</summary>
    public override bool CanSeek => false;

    /// <summary>Whether the inner stream has time-outs.</summary>
    public override bool CanTimeout => _inner.CanTimeout;

    /// <summary>The inner stream's time-out for blocking reads, in milliseconds.</summary>
    public override int ReadTimeout
    {
        get => _inner.ReadTimeout;
        set => _inner.ReadTimeout = value;
    }

    /// <summary>The inner stream's time-out for blocking writes, in milliseconds.</summary>
    public override int WriteTimeout
    {
        get => _inner.WriteTimeout;
        set => _inner.WriteTimeout = value;
    }

    /// <summary>Not supported.</summary>
    public override long Length => throw new NotSupportedException("a TLS stream has no length");

    /// <summary>Not supported.</summary>
    public override long Position
    {
        get => throw new NotSupportedException("a TLS stream has no position");
        set => throw new NotSupportedException("a TLS stream has no position");
    }

    /// <summary>Not supported.</summary>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("a TLS stream cannot seek");

    /// <summary>Not supported.</summary>
    public override void SetLength(long value) => throw new NotSupportedException("a TLS stream has no length");

    /// <inheritdoc cref="TlsConnection.ExportKeyingMaterial"/>
    public void ExportKeyingMaterial(ReadOnlySpan<byte> label, byte[]? context, Span<byte> destination) => Usable.Connection.ExportKeyingMaterial(label, context, destination);

    /// <summary>
    /// TLS 1.3: changes the keys of what this side writes (RFC 8446 §4.6.3). It happens by itself before a key has sealed too much. The message goes out at once, or with
    /// the write that is under way; this call does not wait for it.
    /// </summary>
    /// <inheritdoc cref="TlsConnection.UpdateKeys"/>
    public void UpdateKeys(bool requestPeer = false)
    {
        var session = Usable;
        session.Connection.UpdateKeys(requestPeer);
        session.Writer.SendAside();
    }

    /// <summary>
    /// Server, TLS 1.3: sends more tickets, at any time after the handshake (RFC 8446 §4.6.1). They go out at once, or with the write that is under way; this call does not
    /// wait for them.
    /// </summary>
    /// <inheritdoc cref="TlsConnection.SendTickets"/>
    public int SendTickets(int count = 1)
    {
        var session = Usable;
        var issued = session.Connection.SendTickets(count);
        session.Writer.SendAside();
        return issued;
    }

    /// <summary>Says close_notify if that takes no longer than a second, and disposes the inner stream unless it is to stay open.</summary>
    /// <remarks>
    /// Reads and writes under way fail together with the inner stream. If that is to stay open, nothing ends them: a read goes on waiting, takes what comes next from the
    /// inner stream, and fails only then. So cancel them, and let them end, before the inner stream serves anything else.
    /// </remarks>
    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            if (_session is { } session)
            {
                await session.Writer.SayFarewellAsync().ConfigureAwait(false);
                session.Close();
            }

            if (!_leaveInnerStreamOpen)
            {
                await _inner.DisposeAsync().ConfigureAwait(false);
            }
        }

        await base.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc cref="DisposeAsync"/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            if (_session is { } session)
            {
                session.Writer.SayFarewell();
                session.Close();
            }

            if (!_leaveInnerStreamOpen)
            {
                _inner.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    /// <summary>What reads and writes, once the application may do so.</summary>
    private StreamSession Usable
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed != 0, this);
            if (_session is { IsUsable: true } session)
            {
                return session;
            }

            _session?.ThrowFailure();
            throw NotAuthenticated();
        }
    }

    private static InvalidOperationException NotAuthenticated() => new("authenticate first: AuthenticateAsServerAsync or AuthenticateAsClientAsync");
}
