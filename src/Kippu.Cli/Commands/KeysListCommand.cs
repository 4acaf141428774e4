using System.CommandLine;
using Kippu.Cli.Output;
using Kippu.Cli.Tls;

namespace Kippu.Cli.Commands;

/// <summary><c>kippu keys list FILE</c>: what a ring holds.</summary>
internal static class KeysListCommand
{
    private const string Description = """
        Shows the keys of a ring: ids, states and times, never a secret.
        A ring by which no key seals at this moment is a finding (exit code 1): no tickets are issued then.
        """;

    public static Command Create(Screen screen)
    {
        var file = new Argument<string>("FILE") { Description = "A ring (kippu keys new)." };
        var command = new Command("list", Description) { file };
        command.SetAction(result => Run(screen, result.GetRequiredValue(file)));
        return command;
    }

    private static int Run(Screen screen, string path)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var ring = RingFile.Read(path);
        RingFile.WarnIfOpenToOthers(path, screen);
        screen.Write(new Line($"{path}: {RingText.Summary(ring)}"), Line.Empty);
        screen.Write([.. RingText.Keys(ring, now, screen.Width), Line.Empty, .. RingText.Term(ring, now, path)]);
        return ring.SealingKey(now) is null ? ExitCodes.Finding : ExitCodes.Expected;
    }
}
