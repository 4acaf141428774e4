namespace Kippu.BogoShim;

/// <summary>A clock that stands still but for <c>-resumption-delay</c>.</summary>
internal sealed class ShimClock : TimeProvider
{
    private DateTimeOffset _now = System.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(TimeSpan by) => _now += by;
}
