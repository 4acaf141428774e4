using System.Collections.Concurrent;

namespace Kippu.Cli.Ladders;

/// <summary>Keeps what an observer is shown, connection by connection, until it is taken.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class HandshakeRecorder(bool isClient, TimeProvider time) : IHandshakeObserver
{
    private readonly ConcurrentDictionary<long, Recording> _connections = new();

    public void OnEvent(long connection, in HandshakeEvent e)
    {
        var recording = _connections.GetOrAdd(connection, static (_, start) => new Recording(start), e.Timestamp);
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

    private sealed record Recording(long Start)
    {
        public List<TraceMessage> Messages { get; } = [];
    }
}
