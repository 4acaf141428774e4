using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Kippu.Transport;

/// <summary>
/// The plaintext side of a <see cref="TlsDuplexPipe"/>: a read that finds nothing pulls records from the transport's pipe and opens them, no more than the
/// application asks for. A pipe without limits keeps what was opened; nobody but this class writes to it.
/// </summary>
internal sealed class TlsPipeReader : PipeReader
{
    /// <summary>So much is opened at once; the rest waits in the transport, which then pushes back.</summary>
    private const int MaxPull = 64 * 1024;

    private readonly PipeReader _transport;
    private readonly TlsConnection _connection;
    private readonly PipeRecordInput _input;
    private readonly TlsPipeWriter _writer;
    private readonly bool _leaveTransportOpen;
    private readonly Pipe _plaintext = PipeStore.Create(minimumSegmentSize: 4 * 1024);

    private Exception? _completion;

    public TlsPipeReader(PipeReader transport, TlsConnection connection, PipeRecordInput input, TlsPipeWriter writer, bool leaveTransportOpen, Action onClosed)
    {
        _transport = transport;
        _connection = connection;
        _input = input;
        _writer = writer;
        _leaveTransportOpen = leaveTransportOpen;
        Gate = new HalfGate(() =>
        {
            CompleteTransport();
            onClosed();
        });
    }

    public HalfGate Gate { get; }

    public override bool TryRead(out ReadResult result)
    {
        if (_plaintext.Reader.TryRead(out result))
        {
            return true;
        }

        Enter();
        try
        {
            var required = Open();
            while (required > 0 && _input.TryFill(required) is { } fill)
            {
                required = AfterFill(fill, required);
            }

            return _plaintext.Reader.TryRead(out result);
        }
        finally
        {
            Leave();
        }
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (_plaintext.Reader.TryRead(out var result))
        {
            return new ValueTask<ReadResult>(result);
        }

        Enter();
        return PullAsync(cancellationToken);
    }

    public override void AdvanceTo(SequencePosition consumed) => _plaintext.Reader.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => _plaintext.Reader.AdvanceTo(consumed, examined);

    /// <summary>The next look at the plaintext tells of it; the transport is only woken.</summary>
    public override void CancelPendingRead()
    {
        _plaintext.Reader.CancelPendingRead();
        _transport.CancelPendingRead();
    }

    public override void Complete(Exception? exception = null)
    {
        if (!Gate.IsClosed)
        {
            _completion = exception;
            _plaintext.Reader.Complete(exception);
            if (!Gate.Close())
            {
                // A read is under way: it wakes, and finds the gate closed.
                _transport.CancelPendingRead();
            }
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> PullAsync(CancellationToken cancellationToken)
    {
        try
        {
            var required = Open();
            while (true)
            {
                if (_plaintext.Reader.TryRead(out var result))
                {
                    return result;
                }

                var fill = await _input.FillAsync(required, cancellationToken).ConfigureAwait(false);
                required = AfterFill(fill, required);
            }
        }
        catch (TlsException)
        {
            await _writer.TrySendLastWordsAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            Leave();
        }
    }

    private int AfterFill(PipeFill fill, int required)
    {
        ObjectDisposedException.ThrowIf(Gate.IsClosed, this);
        switch (fill)
        {
            case PipeFill.Ended:
                _connection.EndOfInput();
                return required;
            case PipeFill.Canceled:
                return required;
            default:
                return Open();
        }
    }

    /// <summary>Opens what has come. Returns what the next record needs; 0 if there is something to read.</summary>
    private int Open()
    {
        var writer = _plaintext.Writer;
        try
        {
            while (writer.UnflushedBytes < MaxPull)
            {
                var result = _input.Step(writer);
                switch (result.Status)
                {
                    case TlsReadStatus.NeedsInput:
                        return writer.UnflushedBytes > 0 ? 0 : result.Required;
                    case TlsReadStatus.Closed:
                        writer.Complete();
                        return 0;
                    case TlsReadStatus.Question:
                        throw new InvalidOperationException("a question after the handshake");
                }
            }

            return 0;
        }
        catch (TlsException) when (writer.UnflushedBytes > 0)
        {
            // What came before the fault is delivered; the connection reports the same fault at the next read.
            return 0;
        }
        finally
        {
            if (writer.UnflushedBytes > 0)
            {
                writer.Commit();
            }
        }
    }

    private void Enter()
    {
        if (!Gate.TryEnter())
        {
            throw new InvalidOperationException(Gate.IsClosed ? "reading after the reader was completed" : "another read is under way");
        }
    }

    private void Leave()
    {
        _input.Release();
        _writer.SendAside();
        Gate.Exit();
    }

    private void CompleteTransport()
    {
        if (!_leaveTransportOpen)
        {
            _transport.Complete(_completion);
        }
    }
}
