using System.CommandLine;
using Kippu.Cli.Output;
using Kippu.Cli.Tls;
using Kippu.Fleet;

namespace Kippu.Cli.Commands;

/// <summary><c>kippu keys rotate FILE</c>: does to a ring what is due.</summary>
internal sealed class KeysRotateCommand
{
    private const string Description = """
        Does to a ring what is due by now: publishes the next key an interval before it seals, and drops keys whose last ticket is over.
        Run it several times an interval, at one place or at many: it changes FILE only when something is due, and of several at once one does it.
        FILE is replaced as a whole and readable by its owner only (0600), sealed by the first --operator-key. Nodes that have FILE see the change by themselves.
        """;

    private readonly RingOptions _ring = new();
    private readonly ScheduleOptions _schedule = new();
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Says what would change, and changes nothing." };

    public static Command Create(Screen screen)
    {
        var options = new KeysRotateCommand();
        var command = new Command("rotate", Description)
        {
            options._ring.File, options._ring.OperatorKeys, options._ring.Plain, options._schedule.Interval, options._schedule.Propagation, options._schedule.Skew, options._dryRun,
        };
        command.SetAction((result, cancellationToken) => options.RunAsync(screen, result, cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(Screen screen, ParseResult result, CancellationToken cancellationToken)
    {
        var path = result.GetRequiredValue(_ring.File);
        var dryRun = result.GetValue(_dryRun);
        var store = RingFile.Open(result, _ring);
        var now = TimeProvider.System.GetUtcNow();
        var change = await RingFile.ReplaceAsync(path, store, dryRun, ring => Next(ring, path, now, _schedule.Read(result, ring.MaxTicketLifetime)), cancellationToken).ConfigureAwait(false);
        using var before = change.Before;
        using var after = change.After;
        var isSealedAnew = !dryRun && !change.HasChanged && await RingFile.ChangeAsync(path, () => store.SealAnewAsync(cancellationToken).AsTask()).ConfigureAwait(false);
        Tell(screen, path, change, now, dryRun);
        if (isSealedAnew)
        {
            screen.Write(new Line("It was sealed anew, by the first operator key."));
        }

        return ExitCodes.Expected;
    }

    private static TicketKeyRing Next(TicketKeyRing ring, string path, DateTimeOffset now, RotationSchedule schedule) => now < ring.Written - schedule.ClockSkew
        ? throw new CommandFault(
            ExitCodes.NotMeasured,
            $"the ring in {path} was written at {Quantities.Minute(ring.Written)}, and by this machine's clock it is {Quantities.Minute(now)}",
            "Set the clock, or rotate where it is right.")
        : ring.Next(now, schedule);

    private static void Tell(Screen screen, string path, RingChange change, DateTimeOffset now, bool dryRun)
    {
        var (before, after) = (change.Before, change.After);
        if (!change.HasChanged)
        {
            screen.Write(new Line($"{path}: nothing is due{(RingText.NextDue(after, now) is { } due ? $" before {Quantities.Minute(due)}" : "")}"), Line.Empty);
        }
        else
        {
            screen.Write([new Line(dryRun ? $"{path} would change:" : $"{path} has changed:", Tone.Heading), .. RingText.Changes(before, after, dryRun), Line.Empty]);
        }

        if (!dryRun)
        {
            screen.Write([.. RingText.Keys(after, now), Line.Empty]);
        }

        screen.Write(RingText.Term(dryRun ? before : after, now, path));
    }
}
