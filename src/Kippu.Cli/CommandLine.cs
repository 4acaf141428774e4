using System.CommandLine;
using Kippu.Cli.Commands;
using Kippu.Cli.Output;

namespace Kippu.Cli;

/// <summary>The whole command line: parses it, runs the command, and turns whatever happens into an exit code and a sentence that says what to do next.</summary>
internal static class CommandLine
{
    private const string Description = """
        kippu: TLS session resumption across a fleet, seen and tried.

        Start with `kippu demo`: every handshake pattern of RFC 5077 between a client and two servers that share nothing but a ring of keys.

        Exit codes of every command: 0 all is as expected; 1 a finding; 2 usage; 3 nothing could be measured.
        """;

    public static Task<int> RunAsync(IReadOnlyList<string> arguments, Screen screen, CancellationToken cancellationToken = default) =>
        RunAsync(arguments, screen, TimeProvider.System, cancellationToken);

    /// <param name="arguments">The command and its options.</param>
    /// <param name="screen">Where it writes.</param>
    /// <param name="time">The clock of <c>kippu serve</c>: a test need not wait until a server has watched for long enough to take early data.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal static async Task<int> RunAsync(IReadOnlyList<string> arguments, Screen screen, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            return await InvokeAsync(Root(screen, time).Parse(arguments), screen, cancellationToken).ConfigureAwait(false);
        }
        catch (CommandFault fault)
        {
            screen.Complain(fault.Message, fault.Advice);
            return fault.ExitCode;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            screen.Complain($"this should not have happened: {e.GetType().Name}: {e.Message}", "Please report it, with this line and the command." + Environment.NewLine + e.StackTrace);
            return ExitCodes.NotMeasured;
        }
        catch (OperationCanceledException)
        {
            screen.Complain("stopped before there was a result", "");
            return ExitCodes.NotMeasured;
        }
    }

    internal static RootCommand Root(Screen screen, TimeProvider time) => new(Description)
    {
        HelpName = "kippu",
        Subcommands = { DemoCommand.Create(screen), FleetCommand.Create(screen), ServeCommand.Create(screen, time), ConnectCommand.Create(screen), KeysCommand.Create(screen) },
    };

    private static async Task<int> InvokeAsync(ParseResult result, Screen screen, CancellationToken cancellationToken)
    {
        if (result.Errors.Count > 0)
        {
            var command = NameOf(result.CommandResult.Command);
            throw CommandFault.Usage(Problem(result), $"See `{command} --help`.");
        }

        var configuration = new InvocationConfiguration
        {
            Output = screen.Output,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TimeSpan.FromSeconds(5),
        };
        return await result.InvokeAsync(configuration, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A command that is missing, or is none, in our words; everything else as the parser has it.</summary>
    private static string Problem(ParseResult result)
    {
        var command = result.CommandResult.Command;
        if (command.Subcommands.Count == 0)
        {
            return string.Join("; ", result.Errors.Select(error => OneLine(error.Message)));
        }

        var words = string.Join(", ", command.Subcommands.Select(subcommand => subcommand.Name));
        return result.UnmatchedTokens is [var first, ..] ? $"'{first}' is no command of {NameOf(command)}: {words} are" : $"say what to do: {NameOf(command)} {words.Replace(", ", "|", StringComparison.Ordinal)}";
    }

    private static string NameOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{NameOf(parent)} {command.Name}" : "kippu";

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
