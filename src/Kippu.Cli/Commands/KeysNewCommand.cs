using System.CommandLine;
using Kippu.Cli.Output;

namespace Kippu.Cli.Commands;

/// <summary><c>kippu keys new FILE</c>: makes a ring.</summary>
internal static class KeysNewCommand
{
    private const string Description = """
        Makes a ring with two new keys, one that seals tickets from now on and its successor, and writes it to FILE as JSON, readable by its owner only (0600).
        The keys stand in it in the clear: who can read FILE can open the tickets of every server that uses it.
        """;

    public static Command Create(Screen screen)
    {
        var file = new Argument<string>("FILE") { Description = "Where the ring is written." };
        var force = new Option<bool>("--force") { Description = "Puts the new ring in the place of a file that exists. Tickets sealed by the old one are worth nothing then." };
        var command = new Command("new", Description) { file, force };
        command.SetAction(result => Run(screen, result.GetRequiredValue(file), result.GetValue(force)));
        return command;
    }

    private static int Run(Screen screen, string path, bool force)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var ring = TicketKeyRing.Create(now);
        PrivateFile.Write(path, force, ring.Save);

        screen.Write(new Line($"{path}: a ring with {Quantities.Count(ring.Keys.Count, "key", "keys")}, readable by you only"), Line.Empty);
        screen.Write([.. RingText.Keys(ring, now, screen.Width), Line.Empty, .. RingText.Term(ring, now, path), Line.Empty]);
        screen.Write(new Line($"Now:  kippu serve --ring {path}", Tone.Heading), new Line("on each node, with the same file.", Tone.Quiet));
        return ExitCodes.Expected;
    }
}
