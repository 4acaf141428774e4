using System.Buffers;
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
    private PipeCompletion? _handshake;
    private PipeReader? _earlyData;

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

    public bool AcceptsIncompleteClose { get; init; }

    /// <summary>What a server has read of early data; at its end if there is none.</summary>
    public PipeReader EarlyData => _earlyData ??= Create(ReadOnlySequence<byte>.Empty);

    /// <summary>A server has accepted early data: the rest of the handshake is the readers'.</summary>
    public void BeginEarlyData(HandshakeClock clock)
    {
        _handshake = new PipeCompletion(_input, _writer, _connection, Gate, clock);
        _earlyData = new TlsPipeEarlyReader(this, _handshake, _transport);
    }

    /// <summary>Waits until the handshake is complete.</summary>
    public async Task CompleteHandshakeAsync(CancellationToken cancellationToken)
    {
        if (_connection.IsConnected)
        {
            return;
        }

        Enter();
        try
        {
            while (!_connection.IsConnected)
            {
                await _handshake!.CarryAsync(HandshakeGoal.Complete, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            Leave();
        }
    }

    public override bool TryRead(out ReadResult result)
    {
        if (_plaintext.Reader.TryRead(out result))
        {
            return true;
        }

        Enter();
        try
        {
            if (!_connection.IsConnected)
            {
                _handshake!.TryCarry(HandshakeGoal.Complete);
                if (!_connection.IsConnected)
                {
                    return false;
                }
            }

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
        return _connection.IsConnected ? PullAsync(cancellationToken) : CompleteAndPullAsync(cancellationToken);
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
            _handshake?.Complete();
            if (!Gate.Close())
            {
                // A read is under way: it wakes, and finds the gate closed.
                _transport.CancelPendingRead();
            }
        }
    }

    public void Enter()
    {
        if (!Gate.TryEnter())
        {
            throw new InvalidOperationException(Gate.IsClosed ? "reading after the reader was completed" : "another read is under way");
        }
    }

    public void Leave()
    {
        _input.Release();
        _writer.SendAside();
        Gate.Exit();
    }

    /// <summary>A read that comes before the handshake is complete: it waits for that first.</summary>
    private async ValueTask<ReadResult> CompleteAndPullAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (!_connection.IsConnected)
            {
                await _handshake!.CarryAsync(HandshakeGoal.Complete, cancellationToken).ConfigureAwait(false);
                if (_plaintext.Reader.TryRead(out var canceled))
                {
                    Leave();
                    return canceled;
                }
            }
        }
        catch
        {
            Leave();
            throw;
        }

        return await PullAsync(cancellationToken).ConfigureAwait(false);
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

                _writer.SendAside();
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
            case PipeFill.Ended when AcceptsIncompleteClose && !_input.HasPartial:
                _plaintext.Writer.Complete();
                return 0;
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

    private void CompleteTransport()
    {
        if (!_leaveTransportOpen)
        {
            _transport.Complete(_completion);
        }
    }
}
