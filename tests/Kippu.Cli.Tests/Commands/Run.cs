using Kippu.Cli.Output;

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
}
