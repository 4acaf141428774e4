using System.Net.Security;
using Kippu.Alerts;
using Kippu.Handshake;
using Kippu.Records;
using Kippu.Wire;
using Kippu.Wire.Messages;

namespace Kippu;

/// <summary>
/// One TLS connection without I/O: bytes in, bytes out. It has no socket, no clock of its own, no task, and never waits.
/// </summary>
/// <remarks>
/// <para><b>The contract.</b> <see cref="Read"/> takes what came from the peer and delivers application data only. What must go out besides application data (flights of the
/// handshake, alerts) waits in a queue: while <see cref="HasPendingOutput"/> is true, call <see cref="Drain"/> or <see cref="Write"/> and send what they deliver.
/// A client's ClientHello is in the queue from the start.</para>
/// <para>A destination smaller than the next record's plaintext gets <see cref="TlsReadStatus.DestinationTooSmall"/> with the size required, and consumes nothing of that record.
/// While a <see cref="Question"/> is open nothing is consumed. After a fault the alert can still be drained, and the same exception is thrown again by
/// every later call to <see cref="Read"/> and <see cref="Write"/>.</para>
/// <para><b>Threads.</b> The read half (<see cref="Read"/>, <see cref="EndOfInput"/>, answers to questions) and the write half (<see cref="Write"/>, <see cref="Drain"/>, <see cref="Close"/>)
/// own separate state: one thread may read while another writes. Neither half is safe for two threads at once. <see cref="Dispose"/> must not run beside either.</para>
/// </remarks>
public sealed class TlsConnection : IDisposable, IQuestionOwner
{
    private static long s_lastNumber;

    private readonly ReadHalf _reader = new();
    private readonly WriteHalf _writer = new();
    private readonly OutputQueue _output = new();
    private readonly HandshakeAssembler _assembler = new();
    private readonly HandshakeChannel _channel;
    private readonly RecordIntake _intake;
    private EstablishedSession? _established;
    private volatile TlsException? _fault;
    private volatile bool _canWrite;
    private volatile bool _closeSent;
    private bool _announceConnected;
    private bool _isDisposed;

    private TlsConnection(ConnectionEnvironment environment, Func<HandshakeChannel, IHandshake> start)
    {
        Number = Interlocked.Increment(ref s_lastNumber);
        _channel = new HandshakeChannel(Number, _output, _reader, _assembler, this, environment);
        _intake = new RecordIntake(_reader, _assembler, _channel);
        _channel.Begin(start(_channel));
    }

    /// <summary>A number that is unique within the process, for logs and for <see cref="IHandshakeObserver"/>.</summary>
    public long Number { get; }

    /// <summary>True once the handshake is complete.</summary>
    public bool IsConnected => _established is not null;

    /// <summary>True once the protocol allows application data to be written, and until <see cref="Close"/>.</summary>
    public bool CanWrite => _canWrite && !_closeSent && _fault is null;

    /// <summary>Client: how much early data may be written now; 0 if none. See <see cref="WriteEarlyData"/>.</summary>
    public long EarlyDataLimit => _closeSent ? 0 : _channel.EarlyDataToWrite;

    /// <summary>Client: the application protocol that early data must be in, which is the session's; default if it has none, or if early data is not offered.</summary>
    public SslApplicationProtocol EarlyDataProtocol => _channel.EarlyDataProtocol is { IsEmpty: false } protocol ? new SslApplicationProtocol(protocol.ToArray()) : default;

    /// <summary>
    /// Server: true from when early data (0-RTT) was accepted until the client has said that its early data is over; <see cref="TlsReadStatus.EarlyData"/> comes only
    /// meanwhile. Belongs to the read half.
    /// </summary>
    public bool IsReadingEarlyData => _channel.EarlyDataLeft is not null;

    /// <summary>True if the peer has sent close_notify.</summary>
    public bool IsClosedByPeer => _intake.IsClosed;

    /// <summary>True while there is something to send besides application data. May be read by any thread.</summary>
    public bool HasPendingOutput => _output.HasPending;

