using Kippu.Bench.Measure;
using Kippu.Bench.Streams;

namespace Kippu.Bench.Scenarios;

/// <summary>
/// A server and a client joined in memory, without I/O: <see cref="TlsConnection"/> is fed from one buffer and drains into another, both sides by turns on
/// one thread. That is how the other sans-I/O stacks are measured.
/// </summary>
internal sealed class SansIoLink(Scenario scenario, Identity identity)
{
    private readonly TlsServer _server = scenario.CreateServer(identity);
    private readonly TlsClient _client = scenario.CreateClient(identity);
    private readonly MemoryPipe _toServer = new();
    private readonly MemoryPipe _toClient = new();
    private readonly byte[] _sink = new byte[16384];
    private readonly byte[] _byte = new byte[1];
    private long _connections;

    public Scenario Scenario => scenario;

    /// <summary>Bytes that the last connection sent to the server.</summary>
    public int WireToServer => _toServer.Written;

    /// <summary>Bytes that the last connection sent to the client.</summary>
    public int WireToClient => _toClient.Written;

    /// <summary>A handshake, and one byte from the server to the client.</summary>
    public (TlsConnection Server, TlsConnection Client) Connect(Turns turns)
    {
        _toServer.Clear();
        _toClient.Clear();
        var target = scenario.Target(identity, _connections++);
        turns.Start();
        var client = _client.CreateConnection(target);
        Drain(client, _toServer);
        turns.Client();
        var server = _server.CreateConnection();
        while (true)
        {
            Receive(server, _toServer);
            if (server.IsConnected)
            {
                break;
            }

            Drain(server, _toClient);
            turns.Server();
            Receive(client, _toClient);
            Drain(client, _toServer);
            turns.Client();
        }

        Write(server, _byte, _toClient);
        turns.Server();
        if (Receive(client, _toClient) != 1)
        {
            throw new InvalidOperationException("the server's byte did not arrive");
        }

        turns.Client();
        return (server, client);
    }

    /// <summary>Both ends go, without a word: it is freeing them that is measured.</summary>
    public static void Close((TlsConnection Server, TlsConnection Client) pair, Turns turns)
    {
        turns.Start();
        pair.Client.Dispose();
        turns.Client();
        pair.Server.Dispose();
        turns.Server();
    }

    /// <summary>Connects, closes, counts nothing.</summary>
    public void Once() => Close(Connect(new Turns()), new Turns());

    /// <summary>A byte from the client, so that the server has read once.</summary>
    public void SendByteToServer((TlsConnection Server, TlsConnection Client) pair)
    {
        Write(pair.Client, _byte, _toServer);
        if (Receive(pair.Server, _toServer) != 1)
        {
            throw new InvalidOperationException("the client's byte did not arrive");
        }
    }

    /// <summary>The server writes records, then the client reads them.</summary>
    public void Transfer((TlsConnection Server, TlsConnection Client) pair, byte[] record, int count, Turns turns)
    {
        _toClient.Clear();
        turns.Start();
        for (var i = 0; i < count; i++)
        {
            Write(pair.Server, record, _toClient);
        }

        turns.Server();
        for (var left = count * record.Length; left > 0;)
        {
            var result = pair.Client.Read(_toClient.Unread, _sink);
            _toClient.Consume(result.Consumed);
            left -= result.Written;
            if (result.Status != TlsReadStatus.Data)
            {
                throw new InvalidOperationException($"bulk: {result.Status} with {left} bytes to come");
            }
        }

        turns.Client();
    }

    private static void Drain(TlsConnection connection, MemoryPipe output)
    {
        if (connection.HasPendingOutput)
        {
            output.Commit(connection.Drain(output.Room));
        }
    }

    private static void Write(TlsConnection connection, ReadOnlySpan<byte> data, MemoryPipe output)
    {
        var result = connection.Write(data, output.Room);
        output.Commit(result.Written);
        if (result.Consumed != data.Length)
        {
            throw new InvalidOperationException("a write was not taken whole");
        }
    }

    /// <summary>Reads until there is nothing left; returns how many bytes of application data came.</summary>
    private int Receive(TlsConnection connection, MemoryPipe input)
    {
        var received = 0;
        while (true)
        {
            var result = connection.Read(input.Unread, _sink);
            input.Consume(result.Consumed);
            received += result.Written;
            switch (result.Status)
            {
                case TlsReadStatus.NeedsInput:
                    return received;
                case TlsReadStatus.Question:
                    Answer(connection.Question!);
                    break;
                case TlsReadStatus.DestinationTooSmall or TlsReadStatus.Closed:
                    throw new InvalidOperationException($"{scenario.Name}: {result.Status}");
            }
        }
    }

    private static void Answer(TlsQuestion question)
    {
        var certificate = (CertificateQuestion)question;
        certificate.Answer(certificate.Verify());
    }
}
