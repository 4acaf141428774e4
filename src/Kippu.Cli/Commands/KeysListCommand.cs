using System.CommandLine;
using Kippu.Cli.Output;
using Kippu.Cli.Tls;

namespace Kippu.Cli.Commands;

/// <summary><c>kippu keys list FILE</c>: what a ring holds.</summary>
internal static class KeysListCommand
{
    private const string Description = """
        Shows the keys of a ring: ids, states and times, never a secret. A sealed ring can be listed without its operator key; with it, it is seen too that nobody
        has altered it. A ring by which no key seals at this moment is a finding (exit code 1): no tickets are issued then.
        """;

    public static Command Create(Screen screen)
    {
        var options = new RingOptions();
        var command = new Command("list", Description) { options.File, options.OperatorKeys, options.Plain };
        command.SetAction(result => Run(screen, result.GetRequiredValue(options.File), RingFile.Look(result, options)));
        return command;
    }

    private static int Run(Screen screen, string path, RingLook look)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var ring = look.Ring;
        RingFile.WarnIfOpenToOthers(path, look.OperatorKeyId, screen);
        screen.Write(new Line($"{path}: {RingText.Summary(ring)}"), new Line(look.Sealing, Tone.Quiet), Line.Empty);
        screen.Write([.. RingText.Keys(ring, now), Line.Empty, .. RingText.Term(ring, now, path)]);
        return ring.SealingKey(now) is null ? ExitCodes.Finding : ExitCodes.Expected;
    }
}
