namespace Kippu.Cli.Demo;

/// <summary>The time of the demo: the system's, moved on by hours where the story needs it. Nobody waits.</summary>
internal sealed class DemoClock : TimeProvider
{
    private long _offsetTicks;

    /// <summary>How far it has been moved.</summary>
    public TimeSpan Offset => TimeSpan.FromTicks(Interlocked.Read(ref _offsetTicks));

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Offset;

    public void Advance(TimeSpan time) => Interlocked.Add(ref _offsetTicks, time.Ticks);
}
