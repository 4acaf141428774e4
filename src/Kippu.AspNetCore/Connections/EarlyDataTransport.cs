using System.IO.Pipelines;

namespace Kippu.AspNetCore.Connections;

/// <summary>
/// A connection with early data as one stream of bytes: first what came before the handshake was complete, then what comes after. A request may begin in the one and end in the
/// other. Only connections with early data take this way; the others read from the TLS pipe itself.
/// </summary>
internal sealed class EarlyDataTransport : IDuplexPipe, IAsyncDisposable
{
    private readonly TlsDuplexPipe _tls;
    private readonly Pipe _joined = new(new PipeOptions(pauseWriterThreshold: 64 * 1024, resumeWriterThreshold: 32 * 1024, useSynchronizationContext: false));
    private readonly Task _pump;

    public EarlyDataTransport(TlsDuplexPipe tls)
    {
        _tls = tls;
        _pump = PumpAsync();
    }

    public PipeReader Input => _joined.Reader;

    public PipeWriter Output => _tls.Output;

    public async ValueTask DisposeAsync()
    {
        await _joined.Reader.CompleteAsync().ConfigureAwait(false);

        // A read that is under way ends with the pipe.
        await _tls.DisposeAsync().ConfigureAwait(false);
        await _pump.ConfigureAwait(false);
    }

    private async Task PumpAsync()
    {
        Exception? failure = null;
        try
        {
            if (await CopyAsync(_tls.EarlyInput).ConfigureAwait(false))
            {
                await CopyAsync(_tls.Input).ConfigureAwait(false);
            }
        }
        catch (Exception reason)
        {
            // Whoever reads gets it.
            failure = reason;
        }

        await _joined.Writer.CompleteAsync(failure).ConfigureAwait(false);
    }

    /// <returns>False if nobody reads any more.</returns>
    private async ValueTask<bool> CopyAsync(PipeReader from)
    {
        while (true)
        {
            var result = await from.ReadAsync().ConfigureAwait(false);
            foreach (var piece in result.Buffer)
            {
                piece.Span.CopyTo(_joined.Writer.GetSpan(piece.Length));
                _joined.Writer.Advance(piece.Length);
            }

            from.AdvanceTo(result.Buffer.End);
            var flushed = await _joined.Writer.FlushAsync().ConfigureAwait(false);
            if (flushed.IsCompleted || result.IsCompleted)
            {
                return !flushed.IsCompleted;
            }
        }
    }
}