    /// <summary>The open question, or null.</summary>
    public TlsQuestion? Question => _channel.Question;

    /// <summary>What was negotiated. A server that has accepted early data has it too, before the handshake is complete: only the new tickets are missing then.</summary>
    /// <exception cref="InvalidOperationException">The handshake is not complete, and no early data was accepted.</exception>
    public TlsConnectionInfo Info => _established?.Info ?? _channel.EarlyInfo ?? throw new InvalidOperationException("the handshake is not complete");

    /// <summary>What waits in the queue, if anything, are tickets after the handshake of TLS 1.3: nobody waits for them.</summary>
    internal bool OwesTicketsOnly => _established?.Tickets is not null;

    /// <summary>The next record may turn out to hold no application data: <see cref="TlsReadStatus.DestinationTooSmall"/> is no promise of any.</summary>
    internal bool HidesType => _reader.HidesType;

    internal static TlsConnection ForServer(ServerPolicy policy) =>
        new(policy.Environment, channel => new ServerStart(policy, channel));

    internal static TlsConnection ForClient(ClientPolicy policy, TlsTarget target, EarlyDataWish wish) =>
        new(policy.Environment, channel => ClientStart.SendHello(policy, target, wish, channel));

    /// <summary>Takes records from <paramref name="source"/> until there is something to say; see <see cref="TlsReadStatus"/>.</summary>
    /// <param name="source">What came from the peer and was not consumed yet. Only whole records are consumed.</param>
    /// <param name="destination">Gets application data; may be empty during the handshake. 16,384 bytes always suffice.</param>
    /// <exception cref="TlsException">The peer broke the protocol, sent a fatal alert, or could not be authenticated. The alert for it is pending.</exception>
    public TlsReadResult Read(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        ThrowIfFaulted();
        var consumed = 0;
        try
        {
            while (true)
            {
                if (Pending() is { } status)
                {
                    return new TlsReadResult(status, consumed, 0, 0);
                }

                var rest = source[consumed..];
                if (!RecordHeader.TryParse(rest, out var header))
                {
                    return new TlsReadResult(TlsReadStatus.NeedsInput, consumed, 0, RecordLimits.HeaderLength);
                }

                _intake.CheckVersion(header);
                var length = RecordLimits.HeaderLength + header.Length;
                if (rest.Length < length)
                {
                    return new TlsReadResult(TlsReadStatus.NeedsInput, consumed, 0, length);
                }

                var fragment = rest[RecordLimits.HeaderLength..length];
                if (header.Type != ContentType.ApplicationData || !_intake.MayDeliver())
                {
                    consumed += length;
                    _intake.ReadControlRecord(header, fragment);
                    continue;
                }

                // Said before the reader is asked for more room: no room that a record may need is larger than the limit.
                _reader.CheckLength(fragment.Length);
                var required = _reader.PlaintextLength(fragment.Length);
                if (required > destination.Length)
                {
                    return new TlsReadResult(TlsReadStatus.DestinationTooSmall, consumed, 0, required);
                }

                consumed += length;
                var written = _intake.OpenInto(header, fragment, destination);
                if (written > 0)
                {
                    return new TlsReadResult(IsConnected ? TlsReadStatus.Data : TlsReadStatus.EarlyData, consumed, written, 0);
                }
            }
        }
        catch (Exception reason)
        {
            throw Fail(FaultOf(reason));
        }
    }

    /// <summary>Seals what waits in the queue (see <see cref="HasPendingOutput"/>) into whole records, as many as fit.</summary>
    /// <param name="destination">Gets the records; <see cref="GetWriteSize"/> of zero bytes suffices for everything that waits.</param>
    /// <returns>Bytes written; they are to be sent to the peer.</returns>
    /// <remarks>Works after a fault too: that is how the alert gets out.</remarks>
    public int Drain(Span<byte> destination) => _output.Drain(_writer, destination);

