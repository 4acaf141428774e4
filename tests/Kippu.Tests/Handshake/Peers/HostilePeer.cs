using System.Security.Cryptography;
using Kippu.KeySchedule;
using Kippu.Records;
using Kippu.Wire;
using Kippu.Wire.Messages;

namespace Kippu.Tests.Handshake.Peers;

/// <summary>
/// A peer that speaks TLS and misbehaves where the test tells it to; <see cref="HostilePeer12"/> and <see cref="HostilePeer13"/> have each version's keys. Each message is a method of its own, so a test drops, repeats and reorders messages
/// by calling or not calling; <see cref="Edit"/> changes them, <see cref="Join"/> and <see cref="PeerRecords.FragmentLength"/> spread them over records. What it
/// sends is protected by the right keys where it must be, and its Finished covers what was really said, so the fault under test is the only one.
/// </summary>
internal abstract class HostilePeer(TlsConnection victim) : IDisposable
{
    private readonly HandshakeAssembler _assembler = new();
    private readonly List<byte> _joined = [];
    private readonly List<byte> _held = [];
    private bool _isJoining;
    private bool _isHolding;

    /// <summary>The end under test.</summary>
    public Endpoint Victim { get; } = new(victim);

    public PeerRecords Records { get; } = new();

    /// <summary>What the victim said, in order: names of handshake messages, "ChangeCipherSpec", "Alert".</summary>
    public List<string> Flow { get; } = [];

    /// <summary>The victim's handshake messages.</summary>
    public List<HandshakeMessage> Heard { get; } = [];

    /// <summary>The victim's application data.</summary>
    public List<byte> Data { get; } = [];

    /// <summary>How much the longest of the victim's protected records held.</summary>
    public int LongestProtected { get; private set; }

    /// <summary>The victim's last alert, and how many there were.</summary>
    public AlertMessage? Alert { get; private set; }

    public int AlertCount { get; private set; }

    /// <summary>Changes a message (header and body) on its way out; the peer itself goes by what it sent. Null drops it.</summary>
    public Func<HandshakeType, byte[], byte[]?> Edit { get; set; } = static (_, raw) => raw;

    /// <summary>Changes a message behind the peer's back, as somebody between the two would: its transcript has the original.</summary>
    public Func<HandshakeType, byte[], byte[]> Tamper { get; set; } = static (_, raw) => raw;

    public CipherSuite? Suite { get; protected set; }

    public byte[] ClientRandom { get; protected set; } = [];

    public byte[] ServerRandom { get; protected set; } = [];

    /// <summary>The victim's Finished has come, and verified.</summary>
    public bool HeardFinished { get; private set; }

    protected Transcript Transcript { get; } = new() { KeepMessages = true };

    protected abstract bool IsClient { get; }

    /// <summary>A peer of TLS 1.2 with nothing special about it, for tests that go through both roles.</summary>
    public static HostilePeer Of(bool victimIsServer, TimeProvider time) =>
        victimIsServer ? new HostileClient(TestServers.Server(time)) : new HostileServer(TestServers.Client(time));

    public abstract void SendHello();

    /// <summary>All that this side of a full handshake says before its ChangeCipherSpec; in TLS 1.3, before its Finished.</summary>
    public abstract void SendAllBeforeChange();

    /// <summary>A handshake as it should be; stops early if the victim gives up.</summary>
    public abstract HostilePeer Connect();

    public void Send<T>(T message)
        where T : IHandshakeBody<T> => SendMessage(T.Type, Body(message));

    /// <summary>A message of any type, with any body.</summary>
    public void SendMessage(HandshakeType type, ReadOnlySpan<byte> body) =>
        SendRawMessage(type, [(byte)type, (byte)(body.Length >> 16), (byte)(body.Length >> 8), (byte)body.Length, .. body]);

    /// <summary>A message with any header.</summary>
    public void SendRawMessage(HandshakeType type, byte[] raw)
    {
        if (Edit(type, raw) is not { } sent)
        {
            return;
        }

        if (type != HandshakeType.HelloRequest)
        {
            Transcript.Append(sent);
        }

        sent = Tamper(type, [.. sent]);
        if (_isJoining)
        {
            _joined.AddRange(sent);
        }
        else
        {
            SendContent(ContentType.Handshake, sent);
        }
    }

    /// <summary>ChangeCipherSpec, and the change of keys that it announces; in TLS 1.3 it announces none.</summary>
    public virtual void SendChangeCipherSpec() => SendContent(ContentType.ChangeCipherSpec, ChangeCipherSpec.Bytes);

    public virtual void SendFinished() => Send(Finished());

