using System.Runtime.CompilerServices;

namespace Kippu.Transport;

/// <summary>The writing direction of a <see cref="TlsStream"/>. Writers wait for each other.</summary>
internal sealed class StreamWriteHalf(TlsStream owner, TlsConnection connection, HalfGate gate, RecordOutput output, AsideOutput aside)
{
    public bool IsOpen => !gate.IsClosed && connection.CanWrite;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        await gate.EnterAsync(owner, cancellationToken).ConfigureAwait(false);
        try
        {
            await output.SendAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (TlsException)
        {
            await output.TrySendLastWordsAsync().ConfigureAwait(false);
            throw;
        }
        catch (Exception e) when (IsAfterDispose(e))
        {
            throw new ObjectDisposedException(nameof(TlsStream), e);
        }
        finally
        {
            aside.ExitWrite();
        }
    }

    public void Write(ReadOnlySpan<byte> buffer)
    {
        gate.Enter(owner);
        try
        {
            output.Send(buffer);
        }
        catch (TlsException)
        {
            output.TrySendLastWords();
            throw;
        }
        catch (Exception e) when (IsAfterDispose(e))
        {
            throw new ObjectDisposedException(nameof(TlsStream), e);
        }
        finally
        {
            aside.ExitWrite();
        }
    }

    /// <summary>Says close_notify.</summary>
    public async Task ShutdownAsync(CancellationToken cancellationToken)
    {
        await gate.EnterAsync(owner, cancellationToken).ConfigureAwait(false);
        try
        {
            connection.Close();
            await output.SendPendingAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            aside.ExitWrite();
        }
    }

    /// <inheritdoc cref="ShutdownAsync"/>
    public void Shutdown()
    {
        gate.Enter(owner);
        try
        {
            connection.Close();
            output.SendPending();
        }
        finally
        {
            aside.ExitWrite();
        }
    }

    /// <summary>Sends what waits in the connection's queue if nobody is writing; whoever is writing takes it along.</summary>
    public void SendAside() => aside.Send();

    /// <summary>Says close_notify if that takes no longer than a second. A writer under way is not waited for: it may never end.</summary>
    public async ValueTask SayFarewellAsync()
    {
        await aside.WaitAsync().ConfigureAwait(false);
        if (gate.TryEnter())
        {
            connection.Close();
            await output.TrySendLastWordsAsync().ConfigureAwait(false);
            gate.Exit();
        }
    }

    /// <inheritdoc cref="SayFarewellAsync"/>
    public void SayFarewell() => SayFarewellAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>The inner stream was disposed under a write: what the caller did is dispose the TLS stream.</summary>
    private bool IsAfterDispose(Exception e) => gate.IsClosed && e is not (TlsException or OperationCanceledException);
}
