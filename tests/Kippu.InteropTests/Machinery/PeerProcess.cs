using System.Diagnostics;

namespace Kippu.InteropTests.Machinery;

/// <summary>
/// A program of somebody else's, started, listened to and stopped. It gets an environment of its own, and none of root's capabilities if the tests run as root.
/// What was started is stopped by its process id, with its children, when this object is disposed and at the latest when the test run ends.
/// </summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private static readonly string[] s_withoutCapabilities = ["--no-new-privs", "--inh-caps=-all", "--bounding-set=-all", "--"];

    private readonly Process _process;
    private readonly PeerOutput _output = new();
    private readonly Task _reading;
    private readonly EventHandler _stopAtExit;
    private readonly string _name;

    private PeerProcess(string name, Process process)
    {
        _name = name;
        _process = process;
        _reading = Task.WhenAll(_output.ReadAsync(process.StandardOutput), _output.ReadAsync(process.StandardError));
        _stopAtExit = (_, _) => Kill();
        AppDomain.CurrentDomain.ProcessExit += _stopAtExit;
    }

    /// <summary>What the program has said so far.</summary>
    public IReadOnlyList<string> Lines => _output.Lines;

    public bool HasExited => _process.HasExited;

    /// <summary>Starts a program from the search path.</summary>
    /// <param name="program">Its name.</param>
    /// <param name="arguments">Its arguments, one by one; no shell sees them.</param>
    /// <param name="environment">Variables besides PATH, HOME and LANG.</param>
    public static PeerProcess Start(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? folder = null)
    {
        var path = Path.IsPathRooted(program) ? program : PeerProgram.Find(program);
        var start = new ProcessStartInfo { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder ?? Path.GetTempPath() };
        if (Environment.IsPrivilegedProcess && PeerProgram.TryFind("setpriv") is { } setpriv)
        {
            start.FileName = setpriv;
            foreach (var argument in s_withoutCapabilities.Append(path))
            {
                start.ArgumentList.Add(argument);
            }
        }
        else
        {
            start.FileName = path;
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Clear();
        start.Environment["PATH"] = PeerProgram.SearchPath;
        start.Environment["HOME"] = start.WorkingDirectory;
        start.Environment["LANG"] = "C.UTF-8";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new PeerProcess(Path.GetFileName(path), Process.Start(start) ?? throw new InvalidOperationException($"{path} did not start"));
    }

    /// <summary>Runs a program to its end, with an empty standard input, and returns what it said.</summary>
    /// <exception cref="InvalidOperationException">It ended with another exit code than 0.</exception>
    public static async Task<IReadOnlyList<string>> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken, string? folder = null)
    {
        await using var process = Start(program, arguments, folder: folder);
        process.CloseInput();
        var exitCode = await process.WaitForExitAsync(cancellationToken);
        return exitCode == 0 ? process.Lines : throw process.Failure($"ended with exit code {exitCode}");
    }

    /// <summary>Waits until the lines said since <paramref name="from"/> make sense to <paramref name="read"/>, which returns null as long as they do not.</summary>
    /// <exception cref="InvalidOperationException">The program ended first, or the time was up.</exception>
    public async Task<T> WaitUntilAsync<T>(Func<IReadOnlyList<string>, T?> read, CancellationToken cancellationToken, int from = 0)
        where T : class
    {
        try
        {
            return await _output.UntilAsync(read, from, cancellationToken) ?? throw Failure("ended without saying what was waited for");
        }
        catch (OperationCanceledException cancelled)
        {
            throw Failure("did not say what was waited for in time", cancelled);
        }
    }

    /// <summary>Waits until the program says a line that contains <paramref name="part"/>, or has said it already.</summary>
    public Task<string> WaitForLineAsync(string part, CancellationToken cancellationToken, int from = 0) =>
        WaitUntilAsync(lines => lines.FirstOrDefault(line => line.Contains(part, StringComparison.Ordinal)), cancellationToken, from);

    /// <summary>Waits for the program's end and for the last of its words.</summary>
    public async Task<int> WaitForExitAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _process.WaitForExitAsync(cancellationToken);
            await _reading.WaitAsync(cancellationToken);
            return _process.ExitCode;
        }
        catch (OperationCanceledException cancelled)
        {
            throw Failure("did not end in time", cancelled);
        }
    }

    public async Task SendLineAsync(string line, CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteAsync($"{line}\n".AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
    }

    public void CloseInput() => _process.StandardInput.Close();

    /// <summary>An exception that holds what the program said last, for the reader of a failed test.</summary>
    public InvalidOperationException Failure(string what, Exception? inner = null) =>
        new($"{_name} {what}. Its last words:\n{string.Join('\n', Lines.TakeLast(60))}", inner);

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= _stopAtExit;
        Kill();
        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
    }

    private void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }
}