    /// <summary>Seals what waits in the queue, then application data, into whole records, as many as fit.</summary>
    /// <param name="source">Application data. Records are filled up to 16,384 bytes, or to what the peer takes (RFC 8449).</param>
    /// <param name="destination">Gets the records; <see cref="GetWriteSize"/> tells how large it must be to take everything.</param>
    /// <exception cref="InvalidOperationException">There is data to write, and <see cref="CanWrite"/> is false: the handshake is not complete, or <see cref="Close"/> was called.</exception>
    /// <exception cref="TlsException">The connection failed earlier, or the key has sealed as many records as it may (<see cref="TlsFault.KeyExhausted"/>).</exception>
    public TlsWriteResult Write(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        ThrowIfFaulted();
        if (!source.IsEmpty && !CanWrite)
        {
            throw new InvalidOperationException(_closeSent ? "the connection was closed for writing" : "application data can be written only after the handshake");
        }

        var written = Drain(destination);
        var consumed = 0;
        try
        {
            // RFC 5246 §7.2.2: nothing follows a fatal alert, which the read half may have queued meanwhile.
            while (consumed < source.Length && !HasPendingOutput && _fault is null)
            {
                if (_writer.IsKeyUpdateDue && _established?.UpdateWriteKeys is { } update)
                {
                    // RFC 8446 §5.5: "Implementations SHOULD do a key update ... prior to reaching these limits."
                    update(false);
                    written += Drain(destination[written..]);
                    continue;
                }

                var chunk = Math.Min(source.Length - consumed, _writer.MaxFragment);
                if (destination.Length - written < RecordLimits.HeaderLength + _writer.Overhead + chunk)
                {
                    break;
                }

                written += _writer.Seal(ContentType.ApplicationData, source.Slice(consumed, chunk), destination[written..]);
                consumed += chunk;
            }
        }
        catch (TlsFaultException fault)
        {
            throw Fail(fault);
        }

        return new TlsWriteResult(consumed, written);
    }

    /// <summary>
    /// Client: seals early data (0-RTT) into whole records, as many as fit, while the handshake goes on. See <see cref="TlsClientOptions.EnableEarlyData"/>: it can be
    /// replayed, and after <see cref="TlsReadStatus.EarlyDataRejected"/> it must be written again.
    /// </summary>
    /// <param name="source">Early data.</param>
    /// <param name="destination">Gets what waits in the queue, and then the records.</param>
    /// <returns>What was consumed: less than everything when the session's limit is reached, the server has answered, the connection was closed, or the destination is full; then the rest is
    /// to be written once connected.</returns>
    public TlsWriteResult WriteEarlyData(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        ThrowIfFaulted();
        var written = Drain(destination);
        var consumed = 0;
        while (consumed < source.Length && !HasPendingOutput && EarlyDataLimit is > 0 and var left)
        {
            var chunk = (int)Math.Min(Math.Min(source.Length - consumed, _writer.MaxFragment), left);
            if (destination.Length - written < RecordLimits.HeaderLength + _writer.Overhead + chunk)
            {
                break;
            }

            written += _writer.Seal(ContentType.ApplicationData, source.Slice(consumed, chunk), destination[written..]);
            consumed += chunk;
            _channel.CountEarlyDataWritten(chunk);
        }

        return new TlsWriteResult(consumed, written);
    }

    /// <summary>TLS 1.3: changes the keys of what this side writes (RFC 8446 §4.6.3). It happens by itself before a key has sealed too much.</summary>
    /// <param name="requestPeer">Asks the peer to change its keys too.</param>
    /// <exception cref="InvalidOperationException">The handshake is not complete, or the version is TLS 1.2.</exception>
    public void UpdateKeys(bool requestPeer = false) =>
        (_established?.UpdateWriteKeys ?? throw new InvalidOperationException("keys can be updated on an established TLS 1.3 connection only"))(requestPeer);

    /// <summary>Server, TLS 1.3: queues more tickets, at any time after the handshake (RFC 8446 §4.6.1).</summary>
    /// <param name="count">How many.</param>
    /// <returns>How many could be issued.</returns>
    /// <exception cref="InvalidOperationException">The handshake is not complete, this is a client, or the version is TLS 1.2.</exception>
    public int SendTickets(int count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var tickets = _established?.Tickets ?? throw new InvalidOperationException("tickets are sent by the server of an established TLS 1.3 connection");
        return tickets.Issue(count).Count;
    }

