using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Kippu.Tests.Transport;

/// <summary>A stream over one end of a <see cref="MemoryTransport"/>, synchronous and asynchronous, that can misbehave and that counts.</summary>
internal sealed class DuplexStream(IDuplexPipe end) : Stream
{
    private long _received;
    private volatile int _waitingRead = -1;

    /// <summary>The most that one read delivers.</summary>
    public int MaxRead { get; set; } = int.MaxValue;

    /// <summary>After so many bytes the stream is at its end.</summary>
    public long EndsAfter { get; set; } = long.MaxValue;

    /// <summary>Bytes delivered so far.</summary>
    public long Received => _received;

    /// <summary>Whether a read of zero bytes waits for data, as a socket's does, or returns at once.</summary>
    public bool WaitsForZeroBytes { get; set; } = true;

    /// <summary>Thrown by every write from now on.</summary>
    public Exception? WriteFailure { get; set; }

    /// <summary>Thrown by every read from now on.</summary>
    public Exception? ReadFailure { get; set; }

    /// <summary>Called before every blocking read and write.</summary>
    public Action? BeforeBlocking { get; set; }

    public bool HasTimeouts { get; set; }

    public int Reads { get; private set; }

    public int Writes { get; private set; }

    public int Flushes { get; private set; }

    public bool IsDisposed { get; private set; }

    /// <summary>The size of the buffer that a read waits with at this moment; null if none waits.</summary>
    public int? WaitingRead => _waitingRead is >= 0 and var size ? size : null;

    public override bool CanRead => !IsDisposed;

    public override bool CanWrite => !IsDisposed;

    public override bool CanSeek => false;

    public override bool CanTimeout => HasTimeouts;

    public override int ReadTimeout { get; set; } = Timeout.Infinite;

    public override int WriteTimeout { get; set; } = Timeout.Infinite;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        BeginRead();
        if (_received == EndsAfter || (buffer.IsEmpty && !WaitsForZeroBytes))
        {
            return 0;
        }

        if (!end.Input.TryRead(out var result))
        {
            _waitingRead = buffer.Length;
            try
            {
                result = await end.Input.ReadAsync(cancellationToken);
            }
            finally
            {
                _waitingRead = -1;
            }
        }

        return Take(result, buffer);
    }

    /// <summary>Ends when a read waits: another thread's, for one's own waits as soon as the call returns.</summary>
    public async Task UntilReadWaitsAsync()
    {
        while (WaitingRead is null)
        {
            await Task.Yield();
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
    {
        BeforeBlocking?.Invoke();
        return ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        Writes++;
        if (WriteFailure is { } failure)
        {
            throw failure;
        }

        var result = await end.Output.WriteAsync(buffer, cancellationToken);
        ObjectDisposedException.ThrowIf(result.IsCanceled, this);
        if (result.IsCompleted)
        {
            throw new IOException("Broken pipe");
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count)
    {
        BeforeBlocking?.Invoke();
        WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();
    }

    public override void Flush() => Flushes++;

    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        Flushes++;
        return Task.CompletedTask;
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Ends the writing direction only: the peer's reads come to an end.</summary>
    public void EndWriting() => end.Output.Complete();

    protected override void Dispose(bool disposing)
    {
        if (!IsDisposed)
        {
            IsDisposed = true;
            if (WaitingRead is not null)
            {
                end.Input.CancelPendingRead();
            }

            end.Output.CancelPendingFlush();
            end.Output.Complete();
            end.Input.Complete();
        }

        base.Dispose(disposing);
    }

    private void BeginRead()
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        Reads++;
        if (ReadFailure is { } failure)
        {
            throw failure;
        }
    }

    private int Take(ReadResult result, Memory<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(result.IsCanceled, this);
        var count = (int)Math.Min(Math.Min(result.Buffer.Length, buffer.Length), Math.Min(MaxRead, EndsAfter - _received));
        result.Buffer.Slice(0, count).CopyTo(buffer.Span);
        _received += count;
        end.Input.AdvanceTo(result.Buffer.GetPosition(count));
        return count;
    }
}
