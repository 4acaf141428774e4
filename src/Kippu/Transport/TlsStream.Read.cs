using System.Runtime.CompilerServices;
using Kippu.Transport;

namespace Kippu;

public sealed partial class TlsStream
{
    /// <summary>
    /// Reads what is there, or waits for something; 0 once the peer has sent close_notify. Before the handshake is complete it waits for that first, and delivers nothing of
    /// <see cref="ReadEarlyDataAsync"/>. See the remarks on the type.
    /// </summary>
    /// <param name="buffer">Gets application data. 16,384 bytes or more spare a copy. Empty: waits until there is something to read.</param>
    /// <param name="cancellationToken">Cancels the wait; nothing is lost.</param>
    /// <exception cref="TlsException">The peer broke the protocol, sent a fatal alert, or ended the transport without close_notify (<see cref="TlsFault.Truncated"/>).</exception>
    /// <exception cref="IOException">The inner stream failed.</exception>
    /// <exception cref="InvalidOperationException">Not authenticated, or another read is under way.</exception>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ThrowIfNotReady();
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<int>(cancellationToken);
        }

        EnterRead();
        return _isAuthenticated ? ReadCoreAsync(buffer, cancellationToken) : CompleteAndReadAsync(buffer, cancellationToken);
    }

    /// <inheritdoc cref="ReadAsync(Memory{byte}, CancellationToken)"/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <inheritdoc cref="ReadAsync(Memory{byte}, CancellationToken)"/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    /// <summary>Reads what is there, or blocks until there is something; 0 once the peer has sent close_notify. See the remarks on the type.</summary>
    /// <inheritdoc cref="ReadAsync(Memory{byte}, CancellationToken)"/>
    public override int Read(Span<byte> buffer)
    {
        ThrowIfNotReady();
        EnterRead();
        try
        {
            if (!_isAuthenticated)
            {
                CarryHandshake(HandshakeGoal.Complete);
            }

            while (true)
            {
                var step = _input!.Read(buffer);
                switch (step.Kind)
                {
                    case ReadStepKind.Done:
                        return step.Count;
                    case ReadStepKind.Question:
                        _connection!.Question!.Answer();
                        break;
                    default:
                        _aside!.Send();
                        AfterFill(_input.Fill(step.Count, holdNothing: buffer.IsEmpty));
                        break;
                }
            }
        }
        catch (TlsException)
        {
            _aside!.TrySendLastWordsAsync().AsTask().GetAwaiter().GetResult();
            throw;
        }
        catch (Exception e) when (IsAfterDispose(e))
        {
            throw new ObjectDisposedException(nameof(TlsStream), e);
        }
        finally
        {
            ExitRead();
        }
    }

    /// <inheritdoc/>
    public override int ReadByte()
    {
        Span<byte> one = stackalloc byte[1];
        return Read(one) == 0 ? -1 : one[0];
    }

    /// <inheritdoc/>
    public override IAsyncResult BeginRead(byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        TaskToAsyncResult.Begin(ReadAsync(buffer, offset, count, CancellationToken.None), callback, state);

    /// <inheritdoc/>
    public override int EndRead(IAsyncResult asyncResult) => TaskToAsyncResult.End<int>(asyncResult);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReadCoreAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var step = _input!.Read(buffer.Span);
                switch (step.Kind)
                {
                    case ReadStepKind.Done:
                        return step.Count;
                    case ReadStepKind.Question:
                        await _connection!.Question!.AnswerAsync(cancellationToken).ConfigureAwait(false);
                        break;
                    default:
                        _aside!.Send();
                        AfterFill(await _input.FillAsync(step.Count, holdNothing: buffer.IsEmpty, cancellationToken).ConfigureAwait(false));
                        break;
                }
            }
        }
        catch (TlsException)
        {
            await _aside!.TrySendLastWordsAsync().ConfigureAwait(false);
            throw;
        }
        catch (Exception e) when (IsAfterDispose(e))
        {
            throw new ObjectDisposedException(nameof(TlsStream), e);
        }
        finally
        {
            ExitRead();
        }
    }

    private void EnterRead()
    {
        if (!_readGate.TryEnter())
        {
            ObjectDisposedException.ThrowIf(_readGate.IsClosed, this);
            throw new InvalidOperationException("another read is under way");
        }
    }

    private void ExitRead()
    {
        _aside!.Send();
        _readGate.Exit();
    }

    private void AfterFill(bool gotInput)
    {
        ObjectDisposedException.ThrowIf(_readGate.IsClosed, this);
        if (!gotInput)
        {
            _connection!.EndOfInput();
        }
    }

    /// <summary>The inner stream was disposed under a read or a write: what the caller did is dispose this stream.</summary>
    private bool IsAfterDispose(Exception e) => _disposed != 0 && e is not (TlsException or OperationCanceledException);
}
