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
    private long _start;
    private bool _frozen;

    /// <summary>Bytes of the client's records, application data aside, until <see cref="Freeze"/>.</summary>
    public long BytesFromClient => Read(_client);

    /// <summary>The same of the server's.</summary>
    public long BytesFromServer => Read(_server);

    public IReadOnlyList<WireRecord> Records => Copy(_records);

    public IReadOnlyList<WireItem> Items => Copy(_items);

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

    private void TakeRecord(bool fromClient, Direction direction, ReadOnlySpan<byte> record)
    {
        // A server may speak as soon as it has sent its Finished; what it says then may arrive together with it, and is no part of the handshake.
        if (record[0] != ApplicationData)
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
                direction.IsProtected = true;
                Note(fromClient, WireKind.ChangeCipherSpec);
                break;
            case Handshake when direction.IsProtected:
                Note(fromClient, WireKind.ProtectedHandshake);
                break;
            case Handshake:
                direction.Messages.AddRange(content);
                TakeMessages(fromClient, direction);
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

            Note(fromClient, WireKind.Handshake, (HandshakeType)span[done], span.Slice(done, length).ToArray());
            done += length;
        }

        direction.Messages.RemoveRange(0, done);
    }

    private void Note(bool fromClient, WireKind kind, HandshakeType type = default, byte[]? bytes = null) =>
        _items.Add(new WireItem(fromClient, kind, type, bytes ?? [], _records.Count - 1));

    private long Read(Direction direction)
    {
        lock (_lock)
        {
            return direction.Bytes;
        }
    }

    private T[] Copy<T>(List<T> list)
    {
        lock (_lock)
        {
            return [.. list];
        }
    }

    private sealed class Direction
    {
        public List<byte> Pending { get; } = [];

        public List<byte> Messages { get; } = [];

        public long Bytes { get; set; }

        public bool IsProtected { get; set; }
    }
}
