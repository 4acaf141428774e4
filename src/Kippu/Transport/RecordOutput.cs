using System.Buffers;
using System.Runtime.CompilerServices;

namespace Kippu.Transport;

/// <summary>
/// The write half of a connection over a stream: seals into one rented buffer and writes that. A write of the stream that fails or is cancelled leaves it
/// unknown how much of a record has gone: nothing can follow it. One user at a time.
/// </summary>
internal sealed class RecordOutput(Stream inner, TlsConnection connection, TimeProvider time)
{
    private volatile bool _isBroken;

    /// <summary>True once nothing can be written any more.</summary>
    public bool IsBroken => _isBroken;

    /// <summary>Sends application data, and before it what waits in the connection's queue.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        ThrowIfBroken();
        byte[] buffer = [];
        try
        {
            while (data.Length > 0 || connection.HasPendingOutput)
            {
                buffer = Fit(buffer, data.Length);
                var result = connection.Write(data.Span, buffer);
                data = data[result.Consumed..];
                _isBroken = true;
                await inner.WriteAsync(buffer.AsMemory(0, result.Written), cancellationToken).ConfigureAwait(false);
                _isBroken = false;
            }
        }
        finally
        {
            Return(buffer);
        }
    }

    /// <summary>As <see cref="SendAsync"/>, on this thread.</summary>
    public void Send(ReadOnlySpan<byte> data)
    {
        ThrowIfBroken();
        byte[] buffer = [];
        try
        {
            while (data.Length > 0 || connection.HasPendingOutput)
            {
                buffer = Fit(buffer, data.Length);
                var result = connection.Write(data, buffer);
                data = data[result.Consumed..];
                _isBroken = true;
                inner.Write(buffer, 0, result.Written);
                _isBroken = false;
            }
        }
        finally
        {
            Return(buffer);
        }
    }

    /// <summary>Sends what waits in the connection's queue, and flushes the stream.</summary>
    public async ValueTask SendPendingAsync(CancellationToken cancellationToken)
    {
        ThrowIfBroken();
        byte[] buffer = [];
        try
        {
            while (connection.HasPendingOutput)
            {
                buffer = Fit(buffer, 0);
                var count = connection.Drain(buffer);
                _isBroken = true;
                await inner.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
                _isBroken = false;
            }
        }
        finally
        {
            Return(buffer);
        }

        await inner.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>As <see cref="SendPendingAsync"/>, on this thread.</summary>
    public void SendPending()
    {
        ThrowIfBroken();
        byte[] buffer = [];
        try
        {
            while (connection.HasPendingOutput)
            {
                buffer = Fit(buffer, 0);
                var count = connection.Drain(buffer);
                _isBroken = true;
                inner.Write(buffer, 0, count);
                _isBroken = false;
            }
        }
        finally
        {
            Return(buffer);
        }

        inner.Flush();
    }

    /// <summary>Sends a client's first flight: its hello and, as far as the connection lets it, early data. Flushes the stream.</summary>
    /// <returns>Bytes of early data that were sent.</returns>
    public async ValueTask<int> SendEarlyDataAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        ThrowIfBroken();
        byte[] buffer = [];
        var sent = 0;
        try
        {
            while (connection.HasPendingOutput || (sent < data.Length && connection.EarlyDataLimit > 0))
            {
                buffer = Fit(buffer, EarlyLength(data.Length - sent));
                var result = connection.WriteEarlyData(data.Span[sent..], buffer);
                sent += result.Consumed;
                _isBroken = true;
                await inner.WriteAsync(buffer.AsMemory(0, result.Written), cancellationToken).ConfigureAwait(false);
                _isBroken = false;
            }
        }
        finally
        {
            Return(buffer);
        }

        await inner.FlushAsync(cancellationToken).ConfigureAwait(false);
        return sent;
    }

    /// <summary>As <see cref="SendEarlyDataAsync"/>, on this thread.</summary>
    public int SendEarlyData(ReadOnlySpan<byte> data)
    {
        ThrowIfBroken();
        byte[] buffer = [];
        var sent = 0;
        try
        {
            while (connection.HasPendingOutput || (sent < data.Length && connection.EarlyDataLimit > 0))
            {
                buffer = Fit(buffer, EarlyLength(data.Length - sent));
                var result = connection.WriteEarlyData(data[sent..], buffer);
                sent += result.Consumed;
                _isBroken = true;
                inner.Write(buffer, 0, result.Written);
                _isBroken = false;
            }
        }
        finally
        {
            Return(buffer);
        }

        inner.Flush();
        return sent;
    }

    /// <summary>As <see cref="SendPendingAsync"/>, for one who does not care; never throws. After a failure nothing can follow, and the next write says so.</summary>
    public async ValueTask TrySendPendingAsync()
    {
        try
        {
            await SendPendingAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception)
        {
            _isBroken = true;
        }
    }

    /// <summary>Waits for something else that is being sent as long as for last words; never throws.</summary>
    public async ValueTask WaitForLastWordsAsync(Task sending)
    {
        try
        {
            await sending.WaitAsync(OutputLimits.LastWords, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The peer does not read: what follows would not get there either.
        }
    }

    /// <summary>
    /// Sends what waits in the connection's queue as far as that is possible within a short time. It never throws: whoever calls it has something more
    /// important to report, or nobody to report to.
    /// </summary>
    public async ValueTask TrySendLastWordsAsync()
    {
        if (_isBroken || !connection.HasPendingOutput)
        {
            return;
        }

        var sending = SendPendingAsync(CancellationToken.None).AsTask();
        try
        {
            await sending.WaitAsync(OutputLimits.LastWords, time).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Whatever it was, nothing can follow. An exception that comes after the time limit is observed, so that it is nobody's surprise.
            _isBroken = true;
            _ = sending.ContinueWith(static late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }
    }

    /// <summary>As <see cref="TrySendLastWordsAsync"/>, waiting here: a blocking write of the stream could not be given up.</summary>
    public void TrySendLastWords() => TrySendLastWordsAsync().AsTask().GetAwaiter().GetResult();

    private static void Return(byte[] buffer)
    {
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private int EarlyLength(int left) => (int)Math.Min(left, connection.EarlyDataLimit);

    /// <summary>The queue may have grown since the last round: the reader adds to it.</summary>
    private byte[] Fit(byte[] buffer, int dataLength)
    {
        var size = Math.Min(connection.GetWriteSize(Math.Min(dataLength, OutputLimits.MaxBatch)), OutputLimits.MaxBatch);
        if (buffer.Length >= size)
        {
            return buffer;
        }

        Return(buffer);
        return ArrayPool<byte>.Shared.Rent(size);
    }

    private void ThrowIfBroken()
    {
        if (_isBroken)
        {
            throw new IOException("an earlier write failed or was cancelled while a record was on its way: nothing more can be written");
        }
    }
}
