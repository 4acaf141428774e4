using System.Diagnostics.CodeAnalysis;

namespace Kippu.Transport;

/// <summary>
/// Lets one user at a time into a half of a connection, and closes for good: what the half holds is let go as soon as nobody is inside, by whoever
/// comes last. So a stream can be disposed while another thread still reads from it.
/// </summary>
/// <param name="onClosed">Called once, when the gate is closed and nobody is inside.</param>
[SuppressMessage("Reliability", "CA1001", Justification = "A semaphore without a wait handle holds nothing to release; and a waiter that a disposed one left behind would hang.")]
internal sealed class HalfGate(Action onClosed)
{
    private readonly SemaphoreSlim _free = new(1, 1);
    private volatile bool _closing;
    private bool _closed;

    public bool IsClosed => _closing;

    /// <summary>Goes in if nobody is inside and the gate is open.</summary>
    public bool TryEnter()
    {
        if (!_free.Wait(0))
        {
            return false;
        }

        if (_closing)
        {
            Exit();
            return false;
        }

        return true;
    }

    /// <summary>Waits for its turn.</summary>
    /// <exception cref="ObjectDisposedException">The gate was closed.</exception>
    public void Enter(object owner)
    {
        _free.Wait();
        ThrowIfClosed(owner);
    }

    /// <summary>Waits for its turn.</summary>
    /// <exception cref="ObjectDisposedException">The gate was closed.</exception>
    public ValueTask EnterAsync(object owner, CancellationToken cancellationToken)
    {
        var turn = _free.WaitAsync(cancellationToken);
        if (!turn.IsCompletedSuccessfully)
        {
            return AwaitTurn(turn, owner);
        }

        ThrowIfClosed(owner);
        return default;
    }

    public void Exit()
    {
        _free.Release();
        if (_closing)
        {
            TryFinish();
        }
    }

    /// <summary>Lets nobody in any more. False if somebody is inside, who then finishes.</summary>
    public bool Close()
    {
        _closing = true;
        return TryFinish();
    }

    private async ValueTask AwaitTurn(Task turn, object owner)
    {
        await turn.ConfigureAwait(false);
        ThrowIfClosed(owner);
    }

    private void ThrowIfClosed(object owner)
    {
        if (_closing)
        {
            Exit();
            throw new ObjectDisposedException(owner.GetType().Name);
        }
    }

    /// <summary>
    /// <see cref="Close"/> sets the flag before it looks whether the gate is free, and <see cref="Exit"/> frees the gate before it looks at the flag: so at
    /// least one of them finds both.
    /// </summary>
    private bool TryFinish()
    {
        if (!_free.Wait(0))
        {
            return false;
        }

        var first = !_closed;
        _closed = true;
        _free.Release();
        if (first)
        {
            onClosed();
        }

        return true;
    }
}
