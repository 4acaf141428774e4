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
public sealed partial class TlsConnection : IDisposable, IQuestionOwner
{
    private const int MaxEmptyRecords = 32;
    private const int MaxWarningAlerts = 4;
    private static long s_lastNumber;

    private readonly ReadHalf _reader = new();
    private readonly WriteHalf _writer = new();
    private readonly OutputQueue _output = new();
    private readonly HandshakeAssembler _assembler = new();
    private HandshakeChannel? _channel;
    private IHandshake _handshake;
    private EstablishedSession? _established;
    private volatile TlsException? _fault;
    private volatile bool _canWrite;
    private volatile bool _closeSent;
    private bool _announceConnected;
    private bool _closeReceived;
    private bool _isDisposed;
    private int _emptyRecords;
    private int _warningAlerts;

    private TlsConnection(ConnectionEnvironment environment, Func<HandshakeChannel, IHandshake> start)
    {
        Number = Interlocked.Increment(ref s_lastNumber);
        _channel = new HandshakeChannel(Number, _output, _reader, this, environment);
        _handshake = start(_channel);
    }

    /// <summary>A number that is unique within the process, for logs and for <see cref="IHandshakeObserver"/>.</summary>
    public long Number { get; }

    /// <summary>True once the handshake is complete.</summary>
    public bool IsConnected => _established is not null;

    /// <summary>True once the protocol allows application data to be written, and until <see cref="Close"/>.</summary>
    public bool CanWrite => _canWrite && !_closeSent && _fault is null;

    /// <summary>True if the peer has sent close_notify.</summary>
    public bool IsClosedByPeer => _closeReceived;

    /// <summary>True while there is something to send besides application data. May be read by any thread.</summary>
    public bool HasPendingOutput => _output.HasPending;

    /// <summary>The open question, or null.</summary>
    public TlsQuestion? Question => _channel?.Question;

    /// <summary>What was negotiated.</summary>
    /// <exception cref="InvalidOperationException">The handshake is not complete.</exception>
    public TlsConnectionInfo Info => _established?.Info ?? throw new InvalidOperationException("the handshake is not complete");

    internal static TlsConnection ForServer(ServerPolicy policy) =>
        new(policy.Environment, channel => new ServerStart(policy, channel));

    internal static TlsConnection ForClient(ClientPolicy policy, TlsTarget target) =>
        new(policy.Environment, channel => ClientStart.SendHello(policy, target, channel));

    /// <summary>Keying material for the application (RFC 5705 §4).</summary>
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
            Enqueue(new AlertMessage(isFatal: false, AlertDescription.CloseNotify));
        }
    }

    /// <summary>Gives the connection up: the fatal alert of <paramref name="reason"/> is queued, and every later call reports it. Does nothing after another fault.</summary>
    /// <param name="reason">What becomes of the connection; <see cref="PeerFault.HandshakeTimeout"/>, for instance.</param>
    /// <param name="message">Says what happened, for a person.</param>
    /// <returns>The exception that later calls throw.</returns>
    public TlsException Abort(PeerFault reason, string message) => Fail(new TlsFaultException(reason, message));

    /// <summary>The transport has ended.</summary>
    /// <exception cref="TlsException">It ended without close_notify: data may be missing (<see cref="PeerFault.Truncated"/>).</exception>
    public void EndOfInput()
    {
        ThrowIfFaulted();
        if (!_closeReceived)
        {
            // RFC 5246 §7.2.1: without close_notify an attacker may have cut the data short. The session stays resumable (§7.2.1 as changed by RFC 5246).
            throw Fail(new TlsFaultException(
                PeerFault.Truncated, IsConnected ? "the peer ended the transport without close_notify: data may be missing" : "the peer ended the transport during the handshake"));
        }
    }

    /// <summary>Releases keys and buffers; secrets are cleared. It sends nothing.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _canWrite = false;
        _handshake.Dispose();
        _channel?.Dispose();
        _established?.Dispose();
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
        Fail(reason as TlsFaultException ?? new TlsFaultException(PeerFault.InternalError, $"{question.GetType().Name} had no answer: {reason.Message}", reason));
    }

    /// <summary>What this side could not do, for whatever reason (a key that is gone, a callback that throws), ends the connection like a fault of the peer's.</summary>
    private static TlsFaultException FaultOf(Exception reason) =>
        reason as TlsFaultException ?? new TlsFaultException(PeerFault.InternalError, $"this side could not go on: {reason.Message}", reason);

    private void TakeQuestion(TlsQuestion question)
    {
        if (_channel is null || _channel.Question != question)
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
        if (_fault is { } earlier)
        {
            return earlier;
        }

        var fault = new TlsException(cause);
        _fault = fault;
        if (cause.Fault != PeerFault.PeerAlert && fault.Alert is { } alert && !_closeSent)
        {
            Enqueue(new AlertMessage(isFatal: true, alert));
        }

        // What is wrong behind the Finished message is found before the connection is established, when the session has been kept already.
        if ((_established ?? _channel?.Established) is not { } session)
        {
            _handshake.Abandon();
        }
        else if (cause.Fault != PeerFault.Truncated)
        {
            session.Forget();
        }

        return fault;
    }

    private void Enqueue(AlertMessage alert)
    {
        _output.Enqueue(ContentType.Alert, alert.ToArray());
        _channel?.TraceAlert(sent: true, alert);
    }
}
