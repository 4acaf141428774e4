using System.CommandLine;
using Kippu.Cli.Output;
using Kippu.Cli.Tls;
using Kippu.Fleet;

namespace Kippu.Cli.Commands;

/// <summary><c>kippu keys revoke FILE ID</c> or <c>--all</c>: takes keys out of service at once.</summary>
internal sealed class KeysRevokeCommand
{
    private const string Description = """
        Takes a key out of service before its time, because it may be known to others: its secret leaves the ring, tickets sealed by it are refused, and sessions that
        servers keep by session ID are not found any more. If it is the one that seals, another takes its place at once: the successor, or a new key.
        Each node does so as soon as it sees FILE. A node that is cut off from it goes on honouring the key: see docs/fleet-operations.md.
        """;

    private readonly RingOptions _ring = new();
    private readonly Argument<string?> _id = new("ID") { Description = "The key: 16 hexadecimal digits (kippu keys list).", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> _all = new("--all") { Description = "All keys: every ticket of the fleet is worth nothing then." };
    private readonly ScheduleOptions _schedule = new();
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Says what would change, and changes nothing." };

    public static Command Create(Screen screen)
    {
        var options = new KeysRevokeCommand();
        var command = new Command("revoke", Description)
        {
            options._ring.File, options._id, options._all, options._ring.OperatorKeys, options._ring.Plain,
            options._schedule.Interval, options._schedule.Propagation, options._schedule.Skew, options._dryRun,
        };
        command.SetAction((result, cancellationToken) => options.RunAsync(screen, result, cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(Screen screen, ParseResult result, CancellationToken cancellationToken)
    {
        var path = result.GetRequiredValue(_ring.File);
        var id = Id(result);
        var dryRun = result.GetValue(_dryRun);
        var now = TimeProvider.System.GetUtcNow();
        var change = await RingFile.ReplaceAsync(
            path, RingFile.Open(result, _ring), dryRun, ring => Revoked(ring, id, path, now, _schedule.Read(result, ring.MaxTicketLifetime)), cancellationToken).ConfigureAwait(false);
        using var before = change.Before;
        using var after = change.After;
        if (!change.HasChanged)
        {
            screen.Write(new Line($"{path}: nothing to do: {(id is null ? "all keys are" : $"{id} is")} revoked already"));
            return ExitCodes.Expected;
        }

        screen.Write([
            new Line(dryRun ? $"{path} would change:" : $"{path} has changed:", Tone.Heading),
            .. RingText.Changes(before, after, dryRun),
            new Line($"  a new epoch: {after.Epoch}. Sessions that servers keep by session ID are not found any more"),
            Line.Empty,
        ]);
        if (!dryRun)
        {
            screen.Write([.. RingText.Keys(after, now), Line.Empty, .. RingText.Term(after, now, path)]);
        }

        return ExitCodes.Expected;
    }

    private static TicketKeyRing Revoked(TicketKeyRing ring, TicketKeyId? id, string path, DateTimeOffset now, RotationSchedule schedule)
    {
        if (id is { } one && ring.Find(one) is null)
        {
            throw CommandFault.Usage($"the ring in {path} has no key {id}", $"See kippu keys list {path}.");
        }

        try
        {
            return ring.RevokeAndReplace(id is { } key ? [key] : null, now, schedule);
        }
        catch (InvalidOperationException e)
        {
            throw new CommandFault(ExitCodes.NotMeasured, e.Message, "Revoked keys leave the ring once their tickets are over: rotate it then, or make a new one (keys new --force).", e);
        }
    }

    /// <summary>Null: all.</summary>
    private TicketKeyId? Id(ParseResult result)
    {
        var text = result.GetValue(_id);
        if (text is null != result.GetValue(_all))
        {
            throw CommandFault.Usage(text is null ? "no key is named" : "a key and --all contradict each other", "Name one by its ID (kippu keys list), or say --all.");
        }

        return text is null ? null
            : TicketKeyId.TryParse(text, out var id) ? id
            : throw CommandFault.Usage($"'{text}' is no key id", "It is 16 hexadecimal digits: see kippu keys list.");
    }
}
