using System.Collections.Concurrent;

namespace Kippu.Cli.Ladders;

/// <summary>Keeps what an observer is shown, connection by connection, until it is taken.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class HandshakeRecorder(bool isClient, TimeProvider time) : IHandshakeObserver
{
    private readonly ConcurrentDictionary<long, Recording> _connections = new();

    public void OnEvent(long connection, in HandshakeEvent e)
    {
        if (Find(connection, e) is not { } recording)
        {
            return;
        }

        var message = new TraceMessage
        {
            FromClient = e.IsSent == isClient,
            Kind = e.Kind switch { HandshakeEventKind.ChangeCipherSpec => TraceKind.ChangeCipherSpec, HandshakeEventKind.Alert => TraceKind.Alert, _ => TraceKind.Handshake },
            Type = e.Type,
            Bytes = e.Message.ToArray(),
            Alert = e.Alert,
            IsFatal = e.IsFatal,
            IsProtected = e.IsProtected,
            Time = time.GetElapsedTime(recording.Start, e.Timestamp),
            Fields = e.DescribeFields(),
        };
        recording.Add(message);
    }

    /// <summary>An engine tells of messages; whoever reads and writes tells of early data that was accepted, when he knows.</summary>
    public void NoteEarlyData(long connection, int length)
    {
        if (_connections.TryGetValue(connection, out var recording))
        {
            recording.Add(new TraceMessage { FromClient = true, Kind = TraceKind.EarlyData, Length = length, IsProtected = true, Time = time.GetElapsedTime(recording.Start) });
        }
    }

    /// <summary>What was recorded of a connection, which is forgotten.</summary>
    public IReadOnlyList<TraceMessage> Take(long connection) => _connections.TryRemove(connection, out var recording) ? recording.ToArray() : [];

    /// <summary>A recording begins with the ClientHello. What comes after it was taken (the close_notify of every connection, for instance) is not kept: nobody would take it.</summary>
    private Recording? Find(long connection, in HandshakeEvent e)
    {
        if (_connections.TryGetValue(connection, out var recording))
        {
            return recording;
        }

        return e is { Kind: HandshakeEventKind.Handshake, Type: HandshakeType.ClientHello } ? _connections.GetOrAdd(connection, new Recording(e.Timestamp)) : null;
    }

    private sealed class Recording(long start)
    {
        private readonly List<TraceMessage> _messages = [];

        public long Start => start;

        public void Add(TraceMessage message)
        {
            lock (_messages)
            {
                _messages.Add(message);
            }
        }

        public TraceMessage[] ToArray()
        {
            lock (_messages)
            {
                return [.. _messages];
            }
        }
    }
}
