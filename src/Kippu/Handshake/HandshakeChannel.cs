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
internal sealed class HandshakeChannel(long connection, OutputQueue output, ReadHalf reader, IQuestionOwner owner, ConnectionEnvironment environment) : IDisposable
{
    private readonly WireBuffer _message = new();
    private RecordProtection? _nextRead;
    private bool _writesProtected;

    public Transcript Transcript { get; } = new();

    public ConnectionEnvironment Environment { get; } = environment;

    public IQuestionOwner Owner { get; } = owner;

    /// <summary>The question that waits for an answer.</summary>
    public TlsQuestion? Question { get; set; }

    /// <summary>Takes over after this message: the start hands over to a version's handshake, and that one to what follows it.</summary>
    public IHandshake? Successor { get; private set; }

    /// <summary>Set once, when the handshake is complete.</summary>
    public EstablishedSession? Established { get; private set; }

    /// <summary>The peer's records must carry this version from now on; null while none is negotiated.</summary>
    public TlsVersion? NegotiatedVersion { get; set; }

    public void Send<T>(T body)
        where T : IHandshakeBody<T>
    {
        _message.Clear();
        HandshakeFraming.Write(_message, body);
        Transcript.Append(_message.Written);
        output.Enqueue(ContentType.Handshake, _message.Written);
        Trace(sent: true, HandshakeEventKind.Handshake, T.Type, _message.WrittenMemory, _writesProtected);
    }

    /// <summary>RFC 5246 §7.1: all that is sent after it is protected by <paramref name="protection"/>.</summary>
    public void SendChangeCipherSpec(RecordProtection protection)
    {
        output.Enqueue(ContentType.ChangeCipherSpec, [1]);
        output.EnqueueKeyChange(protection);
        Trace(sent: true, HandshakeEventKind.ChangeCipherSpec, default, ChangeCipherSpecBytes, _writesProtected);
        _writesProtected = true;
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

    /// <summary>A message came: traced here, and put into the transcript by the handler, which knows whether it has to look at the hash first.</summary>
    public void TraceReceived(HandshakeMessage message) =>
        Trace(sent: false, HandshakeEventKind.Handshake, message.Type, message.Raw, reader.IsProtected);

    public void TraceReceivedChangeCipherSpec() =>
        Trace(sent: false, HandshakeEventKind.ChangeCipherSpec, default, ChangeCipherSpecBytes, reader.IsProtected);

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
            });
        }
    }

    public void HandOver(IHandshake successor) => Successor = successor;

    /// <summary>The connection takes the successor over, if there is one.</summary>
    public IHandshake? TakeSuccessor()
    {
        var successor = Successor;
        Successor = null;
        return successor;
    }

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
        Successor?.Dispose();
        _message.Dispose();
        _nextRead?.Dispose();
        Transcript.Dispose();
    }

    private static readonly byte[] s_changeCipherSpec = [1];

    private static ReadOnlyMemory<byte> ChangeCipherSpecBytes => s_changeCipherSpec;

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
            });
        }
    }
}
