using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Kippu.Cli.Wire;

/// <summary>
/// What was seen on the wire of one connection: records, and what can be told of their content without any key. It is fed the bytes of both directions in
/// the order of their passing and knows nothing of the engine, so that it can contradict it.
/// </summary>
/// <remarks>Thread-safe: a connection has a reader and a writer.</remarks>
internal sealed class WireLog(TimeProvider time)
{
    private const int HeaderLength = 5;
    private const int MostBytesKept = 1 << 20;
    private const byte ChangeCipherSpec = 20;
    private const byte Alert = 21;
    private const byte Handshake = 22;
    private const byte ApplicationData = 23;

    private readonly Lock _lock = new();
    private readonly List<WireRecord> _records = [];
    private readonly List<WireItem> _items = [];
    private readonly Direction _client = new();
    private readonly Direction _server = new();
    private readonly List<byte> _firstFlight = [];
    private long _start;
    private bool _frozen;
    private bool _isAnswered;
    private bool _isTls13;
    private bool _hasClientAnswered;

    /// <summary>Bytes of the client's records until <see cref="Freeze"/>; of application data none but the early kind.</summary>
    public long BytesFromClient => Records.Where(record => record.FromClient).Sum(record => (long)record.Length);

    /// <summary>The same of the server's, without the tickets that follow a handshake of TLS 1.3.</summary>
    public long BytesFromServer => Records.Where(record => !record.FromClient).Sum(record => (long)record.Length);

    /// <summary>The server has chosen TLS 1.3.</summary>
    public bool IsTls13
    {
        get
        {
            lock (_lock)
            {
                return _isTls13;
            }
        }
    }

    /// <summary>
    /// The records of the handshake. In TLS 1.3 the client has the last word in it: what the server sends afterwards looks like application data, whatever it is,
    /// and is no part of it.
    /// </summary>
    public IReadOnlyList<WireRecord> Records
    {
        get
        {
            lock (_lock)
            {
                var end = _isTls13 && _hasClientAnswered ? _records.FindLastIndex(record => record.FromClient) + 1 : _records.Count;
                return _records[..end];
            }
        }
    }

    public IReadOnlyList<WireItem> Items
    {
        get
        {
            var count = Records.Count;
            lock (_lock)
            {
                return [.. _items.Where(item => item.Record < count)];
            }
        }
    }

    /// <summary>All that the client sent before the server said anything, byte for byte.</summary>
    public byte[] FirstFlight
    {
        get
        {
            lock (_lock)
            {
                return [.. _firstFlight];
            }
        }
    }

    /// <summary>
    /// How often the client had to wait for the server: the number of times that the word passed from client to server and back
    /// before the handshake was over for the client.
    /// </summary>
    public int RoundTrips
    {
        get
        {
            var records = Records;
            var turns = 0;
            for (var i = 1; i < records.Count; i++)
            {
                turns += records[i - 1].FromClient && !records[i].FromClient ? 1 : 0;
            }

            return turns;
        }
    }

    public bool IsFrozen
    {
        get
        {
            lock (_lock)
            {
                return _frozen;
            }
        }
    }

    /// <summary>Ends the recording: the handshake is over.</summary>
    public void Freeze()
    {
        lock (_lock)
        {
            _frozen = true;
        }
    }

    public void Add(bool fromClient, ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            if (_frozen || bytes.IsEmpty)
            {
                return;
            }

            _start = _start == 0 ? time.GetTimestamp() : _start;
            KeepFirstFlight(fromClient, bytes);
            var direction = fromClient ? _client : _server;
            direction.Pending.AddRange(bytes);
            TakeRecords(fromClient, direction);
            _frozen = direction.Bytes > MostBytesKept;
        }
    }

    private void TakeRecords(bool fromClient, Direction direction)
    {
        var span = CollectionsMarshal.AsSpan(direction.Pending);
        var done = 0;
        while (span.Length - done >= HeaderLength)
        {
            var length = HeaderLength + BinaryPrimitives.ReadUInt16BigEndian(span[(done + 3)..]);
            if (span.Length - done < length)
            {
                break;
            }

            TakeRecord(fromClient, direction, span.Slice(done, length));
            done += length;
        }

        direction.Pending.RemoveRange(0, done);
    }

    private void KeepFirstFlight(bool fromClient, ReadOnlySpan<byte> bytes)
    {
        if (fromClient && _server.Bytes == 0 && _server.Pending.Count == 0)
        {
            _firstFlight.AddRange(bytes);
        }
    }

    private void TakeRecord(bool fromClient, Direction direction, ReadOnlySpan<byte> record)
    {
        // In TLS 1.2 a server may speak as soon as it has sent its Finished; what it says then may arrive together with it, and is no part of the handshake.
        if (record[0] != ApplicationData || _isTls13 || (fromClient && !_isAnswered))
        {
            direction.Bytes += record.Length;
            _records.Add(new WireRecord(fromClient, record[0], record.Length, time.GetElapsedTime(_start)));
            TakeContent(fromClient, direction, record[0], record[HeaderLength..]);
        }
    }

    private void TakeContent(bool fromClient, Direction direction, byte contentType, ReadOnlySpan<byte> content)
    {
        switch (contentType)
        {
            case ChangeCipherSpec:
                // A client changes its keys after the ServerHello. Before it, and in TLS 1.3, it is there for middleboxes and means nothing (RFC 8446 appendix D.4).
                direction.IsProtected = !_isTls13 && (_isAnswered || !fromClient);
                Note(fromClient, WireKind.ChangeCipherSpec);
                break;
            case Handshake when direction.IsProtected:
                Note(fromClient, WireKind.ProtectedHandshake);
                break;
            case Handshake:
                direction.Messages.AddRange(content);
                TakeMessages(fromClient, direction);
                break;
            case ApplicationData:
                _hasClientAnswered |= fromClient && _isAnswered;
                Note(fromClient, fromClient && !_isAnswered ? WireKind.EarlyData : WireKind.Encrypted);
                break;
            case Alert when direction.IsProtected:
                Note(fromClient, WireKind.ProtectedAlert);
                break;
            case Alert:
                Note(fromClient, WireKind.Alert, bytes: content.ToArray());
                break;
        }
    }

    private void TakeMessages(bool fromClient, Direction direction)
    {
        const int MessageHeader = 4;
        var span = CollectionsMarshal.AsSpan(direction.Messages);
        var done = 0;
        while (span.Length - done >= MessageHeader)
        {
            var length = MessageHeader + (BinaryPrimitives.ReadInt32BigEndian(span[done..]) & 0xFFFFFF);
            if (span.Length - done < length)
            {
                break;
            }

            TakeMessage(fromClient, (HandshakeType)span[done], span.Slice(done, length).ToArray());
            done += length;
        }

        direction.Messages.RemoveRange(0, done);
    }

    private void TakeMessage(bool fromClient, HandshakeType type, byte[] message)
    {
        if (!fromClient && type == HandshakeType.ServerHello && WireHello.ParseServer(message) is { } hello)
        {
            _isTls13 = hello.SelectsTls13;
            _isAnswered = !hello.IsHelloRetryRequest;
        }

        Note(fromClient, WireKind.Handshake, type, message);
    }

    private void Note(bool fromClient, WireKind kind, HandshakeType type = default, byte[]? bytes = null) =>
        _items.Add(new WireItem(fromClient, kind, type, bytes ?? [], _records.Count - 1) { RecordLength = _records[^1].Length });

    private sealed class Direction
    {
        public List<byte> Pending { get; } = [];

        public List<byte> Messages { get; } = [];

        public long Bytes { get; set; }

        public bool IsProtected { get; set; }
    }
}
