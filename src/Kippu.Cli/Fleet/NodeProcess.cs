using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Kippu.Cli.Fleet;

/// <summary>One process of a node, from its start to its end. It ends when this process does, however that comes about: its standard input ends then.</summary>
internal sealed class NodeProcess : IDisposable
{
    private const string Announcement = "listening on ";
    private const int LinesKept = 20;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_patienceAtTheEnd = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly TaskCompletionSource<int> _port = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _connections;

    private NodeProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public int Port { get; private set; }

    /// <summary>Whether it was killed: what it was about to answer is lost then.</summary>
    public bool WasKilled { get; private set; }

    /// <summary>Starts it, and waits until it listens.</summary>
    /// <exception cref="CommandFault">It does not.</exception>
    public static async Task<NodeProcess> StartAsync(IEnumerable<string> arguments, string workingDirectory, CancellationToken cancellationToken)
    {
        var node = new NodeProcess(NodeProgram.Start(arguments, workingDirectory));
        try
        {
            _ = node.ReadOutputAsync();
            _ = node.ReadErrorAsync();
            node.Port = await node._port.Task.WaitAsync(s_patience, cancellationToken).ConfigureAwait(false);
            return node;
        }
        catch (Exception e)
        {
            node.Dispose();
            throw e is TimeoutException or IOException
                ? new CommandFault(ExitCodes.NotMeasured, $"a node did not start: {string.Join(" ", node._complaints)}", "The nodes need the .NET 10 runtime with ASP.NET Core.", e)
                : e;
        }
    }

    /// <summary>A connection to it begins, until what is returned is disposed.</summary>
    public IDisposable Enter() => new Stay(this);

    /// <summary>At once, whatever it is doing.</summary>
    public void Kill()
    {
        WasKilled = true;
        _process.Kill();
    }

    public void Pause() => ProcessSignal.Stop(Id);

    public void Resume() => ProcessSignal.Continue(Id);

    /// <summary>In order: once nobody is connected to it any more, it is told to go.</summary>
    public async Task StopAsync()
    {
        using var patience = new CancellationTokenSource(s_patienceAtTheEnd);
        try
        {
            while (Volatile.Read(ref _connections) > 0)
            {
                await Task.Delay(20, patience.Token).ConfigureAwait(false);
            }

            _process.StandardInput.Close();
            await _process.WaitForExitAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Kill();
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private async Task ReadOutputAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            if (line.StartsWith(Announcement, StringComparison.Ordinal))
            {
                _port.TrySetResult(int.Parse(line.AsSpan(Announcement.Length), NumberStyles.None, CultureInfo.InvariantCulture));
            }
        }

        _port.TrySetException(new IOException("the node ended before it listened"));
    }

    private async Task ReadErrorAsync()
    {
        while (await _process.StandardError.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            _complaints.Enqueue(line.Trim());
            while (_complaints.Count > LinesKept)
            {
                _complaints.TryDequeue(out _);
            }
        }
    }

    private sealed class Stay : IDisposable
    {
        private readonly NodeProcess _node;

        public Stay(NodeProcess node)
        {
            _node = node;
            Interlocked.Increment(ref node._connections);
        }

        public void Dispose() => Interlocked.Decrement(ref _node._connections);
    }
}
