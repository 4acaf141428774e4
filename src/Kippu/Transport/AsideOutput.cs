namespace Kippu.Transport;

/// <summary>
/// Sends what the reader has put into the connection's queue (alerts, KeyUpdates, tickets) if nobody is writing; whoever is writing takes it along. The reader does not
/// wait for it: it could wait for ever, for a peer that does not read before it has written.
/// </summary>
internal sealed class AsideOutput(HalfGate gate, TlsConnection connection, RecordOutput output)
{
    private volatile Task _underWay = Task.CompletedTask;

    /// <summary>Begins to send what waits in the queue. What follows waits for it, like for any other write; a failure shows in the next one.</summary>
    public void Send()
    {
        if (connection.HasPendingOutput && !output.IsBroken && SendIfFreeAsync() is { IsCompleted: false } sending)
        {
            _underWay = sending;
        }
    }

    /// <summary>Whoever leaves the write half takes along what the reader has put into the queue meanwhile: the reader found the gate taken.</summary>
    public void ExitWrite()
    {
        gate.Exit();
        Send();
    }

    /// <summary>What waits in the queue goes out in a short time, or with the write that is under way, or never.</summary>
    public async ValueTask TrySendLastWordsAsync()
    {
        if (!gate.TryEnter())
        {
            return;
        }

        try
        {
            await output.TrySendLastWordsAsync().ConfigureAwait(false);
        }
        finally
        {
            ExitWrite();
        }
    }

    /// <summary>Waits a short time for what is being sent aside, so that close_notify can follow it.</summary>
    public async ValueTask WaitAsync()
    {
        if (_underWay is { IsCompleted: false } sending)
        {
            await output.WaitForLastWordsAsync(sending).ConfigureAwait(false);
        }
    }

    private async Task SendIfFreeAsync()
    {
        if (!gate.TryEnter())
        {
            return;
        }

        try
        {
            await output.TrySendPendingAsync().ConfigureAwait(false);
        }
        finally
        {
            ExitWrite();
        }
    }
}
