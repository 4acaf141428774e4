using System.IO.Pipelines;

namespace Kippu.Transport;

/// <summary>A server's early data as a pipe's reader: a read that finds nothing pulls records from the transport, like one of the data after it, and never both at once.</summary>
internal sealed class TlsPipeEarlyReader(TlsPipeReader owner, PipeCompletion completion, PipeReader transport) : PipeReader
{
    private PipeReader Store => completion.EarlyData;

    public override bool TryRead(out ReadResult result)
    {
        if (Store.TryRead(out result))
        {
            return true;
        }

        owner.Enter();
        try
        {
            completion.TryCarry(HandshakeGoal.EarlyData);
        }
        finally
        {
            owner.Leave();
        }

        return Store.TryRead(out result);
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (Store.TryRead(out var result))
        {
            return new ValueTask<ReadResult>(result);
        }

        owner.Enter();
        return PullAsync(cancellationToken);
    }

    public override void AdvanceTo(SequencePosition consumed) => Store.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => Store.AdvanceTo(consumed, examined);

    /// <summary>The next look at the early data tells of it; the transport is only woken.</summary>
    public override void CancelPendingRead()
    {
        Store.CancelPendingRead();
        transport.CancelPendingRead();
    }

    /// <summary>The rest of the early data is thrown away; the connection goes on.</summary>
    public override void Complete(Exception? exception = null) => completion.Complete();

    private async ValueTask<ReadResult> PullAsync(CancellationToken cancellationToken)
    {
        try
        {
            ReadResult result;
            while (!Store.TryRead(out result))
            {
                await completion.CarryAsync(HandshakeGoal.EarlyData, cancellationToken).ConfigureAwait(false);
            }

            return result;
        }
        finally
        {
            owner.Leave();
        }
    }
}
