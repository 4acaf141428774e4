namespace Kippu.InteropTests.Machinery;

/// <summary>The lines that a program has said so far, standard output and standard error in the order of arrival. Thread-safe.</summary>
internal sealed class PeerOutput
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private TaskCompletionSource _changed = NewSource();
    private int _openReaders = 2;

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>Waits until what was said makes sense to the caller.</summary>
    /// <param name="read">Gets the lines said since <paramref name="from"/>; null from it means "go on listening".</param>
    /// <param name="from">Index of the first line to look at.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What <paramref name="read"/> made of it, or null if the program closed its output before it made sense.</returns>
    public async Task<T?> UntilAsync<T>(Func<IReadOnlyList<string>, T?> read, int from, CancellationToken cancellationToken)
        where T : class
    {
        while (true)
        {
            IReadOnlyList<string> said;
            Task changed;
            bool ended;
            lock (_lock)
            {
                said = [.. _lines.Skip(from)];
                changed = _changed.Task;
                ended = _openReaders == 0;
            }

            if (read(said) is { } sense)
            {
                return sense;
            }

            if (ended)
            {
                return null;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Reads one of the program's two outputs to its end.</summary>
    public async Task ReadAsync(StreamReader reader)
    {
        try
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                Change(() => _lines.Add(line));
            }
        }
        finally
        {
            Change(() => _openReaders--);
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Change(Action change)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            change();
            (changed, _changed) = (_changed, NewSource());
        }

        changed.SetResult();
    }
}
