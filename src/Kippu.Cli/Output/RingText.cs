using System.Globalization;
using Kippu.Fleet;

namespace Kippu.Cli.Output;

/// <summary>A ring for people: ids, states and times; never a secret.</summary>
internal static class RingText
{
    public static IReadOnlyList<Line> Keys(TicketKeyRing ring, DateTimeOffset now)
    {
        var grid = new Grid(indent: 2);
        grid.Add(("key", Tone.Quiet), ("state", Tone.Quiet), ("seals from", Tone.Quiet), ("until", Tone.Quiet), ("opens until", Tone.Quiet));
        var sealing = ring.SealingKey(now);
        foreach (var key in ring.Keys)
        {
            var state = key == sealing ? "active, seals" : key.StateAt(now).ToString().ToLowerInvariant();
            grid.Add((key.Id.ToString(), Tone.Plain), (state, key == sealing ? Tone.Good : Tone.Plain), (At(key.ActivateAt), Tone.Plain), (At(key.RetireAt), Tone.Plain), (At(key.EraseAt), Tone.Plain));
        }

        return grid.ToLines();
    }

    /// <summary>Which ring it is, and how long its tickets live.</summary>
    public static string Summary(TicketKeyRing ring) => string.Create(
        CultureInfo.InvariantCulture,
        $"epoch {ring.Epoch}, version {ring.Version}, written {Quantities.Minute(ring.Written)}, {Quantities.Count(ring.Keys.Count, "key", "keys")}, tickets for {Quantities.Duration(ring.MaxTicketLifetime)} at most");

    /// <summary>When the last key retires: from then on no tickets are issued. Null if no key was ever to seal.</summary>
    public static DateTimeOffset? SealsUntil(TicketKeyRing ring) => ring.Keys.Where(key => !key.Revoked).Max(key => key.RetireAt);

    /// <summary>Until when the ring seals, in words, and what to do before.</summary>
    public static IReadOnlyList<Line> Term(TicketKeyRing ring, DateTimeOffset now, string path)
    {
        if (ring.HasRunOut(now))
        {
            return [new Line("The ring has run out: no tickets are issued.", Tone.Bad), new Line($"A new key: kippu keys rotate {path}", Tone.Quiet)];
        }

        var until = SealsUntil(ring)!.Value;
        var line = ring.SealingKey(now) is null
            ? new Line("No key seals at this moment. ", Tone.Bad).Add($"The ring seals until {Quantities.Minute(until)}.")
            : new Line($"The ring seals until {Quantities.Minute(until)}, for another {Quantities.Duration(until - now)}.");
        return [line, new Line($"Rotate it before then, best every few hours: kippu keys rotate {path}", Tone.Quiet)];
    }

    /// <summary>How a source of rings stands, in a line.</summary>
    public static Line Status(RingStatus status, TicketKeyRing ring) => status.Problem == RingProblem.None
        ? new Line($"ring {status.Epoch}.{status.Version} is in force: {Quantities.Count(ring.Keys.Count, "key", "keys")}{(SealsUntil(ring) is { } until ? $", seals until {Quantities.Minute(until)}" : "")}")
        : new Line($"not taken ({status.Problem}): {status.Detail}. Ring {status.Epoch}.{status.Version} stays in force", Tone.Bad);

    /// <summary>When rotation has something to do next, if it has nothing to do now: the newest key comes into force, or a key is to go.</summary>
    public static DateTimeOffset? NextDue(TicketKeyRing ring, DateTimeOffset now) => ring.Keys
        .SelectMany(key => new[] { key.Revoked ? null : key.ActivateAt, key.EraseAt + RotationSchedule.Default.ClockSkew })
        .Where(time => time > now)
        .Min();

    /// <summary>What became of a ring, key by key. The id of a key that would be made is not shown: it would be another one.</summary>
    public static IEnumerable<Line> Changes(TicketKeyRing before, TicketKeyRing after, bool isDryRun)
    {
        foreach (var key in before.Keys.Where(key => after.Find(key.Id) is null))
        {
            yield return new Line($"  {key.Id} is gone: its last ticket is over");
        }

        foreach (var key in after.Keys)
        {
            if (before.Find(key.Id) is not { } old)
            {
                yield return new Line(isDryRun ? $"  a new key: it would seal from {At(key.ActivateAt)}" : $"  {key.Id} is new: it seals from {At(key.ActivateAt)}", Tone.Good);
            }
            else if (old.Revoked != key.Revoked)
            {
                yield return new Line($"  {key.Id} is revoked: its tickets are refused", Tone.Bad);
            }
            else if (old.ActivateAt != key.ActivateAt)
            {
                yield return new Line($"  {key.Id} seals from {At(key.ActivateAt)} (before: {At(old.ActivateAt)})");
            }
            else if (old.RetireAt != key.RetireAt)
            {
                yield return new Line($"  {key.Id} seals until {At(key.RetireAt)} (before: {At(old.RetireAt)})");
            }
        }
    }

    private static string At(DateTimeOffset? time) => time is { } at ? Quantities.Minute(at) : "-";
}