    public void SendAlert(bool isFatal, AlertDescription description) => SendContent(ContentType.Alert, new AlertMessage(isFatal, description).ToArray());

    public void SendData(ReadOnlySpan<byte> data) => SendContent(ContentType.ApplicationData, data);

    /// <summary>Content of any type, in records.</summary>
    public void SendContent(ContentType type, ReadOnlySpan<byte> content) => SendBytes(Records.Seal(type, content));

    /// <summary>Any bytes, straight to the victim, whose answer is listened to.</summary>
    public void SendBytes(ReadOnlySpan<byte> bytes)
    {
        if (_isHolding)
        {
            _held.AddRange(bytes);
            return;
        }

        Victim.Receive(bytes);
        Listen();
    }

    /// <summary>Handshake messages sent by <paramref name="send"/> share one record.</summary>
    public void Join(Action send)
    {
        _isJoining = true;
        send();
        _isJoining = false;
        var content = _joined.ToArray();
        _joined.Clear();
        SendContent(ContentType.Handshake, content);
    }

    /// <summary>Records sent by <paramref name="send"/> reach the victim in one piece.</summary>
    public void Hold(Action send)
    {
        if (_isHolding)
        {
            send();
            return;
        }

        SendBytes(Capture(send));
    }

    /// <summary>What <paramref name="send"/> would send, for the test to deliver.</summary>
    public byte[] Capture(Action send)
    {
        _isHolding = true;
        send();
        _isHolding = false;
        var bytes = _held.ToArray();
        _held.Clear();
        return bytes;
    }

    /// <summary>The transport ends.</summary>
    public void HangUp()
    {
        Victim.EndOfInput();
        Listen();
    }

    /// <summary>Hears all that the victim has to say.</summary>
    public void Listen()
    {
        while (Victim.Connection.HasPendingOutput)
        {
            Hear(Victim.Drain());
        }
    }

    /// <summary>Hears these bytes of the victim's.</summary>
    public void Hear(byte[] wire)
    {
        foreach (var record in Records.Open(wire))
        {
            Hear(record);
        }
    }

    public T Said<T>()
        where T : IHandshakeBody<T> => T.Parse(Heard.Last(message => message.Type == T.Type).Body);

    public bool HasSaid(HandshakeType type) => Heard.Exists(message => message.Type == type);

    public virtual void Dispose()
    {
        Victim.Dispose();
        Records.Dispose();
        Transcript.Dispose();
        _assembler.Dispose();
    }

    /// <summary>The Finished that is right at this moment.</summary>
    public Finished Finished() => new() { VerifyData = VerifyData(IsClient) };

    private protected static byte[] Body<T>(T message)
        where T : IHandshakeBody<T>
    {
        using var buffer = new WireBuffer();
        message.Write(new TlsWriter(buffer));
        return buffer.Written.ToArray();
    }

    /// <summary>The verify_data of the transcript as it stands.</summary>
    protected abstract byte[] VerifyData(bool ofClient);

    /// <summary>The victim said this, and it is not in the transcript yet.</summary>
    protected virtual void OnHearing(HandshakeMessage message)
    {
    }

    /// <summary>The victim's ChangeCipherSpec came.</summary>
    protected virtual void OnChangeCipherSpec()
    {
    }

    /// <summary>The victim said this, and it is in the transcript.</summary>
    protected abstract void OnHeard(HandshakeMessage message);

    private void Hear(PeerRecord record)
    {
        LongestProtected = record.IsProtected ? Math.Max(LongestProtected, record.Content.Length) : LongestProtected;
        switch (record.Type)
        {
            case ContentType.Handshake:
                _assembler.Append(record.Content);
                while (_assembler.TryNext(out var message))
                {
                    Hear(new HandshakeMessage(message.Type, message.Raw.ToArray()));
                }

                break;
            case ContentType.ChangeCipherSpec:
                Flow.Add(nameof(ContentType.ChangeCipherSpec));
                OnChangeCipherSpec();
                break;
            case ContentType.Alert:
                Flow.Add(nameof(ContentType.Alert));
                Alert = AlertMessage.Parse(record.Content);
                AlertCount++;
                break;
            default:
                Data.AddRange(record.Content);
                break;
        }
    }

    private void Hear(HandshakeMessage message)
    {
        Flow.Add(message.Type.ToString());
        Heard.Add(message);
        if (message.Type == HandshakeType.Finished)
        {
            var expected = VerifyData(!IsClient);
            HeardFinished = CryptographicOperations.FixedTimeEquals(expected, message.Body.Span)
                ? true
                : throw new InvalidOperationException("the victim's Finished does not verify");
        }

        OnHearing(message);
        Transcript.Append(message.Raw.Span);
        OnHeard(message);
    }
}
