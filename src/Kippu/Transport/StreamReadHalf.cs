using System.Runtime.CompilerServices;

namespace Kippu.Transport;

/// <summary>
/// The reading direction of a <see cref="TlsStream"/>: application data, and a server's early data with the rest of the handshake behind it. One user at a time; a
/// second one is refused.
/// </summary>
internal sealed class StreamReadHalf(
    Stream inner, bool ownsInner, TlsConnection connection, HalfGate gate, RecordInput input, AsideOutput aside, HandshakeClock clock)
{
    public bool IsOpen => !gate.IsClosed;

    /// <summary>Bytes of buffers that are held at this moment.</summary>
    public int HeldBytes => input.HeldBytes;

    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        Enter();
        return connection.IsConnected ? ReadCoreAsync(buffer, cancellationToken) : CompleteAndReadAsync(buffer, cancellationToken);
    }

    public int Read(Span<byte> buffer)
    {
        Enter();
        try
        {
            if (!connection.IsConnected)
            {
                CarryHandshake(HandshakeGoal.Complete);
            }

            while (true)
            {
                var step = input.Read(buffer);
                switch (step.Kind)
                {
                    case ReadStepKind.Done:
                        return step.Count;
                    case ReadStepKind.Question:
                        connection.Question!.Answer();
                        break;
                    default:
                        aside.Send();
                        AfterFill(input.Fill(step.Count, holdNothing: buffer.IsEmpty));
                        break;
                }
            }
        }
        catch (TlsException)
        {
            aside.TrySendLastWordsAsync().AsTask().GetAwaiter().GetResult();
            throw;
        }
        catch (Exception e) when (IsAfterDispose(e))
        {
            throw new ObjectDisposedException(nameof(TlsStream), e);
        }
        finally
        {
            Exit();
        }
    }

    public ValueTask<int> ReadEarlyDataAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        Enter();
        return ReadEarlyDataCoreAsync(buffer, cancellationToken);
    }

    public int ReadEarlyData(Span<byte> buffer)
    {
        Enter();
        try
        {
            CarryHandshake(HandshakeGoal.EarlyData);
            return input.TakeEarlyData(buffer);
        }
        finally
        {
            Exit();
        }
    }

    public async Task CompleteHandshakeAsync(CancellationToken cancellationToken)
    {
        if (connection.IsConnected)
        {
            return;
        }

        Enter();
        try
        {
            await CarryHandshakeAsync(HandshakeGoal.Complete, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Exit();
        }
    }

    public void CompleteHandshake()
    {
        if (connection.IsConnected)
        {
            return;
        }

        Enter();
        try
        {
            CarryHandshake(HandshakeGoal.Complete);
        }
        finally
        {
            Exit();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReadCoreAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var step = input.Read(buffer.Span);
                switch (step.Kind)
                {
                    case ReadStepKind.Done:
                        return step.Count;
                    case ReadStepKind.Question:
                        await connection.Question!.AnswerAsync(cancellationToken).ConfigureAwait(false);
                        break;
                    default:
                        aside.Send();
                        AfterFill(await input.FillAsync(step.Count, holdNothing: buffer.IsEmpty, cancellationToken).ConfigureAwait(false));
                        break;
                }
            }
        }
        catch (TlsException)
        {
            await aside.TrySendLastWordsAsync().ConfigureAwait(false);
            throw;
        }
        catch (Exception e) when (IsAfterDispose(e))
        {
            throw new ObjectDisposedException(nameof(TlsStream), e);
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>A read that comes before the handshake is complete: it waits for that first.</summary>
    private async ValueTask<int> CompleteAndReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            await CarryHandshakeAsync(HandshakeGoal.Complete, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            Exit();
            throw;
        }

        return await ReadCoreAsync(buffer, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<int> ReadEarlyDataCoreAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            await CarryHandshakeAsync(HandshakeGoal.EarlyData, cancellationToken).ConfigureAwait(false);
            return input.TakeEarlyData(buffer.Span);
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>The gate is entered.</summary>
    private async ValueTask CarryHandshakeAsync(HandshakeGoal goal, CancellationToken cancellationToken)
    {
        var port = new StreamCompletionPort(input, aside, connection, gate, goal);
        if (port.IsDone)
        {
            return;
        }

        try
        {
            using var deadline = new HandshakeDeadline(clock, cancellationToken);
            await HandshakeRunner.RunAsync(connection, port, deadline).ConfigureAwait(false);
        }
        catch (Exception e) when (IsAfterDispose(e))
        {
            throw new ObjectDisposedException(nameof(TlsStream), e);
        }
    }

    /// <inheritdoc cref="CarryHandshakeAsync"/>
    private void CarryHandshake(HandshakeGoal goal)
    {
        var port = new StreamCompletionPort(input, aside, connection, gate, goal);
        if (port.IsDone)
        {
            return;
        }

        try
        {
            using var deadline = new HandshakeDeadline(clock, CancellationToken.None);
            new BlockingHandshake(inner, ownsInner, isAlone: false, connection, port).Run(deadline);
        }
        catch (Exception e) when (IsAfterDispose(e))
        {
            throw new ObjectDisposedException(nameof(TlsStream), e);
        }
    }

    private void Enter()
    {
        if (!gate.TryEnter())
        {
            ObjectDisposedException.ThrowIf(gate.IsClosed, typeof(TlsStream));
            throw new InvalidOperationException("another read is under way");
        }
    }

    private void Exit()
    {
        aside.Send();
        gate.Exit();
    }

    private void AfterFill(bool gotInput)
    {
        ObjectDisposedException.ThrowIf(gate.IsClosed, typeof(TlsStream));
        if (!gotInput)
        {
            connection.EndOfInput();
        }
    }

    /// <summary>The inner stream was disposed under a read: what the caller did is dispose the TLS stream.</summary>
    private bool IsAfterDispose(Exception e) => gate.IsClosed && e is not (TlsException or OperationCanceledException);
}
