using Kippu.Cli.Output;
using Kippu.Fleet;

namespace Kippu.Cli.Fleet;

/// <summary>The ring as the command sees it, beside the nodes: which key seals, and how many are in which state.</summary>
internal sealed class RingWatch(FileRing ring, TimeProvider time, Action<string, Tone> tell) : IDisposable
{
    private TicketKeyId? _sealing = ring.Current.SealingKey(time.GetUtcNow())?.Id;

    /// <summary>How often another key has begun to seal.</summary>
    public int Rotations { get; private set; }

    public long FirstVersion { get; } = ring.Current.Version;

    public long Version => ring.Current.Version;

    /// <summary>Keys by their state.</summary>
    public IReadOnlyDictionary<string, int> Keys
    {
        get
        {
            var now = time.GetUtcNow();
            var current = ring.Current;
            var sealing = current.SealingKey(now);
            return current.Keys.GroupBy(key => key == sealing ? "seals" : key.StateAt(now).ToString().ToLowerInvariant()).ToDictionary(group => group.Key, group => group.Count());
        }
    }

    /// <summary>Says what has changed since the last look.</summary>
    public void Look()
    {
        if (ring.Current.SealingKey(time.GetUtcNow())?.Id is { } sealing && sealing != _sealing)
        {
            _sealing = sealing;
            Rotations++;
            tell($"key {sealing} seals now (ring version {Version})", Tone.Remark);
        }
    }

    public void Dispose() => ring.Dispose();
}
