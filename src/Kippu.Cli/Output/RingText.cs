namespace Kippu.Cli.Output;

/// <summary>A ring for people: ids, states and times; never a secret.</summary>
internal static class RingText
{
    public static IReadOnlyList<Line> Keys(TicketKeyRing ring, DateTimeOffset now, int width)
    {
        var grid = new Grid(width, indent: 2);
        grid.Add(("key", Tone.Quiet), ("state", Tone.Quiet), ("seals from", Tone.Quiet), ("until", Tone.Quiet), ("opens until", Tone.Quiet));
        var sealing = ring.SealingKey(now);
        foreach (var key in ring.Keys)
        {
            var state = key == sealing ? "active, seals" : key.StateAt(now).ToString().ToLowerInvariant();
            grid.Add((key.Id.ToString(), Tone.Plain), (state, key == sealing ? Tone.Good : Tone.Plain), (At(key.ActivateAt), Tone.Plain), (At(key.RetireAt), Tone.Plain), (At(key.EraseAt), Tone.Plain));
        }

        return grid.ToLines();
    }

    private static string At(DateTimeOffset? time) => time is { } at ? Quantities.Minute(at) : "-";
}
