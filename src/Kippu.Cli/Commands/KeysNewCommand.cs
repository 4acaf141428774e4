using System.CommandLine;
using Kippu.Cli.Output;
using Kippu.Cli.Tls;
using Kippu.Fleet;

namespace Kippu.Cli.Commands;

/// <summary><c>kippu keys new FILE</c>: makes a ring.</summary>
internal sealed class KeysNewCommand
{
    private const string Description = """
        Makes a ring with two new keys, one that seals tickets from now on and its successor, and writes it to FILE, readable by its owner only (0600).
        Who has the keys can open the tickets of every server that uses them. So FILE is sealed by an operator key, which is made if its file is not there;
        its ids and times can be read without it. With --plain the keys stand in FILE in the clear.
        """;

    private readonly Argument<string> _file = new("FILE") { Description = "Where the ring is written." };
    private readonly Option<string[]> _operatorKeys = RingOptions.OperatorKeysOption();
    private readonly Option<bool> _plain = new("--plain") { Description = "Does not seal the ring: its keys stand in FILE in the clear." };
    private readonly Option<string> _lifetime = OptionValues.Duration("--ticket-lifetime", "No ticket under this ring lives longer.", "24h");
    private readonly ScheduleOptions _schedule = new();
    private readonly Option<bool> _force = new("--force") { Description = "Puts the new ring in the place of a file that exists. Tickets sealed by the old one are worth nothing then." };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Says what would be made, and makes nothing." };

    public static Command Create(Screen screen)
    {
        var options = new KeysNewCommand();
        var command = new Command("new", Description)
        {
            options._file, options._operatorKeys, options._plain, options._lifetime, options._schedule.Interval, options._schedule.Propagation, options._schedule.Skew,
            options._force, options._dryRun,
        };
        command.SetAction((result, cancellationToken) => options.RunAsync(screen, result, cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(Screen screen, ParseResult result, CancellationToken cancellationToken)
    {
        var path = result.GetRequiredValue(_file);
        var keys = OperatorKeys(result);
        var schedule = _schedule.Read(result, OptionValues.TicketLifetime(result, _lifetime));
        var force = result.GetValue(_force);
        if (!force && File.Exists(path))
        {
            throw CommandFault.Usage($"{path} exists", "Choose another name, or give --force to put a new one in its place.");
        }

        var now = TimeProvider.System.GetUtcNow();
        using var ring = TicketKeyRing.Create(now, schedule);
        if (result.GetValue(_dryRun))
        {
            screen.Write(new Line($"{path} would get a ring with {Quantities.Count(ring.Keys.Count, "key", "keys")}, that seals until {Quantities.Minute(RingText.SealsUntil(ring)!.Value)}"));
            return ExitCodes.Expected;
        }

        var operatorKey = await StoreAsync(path, ring, keys, force, cancellationToken).ConfigureAwait(false);
        screen.Write(new Line($"{path}: a ring with {Quantities.Count(ring.Keys.Count, "key", "keys")}, {Sealing(keys, operatorKey)}"), Line.Empty);
        screen.Write([.. RingText.Keys(ring, now), Line.Empty, .. RingText.Term(ring, now, path), Line.Empty]);
        var option = keys.Length > 0 ? $" --operator-key {keys[0]}" : "";
        screen.Write(new Line($"Now:  kippu serve --ring {path}{option}", Tone.Heading), new Line("on each node, with the same file.", Tone.Quiet));
        return ExitCodes.Expected;
    }

    /// <summary>True if the operator key was made.</summary>
    private static async Task<bool> StoreAsync(string path, TicketKeyRing ring, string[] keys, bool force, CancellationToken cancellationToken)
    {
        return await RingFile.ChangeAsync(path, async () =>
        {
            var isNew = keys.Length > 0 && !File.Exists(keys[0]);
            if (isNew)
            {
                OperatorKeyFile.Create(keys[0]);
            }

            await new FileRingStore(path, RingOptions.Read(keys, acceptPlain: false)).CreateAsync(ring, force, cancellationToken).ConfigureAwait(false);
            return isNew;
        }).ConfigureAwait(false);
    }

    private static string Sealing(string[] keys, bool isNew) => keys.Length == 0
        ? "readable by you only, its keys in the clear"
        : $"sealed by the operator key {OperatorKeyFile.IdOf(keys[0])} in {keys[0]}{(isNew ? ", which was made: each node needs it, keep it apart from the ring" : "")}";

    private string[] OperatorKeys(ParseResult result)
    {
        var keys = result.GetRequiredValue(_operatorKeys);
        return (keys.Length > 0) != result.GetValue(_plain)
            ? keys
            : throw CommandFault.Usage(
                keys.Length > 0 ? "--plain and --operator-key contradict each other" : "whoever reads a ring that is not sealed can open every ticket",
                "Give --operator-key FILE (it is made if it is not there), or say --plain.");
    }
}
