namespace Kippu.Cli.Output;

/// <summary>The states of a ring's keys as they were last told.</summary>
internal sealed class KeyStates
{
    private Dictionary<TicketKeyId, string> _told = [];

    /// <summary>What has changed since the last call; at the first, how it is.</summary>
    public IEnumerable<Line> Changes(TicketKeyRing ring, DateTimeOffset now)
    {
        var sealing = ring.SealingKey(now);
        var states = ring.Keys.ToDictionary(key => key.Id, key => key == sealing ? "seals" : Word(key.StateAt(now)));
        var before = _told;
        _told = states;
        foreach (var (id, state) in states.Where(entry => before.GetValueOrDefault(entry.Key) != entry.Value))
        {
            yield return new Line($"key {id}: {state}", state == "seals" ? Tone.Good : Tone.Plain);
        }

        foreach (var id in before.Keys.Where(id => !states.ContainsKey(id)))
        {
            yield return new Line($"key {id}: has left the ring");
        }

        if (sealing is null && (before.Count == 0 || before.ContainsValue("seals")))
        {
            yield return new Line("no key seals: no tickets are issued", Tone.Bad);
        }
    }

    private static string Word(TicketKeyState state) => state switch
    {
        TicketKeyState.Published => "published, opens",
        TicketKeyState.Active => "active, opens",
        TicketKeyState.Retired => "retired, opens",
        TicketKeyState.Erased => "erased",
        _ => "revoked",
    };
}