    /// <summary>How large a destination must be to take everything that waits in the queue and this much application data: an upper bound.</summary>
    public int GetWriteSize(int plaintextLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(plaintextLength);
        var records = (plaintextLength + _writer.MaxFragment - 1) / _writer.MaxFragment;
        var data = plaintextLength + (records * (RecordLimits.HeaderLength + RecordLimits.MaxOverhead));
        return data + (HasPendingOutput ? _output.SealedSize(_writer) : 0);
    }

    /// <summary>Keying material for the application (RFC 5705 §4). May be called beside a read and a write, by one thread at a time.</summary>
    /// <param name="label">The label, ASCII; registered with IANA or beginning with "EXPERIMENTAL".</param>
    /// <param name="context">The context; null is "no context", which in TLS 1.2 differs from an empty one.</param>
    /// <param name="destination">Filled with the keying material.</param>
    /// <exception cref="InvalidOperationException">
    /// The handshake is not complete, or there is no extended master secret: RFC 7627 §5.4 forbids exporting then.
    /// </exception>
    public void ExportKeyingMaterial(ReadOnlySpan<byte> label, byte[]? context, Span<byte> destination)
    {
        if (_established is not { } established)
        {
            throw new InvalidOperationException("the handshake is not complete");
        }

        // RFC 7627 §5.4: "the client or server MUST NOT export any key material based on the new master secret".
        var exporter = established.Exporter
            ?? throw new InvalidOperationException("keying material cannot be exported: the peer does not support extended_master_secret (RFC 7627 §5.4)");
        exporter.Export(label, context is not null, context, destination);
    }

    /// <summary>Ends the connection in order: close_notify is queued (RFC 5246 §7.2.1), and nothing can be written afterwards. Reading may go on.</summary>
    public void Close()
    {
        if (!_closeSent && _fault is null)
        {
            _closeSent = true;
            _channel.SendClose(new AlertMessage(isFatal: false, AlertDescription.CloseNotify));
        }
    }

    /// <summary>
    /// Gives the connection up because this side cannot go on (<see cref="TlsFault.InternalError"/>): the fatal alert is queued, and every later call reports it. Does nothing
    /// after another fault.
    /// </summary>
    /// <param name="reason">Becomes the inner exception.</param>
    /// <returns>The exception that later calls throw.</returns>
    public TlsException Abort(Exception reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        return Fail(FaultOf(reason));
    }

    /// <summary>Gives the handshake up because it was not over in time (<see cref="TlsFault.HandshakeTimeout"/>). As <see cref="Abort(Exception)"/>; the peer gets user_canceled.</summary>
    /// <param name="limit">The time that it had, for the exception's message. The connection has no clock of its own: its user measures.</param>
    /// <returns>The exception that later calls throw.</returns>
    public TlsException TimeOut(TimeSpan limit) =>
        Abort(TlsFault.HandshakeTimeout, $"the handshake was not over within its time limit of {limit.TotalSeconds:0.###} s");

    /// <summary>For a transport, which may have other reasons; applications have no word in what a peer did wrong.</summary>
    internal TlsException Abort(TlsFault reason, string message) => Fail(new TlsFaultException(reason, message));

    /// <summary>The transport has ended.</summary>
    /// <exception cref="TlsException">It ended without close_notify: data may be missing (<see cref="TlsFault.Truncated"/>).</exception>
    public void EndOfInput()
    {
        ThrowIfFaulted();
        if (!_intake.IsClosed)
        {
            // RFC 5246 §7.2.1: without close_notify an attacker may have cut the data short. The session stays resumable (§7.2.1 as changed by RFC 5246).
            throw Fail(new TlsFaultException(
                TlsFault.Truncated, IsConnected ? "the peer ended the transport without close_notify: data may be missing" : "the peer ended the transport during the handshake"));
        }
    }

