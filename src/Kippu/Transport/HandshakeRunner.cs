namespace Kippu.Transport;

/// <summary>
/// Carries a handshake from its first byte to the last one that this side sends, or as far as the port says. Whatever ends it early is told to the peer first, as
/// far as that is possible in a short time.
/// </summary>
internal static class HandshakeRunner
{
    /// <exception cref="TlsException">The handshake failed; the peer has been told.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public static async Task RunAsync(TlsConnection connection, IHandshakePort port, HandshakeDeadline deadline)
    {
        try
        {
            await StepsAsync(connection, port, deadline.Token).ConfigureAwait(false);
        }
        catch (Exception reason)
        {
            var fault = FaultOf(reason, connection, deadline);
            await port.TrySendLastWordsAsync().ConfigureAwait(false);
            if (fault is not null && fault != reason)
            {
                throw fault;
            }

            throw;
        }
    }

    /// <summary>The TLS fault that an exception amounts to; null if the caller is to get the exception itself.</summary>
    public static TlsException? FaultOf(Exception reason, TlsConnection connection, HandshakeDeadline deadline)
    {
        if (reason is TlsException fault)
        {
            return fault;
        }

        return deadline.HasPassed ? TimedOut(connection, deadline.Limit) : null;
    }

    /// <summary>The time is over; the alert is pending.</summary>
    public static TlsException TimedOut(TlsConnection connection, TimeSpan limit) =>
        connection.TimeOut(limit);

    private static async ValueTask StepsAsync(TlsConnection connection, IHandshakePort port, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = port.Step();
            if (connection.HasPendingOutput && !connection.OwesTicketsOnly)
            {
                await port.SendPendingAsync(cancellationToken).ConfigureAwait(false);
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
                    await connection.Question!.AnswerAsync(cancellationToken).ConfigureAwait(false);
                    break;
                case TlsReadStatus.NeedsInput:
                    await ReceiveAsync(connection, port, result.Required, cancellationToken).ConfigureAwait(false);
                    break;
                default:
                    throw new InvalidOperationException($"{result.Status} before the handshake is complete");
            }
        }
    }

    private static async ValueTask ReceiveAsync(TlsConnection connection, IHandshakePort port, int required, CancellationToken cancellationToken)
    {
        if (!await port.ReceiveAsync(required, cancellationToken).ConfigureAwait(false))
        {
            connection.EndOfInput();
        }
    }
}
