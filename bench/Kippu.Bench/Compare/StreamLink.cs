using Kippu.Bench.Measure;
using Kippu.Bench.Streams;

namespace Kippu.Bench.Compare;

/// <summary>A server and a client of one stack over the same pair of streams in memory, by turns.</summary>
internal sealed class StreamLink(IStreamStack stack)
{
    private readonly MemoryPipe _toServer = new();
    private readonly MemoryPipe _toClient = new();
    private readonly byte[] _byte = new byte[1];

    /// <summary>A handshake, and one byte from the server to the client.</summary>
    public (Stream Server, Stream Client) Connect(Turns turns)
    {
        _toServer.Clear();
        _toClient.Clear();
        turns.Start();
        var clientEnd = new MemoryEnd(_toClient, _toServer);
        var client = stack.StartClient(clientEnd, out var clientHandshake);
        clientEnd.WaitUntilPending(clientHandshake);
        turns.Client();
        var serverEnd = new MemoryEnd(_toServer, _toClient);
        var server = stack.StartServer(serverEnd, out var serverHandshake);
        turns.Server();
        while (!clientHandshake.IsCompleted || !serverHandshake.IsCompleted)
        {
            var went = clientEnd.Pump();
            clientEnd.WaitUntilPending(clientHandshake);
            turns.Client();
            went |= serverEnd.Pump();
            turns.Server();
            if (!went && !(clientHandshake.IsCompleted && serverHandshake.IsCompleted))
            {
                Observe(clientHandshake);
                Observe(serverHandshake);
                throw new InvalidOperationException("a handshake waits for nothing that will come: the server went on elsewhere than on this thread");
            }
        }

        clientHandshake.GetAwaiter().GetResult();
        serverHandshake.GetAwaiter().GetResult();
        Now(server.WriteAsync(_byte));
        turns.Server();
        Now(client.ReadAsync(_byte));
        turns.Client();
        return (server, client);
    }

    public static void Close((Stream Server, Stream Client) pair, Turns turns)
    {
        turns.Start();
        pair.Client.Dispose();
        turns.Client();
        pair.Server.Dispose();
        turns.Server();
    }

    public bool Check((Stream Server, Stream Client) pair) => stack.Check(pair.Server, pair.Client, _toClient.Everything);

    public void Once() => Close(Connect(new Turns()), new Turns());

    public void SendByteToServer((Stream Server, Stream Client) pair)
    {
        Now(pair.Client.WriteAsync(_byte));
        Now(pair.Server.ReadAsync(_byte));
    }

    /// <summary>The server writes records, then the client reads them.</summary>
    public void Transfer((Stream Server, Stream Client) pair, byte[] record, byte[] sink, int count, Turns turns)
    {
        _toClient.Clear();
        turns.Start();
        for (var i = 0; i < count; i++)
        {
            Now(pair.Server.WriteAsync(record));
        }

        turns.Server();
        for (var left = count * record.Length; left > 0;)
        {
            left -= Now(pair.Client.ReadAsync(sink));
        }

        turns.Client();
    }

    private static void Observe(Task task)
    {
        if (task.IsCompleted)
        {
            task.GetAwaiter().GetResult();
        }
    }

    private static void Now(ValueTask task)
    {
        if (!task.IsCompleted)
        {
            throw new InvalidOperationException("a write did not complete at once");
        }

        task.GetAwaiter().GetResult();
    }

    private static int Now(ValueTask<int> task) => task.IsCompleted ? task.GetAwaiter().GetResult() : throw new InvalidOperationException("a read did not complete at once");
}
