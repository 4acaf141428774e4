using System.IO.Pipelines;

namespace Kippu.Transport;

/// <summary>
/// The rest of a server's handshake over pipes, once it has accepted early data: by now it belongs to the readers, beside a writer. Early data goes into a pipe without
/// limits of its own; the connection takes no more of it than was promised. One user at a time: whoever has entered the read gate.
/// </summary>
internal sealed class PipeCompletion(PipeRecordInput input, TlsPipeWriter writer, TlsConnection connection, HalfGate readGate, HandshakeClock clock) : IHandshakePort
{
    private readonly Pipe _earlyData = PipeStore.Create(minimumSegmentSize: 4 * 1024);
    private HandshakeGoal _goal;
    private bool _hasReceived;
    private bool _isCanceled;

    /// <summary>What has come of the early data; completed at its end.</summary>
    public PipeReader EarlyData => _earlyData.Reader;

    /// <summary>Also done when a read of the transport was cancelled: the reader knows whether that was meant for it.</summary>
    public bool IsDone => connection.IsConnected || _isCanceled || (_goal == HandshakeGoal.EarlyData && (_hasReceived || !connection.IsReadingEarlyData));

    /// <summary>Goes on until the goal is reached, or a read was cancelled.</summary>
    /// <exception cref="TlsException">The handshake failed; the peer has been told.</exception>
    public async ValueTask CarryAsync(HandshakeGoal goal, CancellationToken cancellationToken)
    {
        Begin(goal);
        if (IsDone)
        {
            return;
        }

        using var deadline = new HandshakeDeadline(clock, cancellationToken);
        await HandshakeRunner.RunAsync(connection, this, deadline).ConfigureAwait(false);
    }

    /// <summary>Goes on with what the transport has, without waiting.</summary>
    /// <exception cref="TlsException">The handshake failed; the alert is pending.</exception>
    public void TryCarry(HandshakeGoal goal)
    {
        Begin(goal);
        if (!IsDone && clock.Left <= TimeSpan.Zero)
        {
            throw HandshakeRunner.TimedOut(connection, clock.Limit);
        }

        while (!IsDone)
        {
            var result = Step();
            if (result.Status == TlsReadStatus.NeedsInput && !TryReceive(result.Required))
            {
                return;
            }
        }
    }

    /// <summary>Nobody will read any more: what else comes of the early data is thrown away.</summary>
    public void Complete() => _earlyData.Reader.Complete();

    public TlsReadResult Step()
    {
        var writer = _earlyData.Writer;
        try
        {
            var result = input.Step(writer);
            _hasReceived |= result.Written > 0;
            return result;
        }
        finally
        {
            if (writer.UnflushedBytes > 0)
            {
                writer.Commit();
            }

            if (!connection.IsReadingEarlyData)
            {
                writer.Complete();
            }
        }
    }

    public async ValueTask<bool> ReceiveAsync(int required, CancellationToken cancellationToken) =>
        Received(await input.FillAsync(required, cancellationToken).ConfigureAwait(false));

    /// <summary>Nothing of the handshake itself is left to be sent.</summary>
    public ValueTask SendPendingAsync(CancellationToken cancellationToken)
    {
        writer.SendAside();
        return default;
    }

    public async ValueTask TrySendLastWordsAsync() => await writer.TrySendLastWordsAsync().ConfigureAwait(false);

    private void Begin(HandshakeGoal goal)
    {
        _goal = goal;
        _hasReceived = false;
        _isCanceled = false;
    }

    /// <summary>False if nothing new is there.</summary>
    private bool TryReceive(int required)
    {
        if (input.TryFill(required) is not { } fill)
        {
            return false;
        }

        if (!Received(fill))
        {
            connection.EndOfInput();
        }

        return !_isCanceled;
    }

    private bool Received(PipeFill fill)
    {
        ObjectDisposedException.ThrowIf(readGate.IsClosed, typeof(TlsDuplexPipe));
        _isCanceled = fill == PipeFill.Canceled;
        return fill != PipeFill.Ended;
    }
}
