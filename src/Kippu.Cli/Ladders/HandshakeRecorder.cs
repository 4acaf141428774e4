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

        lock (recording)
        {
            recording.Messages.Add(new TraceMessage
            {
                FromClient = e.IsSent == isClient,
                Kind = e.Kind,
                Type = e.Type,
                Bytes = e.Message.ToArray(),
                Alert = e.Alert,
                IsFatal = e.IsFatal,
                IsProtected = e.IsProtected,
                Time = time.GetElapsedTime(recording.Start, e.Timestamp),
                Fields = e.DescribeFields(),
            });
        }
    }

    /// <summary>What was recorded of a connection, which is forgotten.</summary>
    public IReadOnlyList<TraceMessage> Take(long connection)
    {
        if (!_connections.TryRemove(connection, out var recording))
        {
            return [];
        }

        lock (recording)
        {
            return [.. recording.Messages];
        }
    }

    /// <summary>A recording begins with the ClientHello. What comes after it was taken (the close_notify of every connection, for instance) is not kept: nobody would take it.</summary>
    private Recording? Find(long connection, in HandshakeEvent e)
    {
        if (_connections.TryGetValue(connection, out var recording))
        {
            return recording;
        }

        return e is { Kind: HandshakeEventKind.Handshake, Type: HandshakeType.ClientHello } ? _connections.GetOrAdd(connection, new Recording(e.Timestamp)) : null;
    }

    private sealed record Recording(long Start)
    {
        public List<TraceMessage> Messages { get; } = [];
    }
}
