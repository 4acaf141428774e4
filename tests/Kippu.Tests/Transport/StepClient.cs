using System.IO.Pipelines;
using Kippu.Tests.Handshake;

namespace Kippu.Tests.Transport;

/// <summary>A client that does one thing at a time, so that a test can look at the server in between.</summary>
internal sealed class StepClient(TlsClient client, IDuplexPipe transport) : IDisposable
{
    private readonly Endpoint _endpoint = new(client.CreateConnection(TlsPair.Target));

    public TlsConnection Connection => _endpoint.Connection;

    public TlsException? Fault => _endpoint.Fault;

    public bool IsClosedByPeer => _endpoint.Closed;

    public byte[] Delivered => [.. _endpoint.Delivered];

    /// <summary>The first flight.</summary>
    public byte[] SealFirst(params IEnumerable<byte[]> earlyData)
    {
        var all = new List<byte>();
        foreach (var piece in earlyData)
        {
            all.AddRange(SealEarly(piece));
        }

        return [.. all];
    }

    /// <summary>The first flight, or more early data.</summary>
    public async Task SendEarlyAsync(byte[] earlyData) => await SendRawAsync(SealEarly(earlyData));

    /// <summary>Takes what the server has sent, and answers it.</summary>
    public async Task GoOnAsync()
    {
        Take();
        await SendRawAsync(_endpoint.Drain());
        // What the server has said to that.
        Take();
    }

    /// <summary>Takes what the server has sent, and no more.</summary>
    public void Take()
    {
        while (transport.Input.TryRead(out var result))
        {
            foreach (var piece in result.Buffer)
            {
                _endpoint.Receive(piece.Span);
            }

            transport.Input.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                return;
            }
        }
    }

    public async Task SendAsync(byte[] data) => await SendRawAsync(_endpoint.Write(data));

    public async Task CloseAsync()
    {
        Connection.Close();
        await SendRawAsync(_endpoint.Drain());
    }

    public async Task SendRawAsync(byte[] bytes)
    {
        if (bytes.Length > 0)
        {
            await transport.Output.WriteAsync(bytes);
        }
    }

    public void End() => transport.Output.Complete();

    public void Dispose() => _endpoint.Dispose();

    private byte[] SealEarly(byte[] data)
    {
        var output = new byte[Connection.GetWriteSize(data.Length) + 100];
        var result = Connection.WriteEarlyData(data, output);
        return result.Consumed == data.Length ? output[..result.Written] : throw new InvalidOperationException("the session does not allow so much early data");
    }
}