    /// <summary>Releases keys and buffers; secrets are cleared. It sends nothing.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _canWrite = false;
        _channel.Dispose();
        (_established ?? _channel.Established)?.Dispose();
        _assembler.Dispose();
        _output.Dispose();
        _reader.Dispose();
        _writer.Dispose();
    }

    void IQuestionOwner.AnswerQuestion(TlsQuestion question, Action continuation)
    {
        ThrowIfFaulted();
        TakeQuestion(question);
        try
        {
            continuation();
            AfterStep();
        }
        catch (Exception reason)
        {
            Fail(FaultOf(reason));
        }
    }

    void IQuestionOwner.FailQuestion(TlsQuestion question, Exception reason)
    {
        ThrowIfFaulted();
        TakeQuestion(question);
        Fail(reason as TlsFaultException ?? new TlsFaultException(TlsFault.InternalError, $"{question.GetType().Name} had no answer: {reason.Message}", reason));
    }

    /// <summary>What this side could not do, for whatever reason (a key that is gone, a callback that throws), ends the connection like a fault of the peer's.</summary>
    private static TlsFaultException FaultOf(Exception reason) =>
        reason as TlsFaultException ?? new TlsFaultException(TlsFault.InternalError, $"this side could not go on: {reason.Message}", reason);

    private void TakeQuestion(TlsQuestion question)
    {
        if (_channel.Question != question)
        {
            throw new InvalidOperationException("this question is not open: it was answered already, or the connection is gone");
        }

        _channel.Question = null;
    }

    private void ThrowIfFaulted()
    {
        if (_fault is { } fault)
        {
            throw fault;
        }

        ObjectDisposedException.ThrowIf(_isDisposed, this);
    }

    /// <summary>The one place where a fault becomes an alert and an exception.</summary>
    private TlsException Fail(TlsFaultException cause)
    {
        var fault = new TlsException(cause);
        // Both halves may fail at once: the first says why, and sends the alert.
        if (Interlocked.CompareExchange(ref _fault, fault, null) is { } earlier)
        {
            return earlier;
        }

        if (cause.Fault != TlsFault.PeerAlert && fault.Alert is { } alert && !_closeSent)
        {
            _channel.SendAlert(new AlertMessage(isFatal: true, alert));
        }

        // What is wrong behind the Finished message is found before the connection is established, when the session has been kept already.
        if ((_established ?? _channel.Established) is not { } session)
        {
            // A handshake that was handed the connection over, and failed in that same step, is not the current one yet.
            (_channel.Successor ?? _channel.Current).Abandon();
        }
        else if (cause.Fault != TlsFault.Truncated)
        {
            session.Forget();
        }

        return fault;
    }

    /// <summary>What stands before the next record: messages that wait, an open question, news.</summary>
    private TlsReadStatus? Pending()
    {
        while (Question is null && _assembler.TryNext(out var message))
        {
            _channel.Receive(message);
            AfterStep();
        }

        if (Question is not null)
        {
            return TlsReadStatus.Question;
        }

        if (_assembler.PartialType is { } type)
        {
            _channel.InsistOnPlace(type);
        }

        if (_channel.TakeEarlyDataRejection())
        {
            return TlsReadStatus.EarlyDataRejected;
        }

        if (_announceConnected)
        {
            _announceConnected = false;
            return TlsReadStatus.Connected;
        }

        _assembler.Compact();
        return _intake.IsClosed ? TlsReadStatus.Closed : null;
    }

    /// <summary>A handshake may have handed over to its successor, have opened the writing direction, or be complete.</summary>
    private void AfterStep()
    {
        _channel.Advance();

        if (_channel.PeerRecordLimit is { } limit && !_canWrite)
        {
            _writer.MaxFragment = limit;
            _canWrite = true;
        }

        if (_channel.Established is { } established && _established is null)
        {
            // RFC 5246 §7.1: keys change on a record boundary; nothing of the handshake may be left over.
            _channel.InsistOnRecordBoundary();
            _established = established;
            _reader.MaxPlaintext = established.OwnRecordLimit;
            _announceConnected = true;
            _channel.EndHandshake();
        }
    }
}
