using System.Threading.Tasks.Sources;

namespace Kippu.Bench.Streams;

/// <summary>
/// One end of a connection in memory. A read that finds nothing stays pending until <see cref="Pump"/>, which goes on with it on the caller's own thread: so
/// the bench decides whose turn it is, and the thread's CPU clock tells what each side used. Where a side goes on elsewhere (a certificate that is verified
/// away from the thread that reads), <see cref="WaitUntilPending"/> waits for it to come back to a read.
/// </summary>
internal sealed class MemoryEnd(MemoryPipe input, MemoryPipe output) : Stream, IValueTaskSource<int>
{
    private ManualResetValueTaskSourceCore<int> _source;
    private Memory<byte> _target;
    private bool _pending;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Completes the pending read if there is something for it.</summary>
    /// <returns>Whether it did.</returns>
    public bool Pump()
    {
        if (!Volatile.Read(ref _pending) || input.IsEmpty)
        {
            return false;
        }

        var n = input.Read(_target.Span);
        _target = default; // or it would keep a buffer from the pool
        Volatile.Write(ref _pending, false);
        _source.SetResult(n);
        return true;
    }

    /// <summary>Until a read is pending or the task is complete; at once if nothing went on elsewhere.</summary>
    public void WaitUntilPending(Task task)
    {
        while (!Volatile.Read(ref _pending) && !task.IsCompleted)
        {
            Thread.Sleep(0);
        }
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!input.IsEmpty)
        {
            return new ValueTask<int>(input.Read(buffer.Span));
        }

        _source.Reset();
        _target = buffer;
        Volatile.Write(ref _pending, true);
        return new ValueTask<int>(this, _source.Version);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        output.Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override void Write(byte[] buffer, int offset, int count) => output.Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer) => output.Write(buffer);

    int IValueTaskSource<int>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
