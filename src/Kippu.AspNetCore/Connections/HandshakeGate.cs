namespace Kippu.AspNetCore.Connections;

/// <summary>
/// Lets so many hellos be answered at once. Answering one is computation (a key exchange, a signature), so more of them at a time serve nobody sooner, and keep the threads from the
/// requests of connections that stand. Whoever waits holds no thread; a hello whose ticket has opened goes before those that have none.
/// </summary>
/// <remarks>A place is held while the server computes, never while it waits for the client: clients that stall cannot fill the gate.</remarks>
internal sealed class HandshakeGate(int limit)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<TaskCompletionSource> _short = new();
    private readonly LinkedList<TaskCompletionSource> _full = new();
    private readonly int _busy = Math.Min(limit, Environment.ProcessorCount);
    private int _inside;

    /// <summary>True while a newcomer would have to share the processors, so that it matters who comes first.</summary>
    public bool IsBusy => Volatile.Read(ref _inside) >= _busy;

    /// <summary>How many wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _short.Count + _full.Count;
            }
        }
    }

    /// <summary>Takes a place, or waits for one.</summary>
    /// <param name="isShort">A ticket has opened.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask EnterAsync(bool isShort, CancellationToken cancellationToken)
    {
        LinkedListNode<TaskCompletionSource> place;
        lock (_lock)
        {
            if (_inside < limit)
            {
                _inside++;
                return;
            }

            place = (isShort ? _short : _full).AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        using (cancellationToken.UnsafeRegister(_ => GiveUp(place, cancellationToken), null))
        {
            await place.Value.Task.ConfigureAwait(false);
        }
    }

    /// <summary>Gives the place to who waits, or back.</summary>
    public void Exit()
    {
        TaskCompletionSource? next;
        lock (_lock)
        {
            next = TakeFirst(_short) ?? TakeFirst(_full);
            if (next is null)
            {
                _inside--;
            }
        }

        next?.SetResult();
    }

    private static TaskCompletionSource? TakeFirst(LinkedList<TaskCompletionSource> queue)
    {
        if (queue.First is not { } first)
        {
            return null;
        }

        queue.RemoveFirst();
        return first.Value;
    }

    private void GiveUp(LinkedListNode<TaskCompletionSource> place, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (place.List is not { } queue)
            {
                return;
            }

            queue.Remove(place);
        }

        place.Value.SetCanceled(cancellationToken);
    }
}
