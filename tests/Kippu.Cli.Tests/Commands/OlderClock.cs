namespace Kippu.Cli.Tests.Commands;

/// <summary>The system's clock, which at first is a minute behind: what was made then has stood for a minute.</summary>
internal sealed class OlderClock : TimeProvider
{
    private long _ticksBehind = TimeSpan.TicksPerMinute;

    public void CatchUp() => Interlocked.Exchange(ref _ticksBehind, 0);

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(-Interlocked.Read(ref _ticksBehind));
}
