using System.CommandLine;
using Kippu.Cli.Output;
using Kippu.Cli.Tls;

namespace Kippu.Cli.Commands;

/// <summary><c>kippu keys rotate FILE</c>: does to a ring what is due.</summary>
internal static class KeysRotateCommand
{
    private const string Description = """
        Does to a ring what is due by now: publishes the next key up to 12 h before it seals, and drops keys whose last ticket is over.
        Run it every few hours, at one place: it changes FILE only when something is due. Then hand FILE out to the nodes; they read it when they start.
        FILE is replaced as a whole and readable by its owner only (0600).
        """;

    public static Command Create(Screen screen)
    {
        var file = new Argument<string>("FILE") { Description = "A ring (kippu keys new)." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Says what would change, and changes nothing." };
        var command = new Command("rotate", Description) { file, dryRun };
        command.SetAction(result => Run(screen, result.GetRequiredValue(file), result.GetValue(dryRun)));
        return command;
    }

    private static int Run(Screen screen, string path, bool dryRun)
    {
        var now = TimeProvider.System.GetUtcNow();

        // The ring is read only once the claim on it is ours: of two rotations at once, one would undo the other.
        using var claim = dryRun ? null : FileClaim.Take(path);
        using var before = RingFile.Read(path);
        using var after = Next(before, path, now);
        if (!ReferenceEquals(before, after))
        {
            claim?.Replace(after.Save);
        }

        Tell(screen, path, before, after, now, dryRun);
        return ExitCodes.Expected;
    }

    private static TicketKeyRing Next(TicketKeyRing ring, string path, DateTimeOffset now) => now < ring.Written - RotationSchedule.Default.ClockSkew
        ? throw new CommandFault(
            ExitCodes.NotMeasured,
            $"the ring in {path} was written at {Quantities.Minute(ring.Written)}, and by this machine's clock it is {Quantities.Minute(now)}",
            "Set the clock, or rotate where it is right.")
        : ring.Next(now);

    private static void Tell(Screen screen, string path, TicketKeyRing before, TicketKeyRing after, DateTimeOffset now, bool dryRun)
    {
        if (ReferenceEquals(before, after))
        {
            screen.Write(new Line($"{path}: nothing is due{(RingText.NextDue(after, now) is { } due ? $" before {Quantities.Minute(due)}" : "")}"), Line.Empty);
        }
        else
        {
            screen.Write([new Line(dryRun ? $"{path} would change:" : $"{path} has changed, hand it out:", Tone.Heading), .. RingText.Changes(before, after, dryRun), Line.Empty]);
        }

        if (!dryRun)
        {
            screen.Write([.. RingText.Keys(after, now, screen.Width), Line.Empty]);
        }

        screen.Write(RingText.Term(dryRun ? before : after, now, path));
    }
}
