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
    private static readonly TimeSpan s_patienceForTickets = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Sends the request, but for what went as early data, and reads until the server ends its answer, or says nothing for a while.
    /// </summary>
    /// <exception cref="TlsException">The server answers with an alert and nothing else (<see cref="IsRefusal"/>).</exception>
    public static async Task<Answer> AskAsync(Stream stream, ConnectOptions options, int sentBefore, CancellationToken cancellationToken)
    {
        await SendAsync(stream, options.Request[sentBefore..], cancellationToken).ConfigureAwait(false);
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
        catch (IOException e) when (length > 0 || !IsRefusal(e))
        {
            remark = e.Message;
        }

        var text = Encoding.UTF8.GetString([.. kept]);
        return new Answer(Printable(options.IsHttp ? text.Split('\n')[0] : text), length, remark);
    }

    /// <summary>In TLS 1.3 a client's handshake is over before the server has judged its certificate: what it thinks of it comes in the place of an answer.</summary>
    public static bool IsRefusal(IOException problem) => problem is TlsException { Fault: TlsFault.PeerAlert };

    /// <summary>
    /// TLS 1.3: the server's tickets come after the handshake, and are seen by whoever reads. Reads for a while, or until the server ends the connection: it was told
    /// that nothing will be asked.
    /// </summary>
    public static async Task AwaitTicketsAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patienceForTickets);
        var buffer = new byte[1024];
        try
        {
            while (await stream.ReadAsync(buffer, patience.Token).ConfigureAwait(false) > 0)
            {
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // What has not come by now is not worth waiting for.
        }
    }

    private static async Task SendAsync(Stream stream, ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        if (request.IsEmpty)
        {
            return;
        }

        try
        {
            await stream.WriteAsync(request, cancellationToken).ConfigureAwait(false);
            await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e) when (e is not TlsException)
        {
            // A server that hangs up says why before: that is read next.
        }
    }

    private static async Task<int> ReadAsync(Stream stream, byte[] buffer, CancellationToken cancellationToken)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        silence.CancelAfter(s_silence);
        return await stream.ReadAsync(buffer, silence.Token).ConfigureAwait(false);
    }

    /// <summary>A server must not write escape sequences into somebody's terminal.</summary>
    public static string Printable(string text) =>
        string.Concat(text.TrimEnd().Select(character => char.IsControl(character) && character is not ('\n' or '\t') ? (character == '\r' ? "" : "?") : character.ToString()));
}
