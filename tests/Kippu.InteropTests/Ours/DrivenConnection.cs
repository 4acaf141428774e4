using System.Net.Sockets;
using System.Text;

namespace Kippu.InteropTests.Ours;

/// <summary>A connection that a test drives itself, step by step, so that it can tell early data from late.</summary>
internal sealed class DrivenConnection(TlsConnection connection, Stream transport) : IDisposable
{
    private readonly byte[] _plaintext = new byte[16 * 1024];
    private readonly StringBuilder _early = new();
    private readonly StringBuilder _late = new();
    private byte[] _input = [];

    public TlsConnection Connection => connection;

    /// <summary>What came before the handshake was complete.</summary>
    public string Early => _early.ToString();

    /// <summary>What came after.</summary>
    public string Late => _late.ToString();

    /// <summary>The server refused what this side wrote early.</summary>
    public bool IsEarlyDataRejected { get; private set; }

    /// <summary>Goes on until the condition holds.</summary>
    /// <returns>False if the peer closed first.</returns>
    public async Task<bool> RunUntilAsync(Func<bool> condition, CancellationToken cancellationToken)
    {
        while (!condition())
        {
            var result = connection.Read(_input, _plaintext);
            _input = _input[result.Consumed..];
            await SendPendingAsync(cancellationToken);
            if (result.Status == TlsReadStatus.Closed || !await FollowAsync(result, cancellationToken))
            {
                return condition();
            }
        }

        return true;
    }

    public async Task WriteAsync(string text, CancellationToken cancellationToken)
    {
        var data = Encoding.ASCII.GetBytes(text);
        var records = new byte[connection.GetWriteSize(data.Length)];
        await transport.WriteAsync(records.AsMemory(0, connection.Write(data, records).Written), cancellationToken);
    }

    /// <summary>Client: the hello, and with it what can be sent early.</summary>
    /// <returns>How much of it was taken.</returns>
    public async Task<int> WriteEarlyAsync(string text, CancellationToken cancellationToken)
    {
        var data = Encoding.ASCII.GetBytes(text);
        var records = new byte[connection.GetWriteSize(data.Length)];
        var result = connection.WriteEarlyData(data, records);
        await transport.WriteAsync(records.AsMemory(0, result.Written), cancellationToken);
        return result.Consumed;
    }

    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        connection.Close();
        await SendPendingAsync(cancellationToken);
    }

    public void Dispose()
    {
        connection.Dispose();
        transport.Dispose();
    }

    private async Task<bool> FollowAsync(TlsReadResult result, CancellationToken cancellationToken)
    {
        switch (result.Status)
        {
            case TlsReadStatus.EarlyData:
                _early.Append(Encoding.ASCII.GetString(_plaintext, 0, result.Written));
                break;
            case TlsReadStatus.Data:
                _late.Append(Encoding.ASCII.GetString(_plaintext, 0, result.Written));
                break;
            case TlsReadStatus.EarlyDataRejected:
                IsEarlyDataRejected = true;
                break;
            case TlsReadStatus.Question:
                await connection.Question!.AnswerAsync(cancellationToken);
                break;
            case TlsReadStatus.NeedsInput:
                return await ReceiveAsync(cancellationToken);
        }

        return true;
    }

    private async Task<bool> ReceiveAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            var count = await transport.ReadAsync(buffer, cancellationToken);
            _input = [.. _input, .. buffer.AsSpan(0, count)];
            return count > 0;
        }
        catch (IOException end) when (end.InnerException is SocketException)
        {
            return false;
        }
    }

    private async Task SendPendingAsync(CancellationToken cancellationToken)
    {
        while (connection.HasPendingOutput)
        {
            var records = new byte[connection.GetWriteSize(0)];
            await transport.WriteAsync(records.AsMemory(0, connection.Drain(records)), cancellationToken);
        }
    }
}
