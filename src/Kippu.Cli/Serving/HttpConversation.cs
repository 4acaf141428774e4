using System.Globalization;
using System.Text;
using System.Text.Json;
using Kippu.Cli.Output;
using Kippu.Cli.Tls;

namespace Kippu.Cli.Serving;

/// <summary>Answers every GET on one connection with what was negotiated on it.</summary>
/// <param name="stream">The connection.</param>
/// <param name="before">What came before it: early data.</param>
/// <param name="report">What to tell.</param>
/// <param name="alwaysJson">Tells it as JSON, whatever the client wants.</param>
internal sealed class HttpConversation(Stream stream, ReadOnlyMemory<byte> before, ConnectionReport report, bool alwaysJson)
{
    private const int LongestHead = 16 * 1024;
    private const int MostRequests = 1000;
    private static readonly TimeSpan s_idleLimit = TimeSpan.FromSeconds(30);

    private readonly byte[] _buffer = new byte[LongestHead];
    private ReadOnlyMemory<byte> _before = before;
    private int _buffered;

    /// <summary>Goes on until the client ends it, asks for the end, or says nothing for half a minute.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var count = 0; count < MostRequests && await ReadHeadAsync(cancellationToken).ConfigureAwait(false) is { } head; count++)
        {
            var request = HttpRequest.Parse(head.Span);
            await stream.WriteAsync(Answer(request), cancellationToken).ConfigureAwait(false);
            await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
            if (request is not { KeepAlive: true })
            {
                return;
            }
        }
    }

    /// <summary>Null at the end of the stream.</summary>
    private async Task<ReadOnlyMemory<byte>?> ReadHeadAsync(CancellationToken cancellationToken)
    {
        using var idle = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        while (true)
        {
            var end = EndOfHead();
            if (end > 0)
            {
                var head = _buffer[..end];
                _buffer.AsSpan(end, _buffered - end).CopyTo(_buffer);
                _buffered -= end;
                return head;
            }

            idle.CancelAfter(s_idleLimit);
            var count = _buffered == _buffer.Length ? 0 : await ReadAsync(_buffer.AsMemory(_buffered), idle.Token).ConfigureAwait(false);
            if (count == 0)
            {
                return null;
            }

            _buffered += count;
        }
    }

    private ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_before.IsEmpty)
        {
            return stream.ReadAsync(buffer, cancellationToken);
        }

        var count = Math.Min(buffer.Length, _before.Length);
        _before[..count].CopyTo(buffer);
        _before = _before[count..];
        return new ValueTask<int>(count);
    }

    private int EndOfHead()
    {
        var bytes = _buffer.AsSpan(0, _buffered);
        var end = bytes.IndexOf("\r\n\r\n"u8);
        return end >= 0 ? end + 4 : bytes.IndexOf("\n\n"u8) + 2 is var bare && bare >= 2 ? bare : 0;
    }

    private byte[] Answer(HttpRequest? request)
    {
        var (status, body) = request switch
        {
            null => ("400 Bad Request", "this is no HTTP/1.1\n"),
            { Method: "GET" or "HEAD" } => ("200 OK", Body(alwaysJson || request.WantsJson)),
            _ => ("405 Method Not Allowed", "only GET and HEAD are answered\n"),
        };
        var type = request is not null && (alwaysJson || request.WantsJson) && status.StartsWith("200", StringComparison.Ordinal) ? "application/json" : "text/plain; charset=utf-8";
        var content = Encoding.UTF8.GetBytes(body);
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: {content.Length}\r\nCache-Control: no-store\r\nConnection: {(request is { KeepAlive: true } ? "keep-alive" : "close")}\r\n\r\n");
        return request?.Method == "HEAD" ? Encoding.ASCII.GetBytes(head) : [.. Encoding.ASCII.GetBytes(head), .. content];
    }

    private string Body(bool asJson)
    {
        if (asJson)
        {
            return JsonSerializer.Serialize(report, KippuJson.Default.ConnectionReport) + "\n";
        }

        var grid = new Grid();
        foreach (var (name, value) in report.Describe())
        {
            grid.Add(name, value);
        }

        return string.Join('\n', grid.ToLines()) + "\n";
    }
}
