namespace Kippu;

/// <summary>How a ring is rotated by time: the parameters of <see cref="TicketKeyRing.Next"/>. All writers of one ring must use the same.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed record RotationSchedule
{
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(366);

    /// <summary>The defaults.</summary>
    public static RotationSchedule Default { get; } = new();

    /// <summary>
    /// How long each key seals. Its successor is published one interval ahead. A key retires by itself three intervals after it was activated, should no
    /// successor come. One minute to 366 days; default 12 hours.
    /// </summary>
    public TimeSpan Interval { get; init => field = Within(value, TimeSpan.FromMinutes(1), s_longest); } = TimeSpan.FromHours(12);

    /// <summary>
    /// How long it takes at most until every node has a ring that was written: no key seals sooner after it was published. Zero to 366 days; default
    /// 5 minutes; zero is right only where one process is the whole fleet.
    /// </summary>
    public TimeSpan Propagation { get; init => field = Within(value, TimeSpan.Zero, s_longest); } = TimeSpan.FromMinutes(5);

    /// <summary>The longest ticket lifetime of a ring that <see cref="TicketKeyRing.Create"/> makes. One second to 7 days; default 24 hours.</summary>
    public TimeSpan MaxTicketLifetime
    {
        get;
        init => field = Within(value, TicketKeyRing.ShortestTicketLifetime, TicketKeyRing.LongestTicketLifetime);
    }
    = TimeSpan.FromHours(24);

    /// <summary>How far the clocks of writers and nodes may differ. Zero to 1 day; default 2 minutes.</summary>
    public TimeSpan ClockSkew { get; init => field = Within(value, TimeSpan.Zero, TimeSpan.FromDays(1)); } = TimeSpan.FromMinutes(2);

    private static TimeSpan Within(TimeSpan value, TimeSpan least, TimeSpan most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, most);
        return value;
    }
}
