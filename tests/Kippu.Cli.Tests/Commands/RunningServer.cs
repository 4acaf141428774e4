using Kippu.Cli.Output;

namespace Kippu.Cli.Tests.Commands;

/// <summary><c>kippu serve</c> in this process, on a free port, until it is disposed.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly FirstLineWriter _output = new();
    private readonly WaitingWriter _error = new();
    private readonly Task<int> _running;

    private RunningServer(string[] arguments, TimeProvider time) =>
        _running = CommandLine.RunAsync(["serve", .. arguments.Contains("--port") ? Array.Empty<string>() : ["--port", "0"], .. arguments], new Screen(_output, _error), time, _stop.Token);

    /// <summary>localhost and its port.</summary>
    public string Target { get; private set; } = "";

    public static Task<RunningServer> StartAsync(params string[] arguments) => StartAsync(TimeProvider.System, arguments);

    /// <summary>It has stood for a minute by its own clock, which is longer than a server watches before it takes early data.</summary>
    public static async Task<RunningServer> StartAMinuteAgoAsync(params string[] arguments)
    {
        var clock = new OlderClock();
        var server = await StartAsync(clock, arguments);
        clock.CatchUp();
        return server;
    }

    /// <summary>Until it has said this on standard error.</summary>
    public Task WaitForNoteAsync(string words) => _error.WaitForAsync(words);

    /// <summary>Stops it; everything it said.</summary>
    public async Task<Run> StopAsync()
    {
        await _stop.CancelAsync();
        return new Run(await _running, _output.ToString(), _error.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
        await _output.DisposeAsync();
        await _error.DisposeAsync();
    }

    private static async Task<RunningServer> StartAsync(TimeProvider time, string[] arguments)
    {
        var server = new RunningServer(arguments, time);
        var first = await Task.WhenAny(server._output.FirstLine, server._running);
        if (first == server._running)
        {
            throw new InvalidOperationException($"serve ended with {await server._running}: {server._error}");
        }

        var line = await server._output.FirstLine;
        Assert.StartsWith("listening on 127.0.0.1:", line, StringComparison.Ordinal);
        server.Target = "localhost:" + line.Split(':')[^1];
        return server;
    }

    private sealed class FirstLineWriter : StringWriter
    {
        private readonly TaskCompletionSource<string> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> FirstLine => _first.Task;

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            _first.TrySetResult(value ?? "");
        }
    }
}
