namespace Kippu.Cli;

/// <summary>A command cannot go on. What is said goes to standard error as it stands.</summary>
/// <param name="exitCode">One of <see cref="ExitCodes"/>.</param>
/// <param name="problem">What is wrong, without a full stop.</param>
/// <param name="advice">What to do next.</param>
internal sealed class CommandFault(int exitCode, string problem, string advice, Exception? inner = null) : Exception(problem, inner)
{
    public int ExitCode { get; } = exitCode;

    public string Advice { get; } = advice;

    public static CommandFault Usage(string problem, string advice, Exception? inner = null) => new(ExitCodes.Usage, problem, advice, inner);
}
