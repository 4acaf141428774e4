namespace Kippu.Transport;

/// <summary>
/// The handshake on the caller's own thread. Nothing can cancel a blocking read; so the time limit becomes the stream's own time-out where it has one, and
/// otherwise the stream is disposed when the time is over, if that is ours to do.
/// </summary>
/// <param name="inner">The stream.</param>
/// <param name="ownsInner">Whether it may be disposed.</param>
/// <param name="isAlone">Whether nobody else writes to it meanwhile: only then may the time-out of writes be changed.</param>
/// <param name="connection">The connection.</param>
/// <param name="port">What the handshake reads from and writes to.</param>
internal sealed class BlockingHandshake(Stream inner, bool ownsInner, bool isAlone, TlsConnection connection, IBlockingHandshakePort port)
{
    /// <summary>The stream's time-out comes when the time is over by our own clock too, so that there is no doubt which it was.</summary>
    private static readonly TimeSpan s_margin = TimeSpan.FromMilliseconds(20);

    private readonly bool _usesTimeouts = inner.CanTimeout;

    /// <exception cref="TlsException">The handshake failed; the peer has been told.</exception>
    public void Run(HandshakeDeadline deadline)
    {
        var readTimeout = _usesTimeouts ? inner.ReadTimeout : 0;
        var writeTimeout = _usesTimeouts && isAlone ? inner.WriteTimeout : 0;
        using var cut = !_usesTimeouts && ownsInner ? deadline.Token.Register(inner.Dispose) : default;
        try
        {
            Steps(deadline);
        }
        catch (Exception reason)
        {
            var fault = HandshakeRunner.FaultOf(reason, connection, deadline);
            port.TrySendLastWords();
            if (fault is not null && fault != reason)
            {
                throw fault;
            }

            throw;
        }
        finally
        {
            if (_usesTimeouts && inner.CanRead)
            {
                SetTimeouts(readTimeout, writeTimeout);
            }
        }
    }

    private void Steps(HandshakeDeadline deadline)
    {
        while (true)
        {
            var result = port.Step();
            LimitTime(deadline);
            if (connection.HasPendingOutput && !connection.OwesTicketsOnly)
            {
                port.SendPending();
            }

            if (port.IsDone)
            {
                return;
            }

            switch (result.Status)
            {
                case TlsReadStatus.EarlyData or TlsReadStatus.EarlyDataRejected:
                    break;
                case TlsReadStatus.Question:
                    connection.Question!.Answer(deadline.Token);
                    break;
                case TlsReadStatus.NeedsInput:
                    Receive(result.Required);
                    break;
                default:
                    throw new InvalidOperationException($"{result.Status} before the handshake is complete");
            }
        }
    }

    private void Receive(int required)
    {
        if (!port.Receive(required))
        {
            connection.EndOfInput();
        }
    }

    private void LimitTime(HandshakeDeadline deadline)
    {
        deadline.Token.ThrowIfCancellationRequested();
        if (!_usesTimeouts || deadline.Left is not { } left)
        {
            return;
        }

        var milliseconds = (int)Math.Clamp(Math.Ceiling((left + s_margin).TotalMilliseconds), 1, int.MaxValue);
        SetTimeouts(milliseconds, milliseconds);
    }

    private void SetTimeouts(int read, int write)
    {
        inner.ReadTimeout = read;
        if (isAlone)
        {
            inner.WriteTimeout = write;
        }
    }
}
