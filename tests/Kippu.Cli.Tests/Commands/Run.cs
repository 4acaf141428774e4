using Kippu.Cli.Output;
using Kippu.Cli.Tests.Output;

namespace Kippu.Cli.Tests.Commands;

/// <summary>The command line, in this process: what it said, and how it ended.</summary>
internal sealed record Run(int ExitCode, string Output, string Error)
{
    public static async Task<Run> Kippu(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await CommandLine.RunAsync(arguments, new Screen(output, error), TestContext.Current.CancellationToken);
        return new Run(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>The same on a terminal of so many columns; its output without colours.</summary>
    public static async Task<Run> KippuAt(int columns, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await CommandLine.RunAsync(arguments, Terminal.ScreenOn(output, error, columns), TestContext.Current.CancellationToken);
        return new Run(exitCode, Terminal.Text(output), error.ToString());
    }
}
