namespace Kippu.Transport;

/// <summary>
/// The handshake on the caller's own thread. Nothing can cancel a blocking read; so the time limit becomes the stream's own time-out where it has one, and
/// otherwise the stream is disposed when the time is over, if that is ours to do.
/// </summary>
internal sealed class BlockingHandshake(Stream inner, bool ownsInner, TlsConnection connection, RecordInput input, RecordOutput output)
{
    /// <summary>The stream's time-out comes when the time is over by our own clock too, so that there is no doubt which it was.</summary>
    private static readonly TimeSpan s_margin = TimeSpan.FromMilliseconds(20);

    private readonly bool _usesTimeouts = inner.CanTimeout;

    /// <exception cref="TlsException">The handshake failed; the peer has been told.</exception>
    public void Run(HandshakeDeadline deadline)
    {
        var (readTimeout, writeTimeout) = _usesTimeouts ? (inner.ReadTimeout, inner.WriteTimeout) : default;
        using var cut = !_usesTimeouts && ownsInner ? deadline.Token.Register(inner.Dispose) : default;
        try
        {
            Steps(deadline);
        }
        catch (Exception reason)
        {
            var fault = HandshakeRunner.FaultOf(reason, connection, deadline);
            output.TrySendLastWords();
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
                (inner.ReadTimeout, inner.WriteTimeout) = (readTimeout, writeTimeout);
            }
        }
    }

    private void Steps(HandshakeDeadline deadline)
    {
        while (true)
        {
            var result = input.StepHandshake();
            LimitTime(deadline);
            if (connection.HasPendingOutput)
            {
                output.SendPending();
            }

            switch (result.Status)
            {
                case TlsReadStatus.Connected:
                    return;
                case TlsReadStatus.Question:
                    QuestionAnswers.Answer(connection.Question!, deadline.Token);
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
        if (!input.Fill(required, holdNothing: false))
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
        inner.ReadTimeout = milliseconds;
        inner.WriteTimeout = milliseconds;
    }
}
