using System.Text;

namespace Kippu.Cli.Connecting;

/// <summary>What the server sent after the handshake.</summary>
/// <param name="Text">As much as is told of it, fit for a terminal.</param>
/// <param name="Length">Bytes in all.</param>
/// <param name="Remark">How it ended, if not in order; empty if so.</param>
internal sealed record Answer(string Text, long Length, string Remark)
{
    private const int MostKept = 64 * 1024;
    private const int MostRead = 16 * 1024 * 1024;
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(3);

    /// <summary>Sends the request and reads until the server ends its answer, or says nothing for a while.</summary>
    public static async Task<Answer> AskAsync(Stream stream, ConnectOptions options, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(options.Request, cancellationToken).ConfigureAwait(false);
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        var kept = new List<byte>();
        var buffer = new byte[16 * 1024];
        long length = 0;
        var remark = "";
        try
        {
            while (length < MostRead && await ReadAsync(stream, buffer, cancellationToken).ConfigureAwait(false) is var count and > 0)
            {
                kept.AddRange(buffer.AsSpan(0, Math.Min(count, MostKept - kept.Count)));
                length += count;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            remark = length == 0 ? "no answer came within 3 s" : "the server did not end its answer";
        }
        catch (IOException e)
        {
            remark = e.Message;
        }

        var text = Encoding.UTF8.GetString([.. kept]);
        return new Answer(Printable(options.IsHttp ? text.Split('\n')[0] : text), length, remark);
    }

    private static async Task<int> ReadAsync(Stream stream, byte[] buffer, CancellationToken cancellationToken)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        silence.CancelAfter(s_silence);
        return await stream.ReadAsync(buffer, silence.Token).ConfigureAwait(false);
    }

    // A server must not write escape sequences into somebody's terminal.
    private static string Printable(string text) =>
        string.Concat(text.TrimEnd().Select(character => char.IsControl(character) && character is not ('\n' or '\t') ? (character == '\r' ? "" : "?") : character.ToString()));
}
