using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Kippu.Transport;

/// <summary>
/// The plaintext side of a <see cref="TlsDuplexPipe"/>: a flush seals what was written into the transport's pipe and flushes that, so the transport's back-pressure is the
/// application's. A pipe without limits keeps what was not flushed yet, in pieces of a full record; nobody but this class reads from it.
/// </summary>
internal sealed class TlsPipeWriter : PipeWriter
{
    private readonly PipeWriter _transport;
    private readonly TlsConnection _connection;
    private readonly PipeRecordOutput _output;
    private readonly bool _leaveTransportOpen;
    private readonly Pipe _plaintext = PipeStore.Create(minimumSegmentSize: 16 * 1024);

    private int _isCompleted;
    private bool _isFinished;
    private Exception? _completion;

    public TlsPipeWriter(PipeWriter transport, TlsConnection connection, PipeRecordOutput output, bool leaveTransportOpen, Action onClosed)
    {
        _transport = transport;
        _connection = connection;
        _output = output;
        _leaveTransportOpen = leaveTransportOpen;
        Gate = new HalfGate(() =>
        {
            Finish();
            onClosed();
        });
    }

    public HalfGate Gate { get; }

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _plaintext.Writer.UnflushedBytes;

    public override Memory<byte> GetMemory(int sizeHint = 0) => _plaintext.Writer.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _plaintext.Writer.GetSpan(sizeHint);

    public override void Advance(int bytes) => _plaintext.Writer.Advance(bytes);

    public override void CancelPendingFlush() => _transport.CancelPendingFlush();

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => SendAsync(default, cancellationToken);

    /// <summary>Seals straight from <paramref name="source"/>, behind what was written before.</summary>
    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) => SendAsync(source, cancellationToken);

    public override void Complete(Exception? exception = null)
    {
        if (!BeginCompletion(exception))
        {
            return;
        }

        if (!Gate.Close())
        {
            // A flush is under way: it wakes, and finishes when it leaves.
            _transport.CancelPendingFlush();
        }
    }

    public override async ValueTask CompleteAsync(Exception? exception = null)
    {
        if (!BeginCompletion(exception))
        {
            return;
        }

        if (!Gate.TryEnter())
        {
            _transport.CancelPendingFlush();
            await Gate.EnterAsync(this, CancellationToken.None).ConfigureAwait(false);
        }

        try
        {
            SealLastWords();
            if (_leaveTransportOpen)
            {
                await _output.TrySendLastWordsAsync().ConfigureAwait(false);
            }
            else
            {
                await _transport.CompleteAsync(_completion).ConfigureAwait(false);
            }

            _isFinished = true;
        }
        finally
        {
            Gate.Exit();
            Gate.Close();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<FlushResult> SendAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken)
    {
        await Gate.EnterAsync(this, cancellationToken).ConfigureAwait(false);
        try
        {
            while (true)
            {
                var hasMore = SealWritten();
                if (!hasMore && source.Length > 0)
                {
                    source = source[_output.Seal(new ReadOnlySequence<byte>(source))..];
                    hasMore = source.Length > 0;
                }

                var result = await _output.FlushAsync(cancellationToken).ConfigureAwait(false);
                if (!hasMore || result.IsCanceled || result.IsCompleted)
                {
                    return result;
                }
            }
        }
        catch (TlsException)
        {
            await _output.TrySendLastWordsAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            Keep(source.Span);
            Leave();
        }
    }

    /// <summary>What waits in the queue goes out in a short time, or with the flush that is under way, or never.</summary>
    public async Task TrySendLastWordsAsync()
    {
        if (!Gate.TryEnter())
        {
            return;
        }

        try
        {
            await _output.TrySendLastWordsAsync().ConfigureAwait(false);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>The same, and nobody waits for it: a reader must not wait for a peer that does not read before it has written.</summary>
    public void SendAside()
    {
        if (_connection.HasPendingOutput && !_output.IsBroken)
        {
            _ = TrySendLastWordsAsync();
        }
    }

    /// <summary>Seals a batch of what the application has written. True if there is more.</summary>
    private bool SealWritten()
    {
        if (_plaintext.Writer.UnflushedBytes > 0)
        {
            _plaintext.Writer.Commit();
        }

        if (!_plaintext.Reader.TryRead(out var written))
        {
            _output.SealPending();
            return false;
        }

        var rest = written.Buffer;
        try
        {
            rest = rest.Slice(_output.Seal(rest));
            return !rest.IsEmpty;
        }
        finally
        {
            _plaintext.Reader.AdvanceTo(rest.Start);
        }
    }

    /// <summary>What a flush that was cut short has left of a write is kept for the next one.</summary>
    private void Keep(ReadOnlySpan<byte> rest)
    {
        if (rest.Length > 0 && _connection.CanWrite && _isCompleted == 0)
        {
            _plaintext.Writer.Write(rest);
        }
    }

    private bool BeginCompletion(Exception? exception)
    {
        if (Interlocked.Exchange(ref _isCompleted, 1) != 0)
        {
            return false;
        }

        _completion = exception;
        return true;
    }

    /// <summary>The rest of the data and close_notify; if the application gives up, only what has to be said already.</summary>
    private void SealLastWords()
    {
        try
        {
            if (_completion is null && _connection.CanWrite)
            {
                while (SealWritten())
                {
                }

                _connection.Close();
            }

            _output.SealPending();
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // The transport's writer is gone, or the connection has failed: there is nobody to say it to.
            _completion ??= e;
        }

        _plaintext.Writer.Complete();
        _plaintext.Reader.Complete();
    }

    private void Finish()
    {
        if (_isFinished)
        {
            return;
        }

        _isFinished = true;
        SealLastWords();
        if (_leaveTransportOpen)
        {
            _ = _output.TrySendLastWordsAsync().AsTask();
        }
        else
        {
            _transport.Complete(_completion);
        }
    }

    public void Leave()
    {
        Gate.Exit();
        SendAside();
    }
}
