namespace Kippu.Cli.Fleet;

/// <summary>A place in the fleet, with the process that has it now.</summary>
/// <remarks>Thread-safe; what is done to it is done one after the other.</remarks>
internal sealed class FleetNode(char name, FleetFiles files) : IAsyncDisposable
{
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private volatile NodeProcess? _process;
    private volatile NodeState _state = NodeState.Starting;
    private volatile bool _isCut;

    public char Name => name;

    public NodeState State => _state;

    /// <summary>It does not see the ring.</summary>
    public bool IsCut => _isCut;

    /// <summary>The process that takes connections now; null if there is none.</summary>
    public NodeProcess? Serving => _state == NodeState.Serving ? _process : null;

    public Task StartAsync(CancellationToken cancellationToken) => DoAsync(() => LaunchAsync(cancellationToken), cancellationToken);

    /// <summary>Kills it and starts it again.</summary>
    public Task KillAsync(CancellationToken cancellationToken) => DoAsync(
        async () =>
        {
            _process!.Kill();
            _state = NodeState.Starting;
            await LaunchAsync(cancellationToken).ConfigureAwait(false);
        },
        cancellationToken);

    /// <summary>Takes it out of service, stops it in order, and starts it again.</summary>
    public Task RestartAsync(CancellationToken cancellationToken) => DoAsync(
        async () =>
        {
            _state = NodeState.Starting;
            await _process!.StopAsync().ConfigureAwait(false);
            await LaunchAsync(cancellationToken).ConfigureAwait(false);
        },
        cancellationToken);

    public Task PauseAsync(TimeSpan time, CancellationToken cancellationToken) => DoAsync(
        async () =>
        {
            _state = NodeState.Paused;
            _process!.Pause();
            try
            {
                await Task.Delay(time, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                _process.Resume();
                _state = NodeState.Serving;
            }
        },
        cancellationToken);

    public async Task CutAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        files.Cut(name);
        _isCut = true;
        try
        {
            await Task.Delay(time, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            files.Mend(name);
            _isCut = false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        var wasServing = _state == NodeState.Serving;
        _state = NodeState.Stopped;
        if (_process is { } process)
        {
            if (wasServing)
            {
                await process.StopAsync().ConfigureAwait(false);
            }

            process.Dispose();
        }

        _oneAtATime.Dispose();
    }

    private async Task LaunchAsync(CancellationToken cancellationToken)
    {
        _process?.Dispose();
        _process = null;
        _process = await NodeProcess.StartAsync(files.ArgumentsOf(name), files.Root, cancellationToken).ConfigureAwait(false);
        _state = NodeState.Serving;
    }

    private async Task DoAsync(Func<Task> what, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await what().ConfigureAwait(false);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }
}
