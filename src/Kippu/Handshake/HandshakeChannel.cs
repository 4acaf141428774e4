using Kippu.Alerts;
using Kippu.KeySchedule;
using Kippu.Records;
using Kippu.Wire;
using Kippu.Wire.Messages;

namespace Kippu.Handshake;

/// <summary>
/// What a handshake sees of its connection: it sends messages, changes keys, asks questions and says when it is done. Everything that goes
/// through here enters the transcript and the trace in the order of the wire.
/// </summary>
internal sealed class HandshakeChannel(
    long connection, OutputQueue output, ReadHalf reader, HandshakeAssembler assembler, IQuestionOwner owner, ConnectionEnvironment environment) : IDisposable
{
    private const int MaxMessagesWithoutProgress = 32;

    private static readonly byte[] s_changeCipherSpec = ChangeCipherSpec.Bytes.ToArray();

    private readonly Lock _sending = new();
    private WireBuffer? _message;
    private RecordProtection? _nextRead;
    private RecordProtection? _nextWrite;
    private bool _beginsProtection;
    private bool _earlyDataRejected;
    private bool _writesProtected;
    private volatile bool _writesEarlyData;
    private long _earlyDataToWrite;
    private bool _isClosed;

    public Transcript Transcript { get; private set; } = new();

    public ConnectionEnvironment Environment { get; } = environment;

    public IQuestionOwner Owner { get; } = owner;

    /// <summary>The question that waits for an answer.</summary>
    public TlsQuestion? Question { get; set; }

    /// <summary>Who takes the messages that come.</summary>
    public IHandshake Current { get; private set; } = null!;

    /// <summary>Takes over after this message: the start hands over to a version's handshake, and that one to what follows it.</summary>
    public IHandshake? Successor { get; private set; }

    /// <summary>Set once, when the handshake is complete.</summary>
    public EstablishedSession? Established { get; private set; }

    /// <summary>Set when the protocol allows application data to be written, which in TLS 1.3 is before the handshake is complete: the most that the peer takes in one record.</summary>
    public int? PeerRecordLimit { get; set; }

    /// <summary>A server reads early data at this moment (RFC 8446 §4.2.10), and this much more of it; null: it does not.</summary>
    public long? EarlyDataLeft { get; set; }

    /// <summary>What is known of the connection while a server reads early data; null at any other time.</summary>
    public TlsConnectionInfo? EarlyInfo { get; set; }

    /// <summary>A client may write this much early data at this moment.</summary>
    public long EarlyDataToWrite => _writesEarlyData ? _earlyDataToWrite : 0;

    /// <summary>The application protocol of the session that a client offers early data with; null if it offers none.</summary>
    public ReadOnlyMemory<byte>? EarlyDataProtocol { get; private set; }

    /// <summary>Messages since application data last came, for those that count them.</summary>
    public int MessagesWithoutProgress { get; set; }

    /// <summary>A server that refused early data skips it at this moment; null: nothing is skipped.</summary>
    public SkippedEarlyData? SkippedEarlyData { get; set; }

    /// <summary>The peer's records must carry this version from now on; null while none is negotiated.</summary>
    public TlsVersion? NegotiatedVersion { get; set; }

    public void Send<T>(T body)
        where T : IHandshakeBody<T>
    {
        Transcript.Append(Enqueue(body));
    }

    /// <summary>Sends a ClientHello, and computes the binder of the ticket that it offers over the transcript and itself (RFC 8446 §4.2.11.2).</summary>
    public void SendHello(ClientHello hello, PskEarlySecret? psk)
    {
        if (psk is null || hello.PreSharedKeys is not { } offered)
        {
            Send(hello);
            return;
        }

        using var message = new WireBuffer();
        HandshakeFraming.Write(message, hello);
        var covered = message.Length - offered.BindersLength;
        Span<byte> hash = stackalloc byte[psk.HashLength];
        if (Transcript.HasHash)
        {
            Transcript.Append(message.Written[..covered]);
            Transcript.CurrentHash(hash);
        }
        else
        {
            Transcript.HashBeforeSelection(psk.Hash, message.Written[..covered], hash);
            Transcript.Append(message.Written[..covered]);
        }

        psk.ComputeBinder(hash, offered.BinderIn(message.Patch(0, message.Length), 0));
        Transcript.Append(message.Written[covered..]);
        if (TryEnqueue(ContentType.Handshake, message.Written))
        {
            Trace(sent: true, HandshakeEventKind.Handshake, HandshakeType.ClientHello, message.WrittenMemory, _writesProtected);
        }
    }

    /// <summary>Sends a message after the handshake, or one that the transcript does not cover.</summary>
    /// <returns>False if this side has said close_notify: nothing can follow.</returns>
    public bool SendUncovered<T>(T body)
        where T : IHandshakeBody<T>
    {
        lock (_sending)
        {
            if (_isClosed)
            {
                return false;
            }

            Enqueue(body);
            return true;
        }
    }

    /// <summary>The same, and what follows it is protected by <paramref name="protection"/>.</summary>
    /// <returns>For <see cref="HasSent"/>.</returns>
    public long SendAndProtect<T>(T body, RecordProtection protection)
        where T : IHandshakeBody<T>
    {
        lock (_sending)
        {
            if (_isClosed)
            {
                protection.Dispose();
                return 0;
            }

            Enqueue(body);
            return output.EnqueueKeyChange(protection);
        }
    }

    /// <summary>Whether what <see cref="SendAndProtect"/> has queued is out of the queue.</summary>
    public bool HasSent(long keyChange) => output.HasMade(keyChange);

    /// <summary>RFC 8446 §6.1: close_notify says "that the sender will not send any more messages on this connection".</summary>
    public void SendClose(AlertMessage alert)
    {
        lock (_sending)
        {
            SendAlert(alert);
            _isClosed = true;
        }
    }

    public void SendAlert(AlertMessage alert)
    {
        ChangeWriteKeys();
        output.Enqueue(ContentType.Alert, alert.ToArray());
        TraceAlert(sent: true, alert);
    }

    /// <summary>RFC 5246 §7.1: all that is sent after it is protected by <paramref name="protection"/>.</summary>
    public void SendChangeCipherSpec(RecordProtection protection)
    {
        if (TryEnqueue(ContentType.ChangeCipherSpec, s_changeCipherSpec))
        {
            Trace(sent: true, HandshakeEventKind.ChangeCipherSpec, default, s_changeCipherSpec, _writesProtected);
        }

        output.EnqueueKeyChange(protection);
        _writesProtected = true;
    }

    /// <summary>RFC 8446 appendix D.4: a ChangeCipherSpec that means nothing, for middleboxes that expect TLS 1.2.</summary>
    public void SendCompatibilityChangeCipherSpec()
    {
        if (TryEnqueue(ContentType.ChangeCipherSpec, s_changeCipherSpec))
        {
            Trace(sent: true, HandshakeEventKind.ChangeCipherSpec, default, s_changeCipherSpec, isProtected: false);
        }
    }

    /// <summary>TLS 1.3: all that is sent from here on is protected by <paramref name="protection"/>; a HelloRetryRequest takes the protection of early data back.</summary>
    /// <param name="protection">The keys.</param>
    /// <param name="sizeLimit">
    /// The peer's record_size_limit where it is known by these keys: RFC 8449 §4 limits every record that is protected, those of the handshake too, and they may be on their way
    /// long before the handshake lets data be written.
    /// </param>
    public void ProtectWrites(RecordProtection protection, int? sizeLimit = null)
    {
        output.EnqueueKeyChange(protection, sizeLimit);
        _writesProtected = protection is not ClearProtection;
    }

    /// <summary>
    /// TLS 1.3: the keys of this side's next flight. RFC 8446 §6: "alert messages are encrypted as specified by the current connection state": an alert that comes
    /// before that flight is under these keys too, for the peer reads nothing else.
    /// </summary>
    /// <param name="protection">The keys.</param>
    /// <param name="isFirst">Nothing was protected before: the ChangeCipherSpec of appendix D.4 goes first.</param>
    public void PrepareWriteKeys(RecordProtection protection, bool isFirst)
    {
        lock (_sending)
        {
            _nextWrite?.Dispose();
            _beginsProtection = isFirst;
            _nextWrite = protection;
        }
    }

    /// <summary>All that is sent from here on is protected by the keys that were prepared, if any were.</summary>
    /// <remarks>
    /// The read half changes them before its flight and the write half before an alert: whoever comes second waits until the change is in the queue, or its flight would be
    /// in front of it, in the clear.
    /// </remarks>
    /// <param name="sizeLimit">As for <see cref="ProtectWrites"/>.</param>
    public void ChangeWriteKeys(int? sizeLimit = null)
    {
        lock (_sending)
        {
            if (_nextWrite is not { } protection)
            {
                return;
            }

            _nextWrite = null;
            if (_beginsProtection)
            {
                SendCompatibilityChangeCipherSpec();
            }

            ProtectWrites(protection, sizeLimit);
        }
    }

    /// <summary>TLS 1.3: all that comes from here on is protected by <paramref name="protection"/>.</summary>
    public void ProtectReads(RecordProtection protection)
    {
        InsistOnRecordBoundary();
        reader.Rekey(protection);
    }

    /// <summary>RFC 8449 §4: what this side announced holds for every protected record, from when the peer knows of it.</summary>
    public void LimitReads(int limit) => reader.MaxPlaintext = limit;

    /// <summary>RFC 8446 §5.1: "Handshake messages MUST NOT span key changes."</summary>
    public void InsistOnRecordBoundary()
    {
        if (assembler.HasPartial)
        {
            throw new TlsFaultException(TlsFault.MessageAcrossKeyChange, "a handshake message does not end where the keys change");
        }
    }

    /// <summary>A client may write early data from here on.</summary>
    public void BeginEarlyData(long limit, ReadOnlyMemory<byte> protocol)
    {
        EarlyDataProtocol = protocol;
        _earlyDataToWrite = limit;
        _writesEarlyData = true;
    }

    /// <summary>The write half has written so much of it. It counts for itself: the read half may end it at any moment, and then it stays ended.</summary>
    public void CountEarlyDataWritten(int count) => _earlyDataToWrite -= count;

    /// <summary>The server has answered. Called before the keys change, which the write half learns from the queue: it must find this first.</summary>
    public void EndEarlyData() => _writesEarlyData = false;

    /// <summary>A client learns that its early data was refused: the application is told before any data.</summary>
    public void RejectEarlyData()
    {
        EndEarlyData();
        _earlyDataRejected = true;
    }

    public bool TakeEarlyDataRejection()
    {
        var rejected = _earlyDataRejected;
        _earlyDataRejected = false;
        return rejected;
    }

    /// <summary>The keys that the peer's ChangeCipherSpec will bring into force.</summary>
    public void PrepareReadKeys(RecordProtection protection)
    {
        _nextRead?.Dispose();
        _nextRead = protection;
    }

    /// <summary>The peer's ChangeCipherSpec came at its proper place.</summary>
    public void ChangeReadKeys()
    {
        reader.Rekey(_nextRead ?? throw new InvalidOperationException("no keys are prepared for the peer's ChangeCipherSpec"));
        _nextRead = null;
    }

    /// <summary>A message came: traced here, and put into the transcript by its handler, which knows whether it has to look at the hash first.</summary>
    public void Receive(HandshakeMessage message)
    {
        Trace(sent: false, HandshakeEventKind.Handshake, message.Type, message.Raw, reader.IsProtected);
        Current.Handler(message.Type)(message);
    }

    /// <summary>A message has begun: one that has no place here is not waited for, and 64 kB of it are not kept.</summary>
    public void InsistOnPlace(HandshakeType type) => Current.Handler(type);

    /// <summary>One more message that brings nothing forward: a HelloRequest, a KeyUpdate, a ticket.</summary>
    /// <exception cref="TlsFaultException"><see cref="TlsFault.TooManyIdleMessages"/>.</exception>
    public void CountIdleMessage()
    {
        if (++MessagesWithoutProgress > MaxMessagesWithoutProgress)
        {
            throw new TlsFaultException(TlsFault.TooManyIdleMessages, $"more than {MaxMessagesWithoutProgress} messages in a row that bring nothing forward");
        }
    }

    public void TraceReceivedChangeCipherSpec() =>
        Trace(sent: false, HandshakeEventKind.ChangeCipherSpec, default, s_changeCipherSpec, reader.IsProtected);

    public void TraceAlert(bool sent, AlertMessage alert)
    {
        if (Environment.Observer is { } observer)
        {
            observer.OnEvent(connection, new HandshakeEvent
            {
                IsSent = sent,
                Kind = HandshakeEventKind.Alert,
                Message = alert.ToArray(),
                IsProtected = sent ? _writesProtected : reader.IsProtected,
                Alert = alert.Description,
                IsFatal = alert.IsFatal,
                Timestamp = Environment.Time.GetTimestamp(),
                Version = NegotiatedVersion ?? TlsVersion.Tls12,
            });
        }
    }

    public void HandOver(IHandshake successor) => Successor = successor;

    /// <summary>The successor takes over, if there is one.</summary>
    public void Advance()
    {
        if (Successor is { } successor)
        {
            Current.Dispose();
            Current = successor;
            Successor = null;
        }
    }

    public void Begin(IHandshake start) => Current = start;

    public void Complete(EstablishedSession session, IHandshake afterwards)
    {
        Established = session;
        Successor = afterwards;
    }

    /// <summary>Stops the handshake until the question is answered.</summary>
    public void Ask(TlsQuestion question)
    {
        if (Question is not null)
        {
            throw new InvalidOperationException("a question is open already");
        }

        Question = question;
    }

    public void Dispose()
    {
        Current.Dispose();
        Successor?.Dispose();
        _nextRead?.Dispose();
        _nextWrite?.Dispose();
        EndHandshake();
    }

    /// <summary>The handshake is over: what it alone needed is given back. Messages after it are sent all the same.</summary>
    public void EndHandshake()
    {
        _message?.Dispose();
        _message = null;
        Transcript.Dispose();
    }

    private ReadOnlySpan<byte> Enqueue<T>(T body)
        where T : IHandshakeBody<T>
    {
        _message ??= new WireBuffer();
        _message.Clear();
        HandshakeFraming.Write(_message, body);
        if (TryEnqueue(ContentType.Handshake, _message.Written))
        {
            Trace(sent: true, HandshakeEventKind.Handshake, T.Type, _message.WrittenMemory, _writesProtected);
        }

        return _message.Written;
    }

    /// <summary>RFC 8446 §6.1: close_notify says "that the sender will not send any more messages": what a handshake that goes on would say is dropped.</summary>
    private bool TryEnqueue(ContentType type, ReadOnlySpan<byte> content)
    {
        lock (_sending)
        {
            if (!_isClosed)
            {
                output.Enqueue(type, content);
            }

            return !_isClosed;
        }
    }

    private void Trace(bool sent, HandshakeEventKind kind, HandshakeType type, ReadOnlyMemory<byte> message, bool isProtected)
    {
        if (Environment.Observer is { } observer)
        {
            observer.OnEvent(connection, new HandshakeEvent
            {
                IsSent = sent,
                Kind = kind,
                Type = type,
                Message = message,
                IsProtected = isProtected,
                Timestamp = Environment.Time.GetTimestamp(),
                Version = NegotiatedVersion ?? TlsVersion.Tls12,
            });
        }
    }
}
