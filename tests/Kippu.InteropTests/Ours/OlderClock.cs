namespace Kippu.InteropTests.Ours;

/// <summary>The system's clock, which at first is an hour behind: what was made then has stood for an hour.</summary>
internal sealed class OlderClock : TimeProvider
{
    private TimeSpan _behind = TimeSpan.FromHours(1);

    public void CatchUp() => _behind = TimeSpan.Zero;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() - _behind;
}
