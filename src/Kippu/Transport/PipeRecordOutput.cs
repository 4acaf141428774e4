using System.Buffers;
using System.IO.Pipelines;

namespace Kippu.Transport;

/// <summary>
/// The write half of a connection over a pipe: records are sealed straight into the transport's memory. What was sealed is in the pipe, in order, so a flush
/// that is cancelled loses nothing. One user at a time.
/// </summary>
internal sealed class PipeRecordOutput(PipeWriter transport, TlsConnection connection, TimeProvider time)
{
    private volatile bool _isBroken;

    /// <summary>True once nothing can be written any more.</summary>
    public bool IsBroken => _isBroken;

    /// <summary>Seals what waits in the queue, then as much of the data as makes one batch; what is left is to be sealed after a flush.</summary>
    /// <returns>Bytes of the data that were sealed.</returns>
    public int Seal(ReadOnlySequence<byte> data)
    {
        ThrowIfBroken();
        var size = Math.Min(connection.GetWriteSize((int)Math.Min(data.Length, OutputLimits.MaxBatch)), OutputLimits.MaxBatch);
        var destination = transport.GetSpan(size);
        var (consumed, written) = (0, 0);
        while (true)
        {
            var result = connection.Write(data.FirstSpan, destination[written..]);
            written += result.Written;
            consumed += result.Consumed;
            data = data.Slice(result.Consumed);
            if (data.IsEmpty || result.Consumed == 0)
            {
                transport.Advance(written);
                return consumed;
            }
        }
    }

    /// <summary>Seals what waits in the queue, then as much early data as makes one batch and as the connection takes.</summary>
    /// <returns>Bytes of early data that were sealed.</returns>
    public int SealEarlyData(ReadOnlySpan<byte> data)
    {
        ThrowIfBroken();
        var length = (int)Math.Min(Math.Min(data.Length, connection.EarlyDataLimit), OutputLimits.MaxBatch);
        var size = Math.Min(connection.GetWriteSize(length), OutputLimits.MaxBatch);
        var result = connection.WriteEarlyData(data, transport.GetSpan(size));
        transport.Advance(result.Written);
        return result.Consumed;
    }

    /// <summary>Seals what waits in the queue.</summary>
    public void SealPending()
    {
        ThrowIfBroken();
        while (connection.HasPendingOutput)
        {
            var size = Math.Min(connection.GetWriteSize(0), OutputLimits.MaxBatch);
            transport.Advance(connection.Drain(transport.GetSpan(size)));
        }
    }

    public ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken) => transport.FlushAsync(cancellationToken);

    /// <summary>Sends what waits in the queue as far as that is possible within a short time; never throws.</summary>
    public async ValueTask TrySendLastWordsAsync()
    {
        if (_isBroken)
        {
            return;
        }

        try
        {
            SealPending();
            var flush = FlushAsync(CancellationToken.None);
            if (!flush.IsCompletedSuccessfully)
            {
                await FlushWithinLimitAsync(flush.AsTask()).ConfigureAwait(false);
            }
        }
        catch (Exception)
        {
            // Whoever calls this has something more important to report, or nobody to report to.
            _isBroken = true;
        }
    }

    private async ValueTask FlushWithinLimitAsync(Task<FlushResult> flush)
    {
        try
        {
            await flush.WaitAsync(OutputLimits.LastWords, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            transport.CancelPendingFlush();
            await flush.ConfigureAwait(false);
        }
    }

    private void ThrowIfBroken()
    {
        if (_isBroken)
        {
            throw new IOException("the transport's pipe failed earlier: nothing more can be written");
        }
    }
}
