namespace Kippu;

/// <summary>How a ring is rotated by time: the parameters of <see cref="TicketKeyRing.Next"/>. All writers of one ring must use the same.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed record RotationSchedule
{
    private const int LeadInPropagations = 10;

    private static readonly TimeSpan s_longest = TimeSpan.FromDays(366);

    /// <summary>The defaults.</summary>
    public static RotationSchedule Default { get; } = new();

    /// <summary>
    /// How long each key seals. Its successor is published one interval ahead. A key retires by itself three intervals after it was activated, should no
    /// successor come. One second to 366 days; default 12 hours.
    /// </summary>
    public TimeSpan Interval { get; init => field = Within(value, TimeSpan.FromSeconds(1), s_longest); } = TimeSpan.FromHours(12);

    /// <summary>
    /// How long it takes at most until every node has a ring that was written: no key seals sooner after it was published, and a successor seals no sooner
    /// than <see cref="Lead"/>. Zero to 366 days; default 5 minutes; zero is right only where one process is the whole fleet.
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

    /// <summary>How long at least a successor is published before it seals: ten times <see cref="Propagation"/>, so that a node may miss the bound by far and lose nothing.</summary>
    public TimeSpan Lead => LeadInPropagations * Propagation;

    /// <summary>
    /// How many keys a ring that is rotated in time holds at most at once: those that wait, the one that seals, and those whose tickets still live. A ring has
    /// room for <see cref="TicketKeyRing.MaxKeys"/>: an interval that is too short for the ticket lifetime needs more, and is refused by whoever makes or rotates a ring.
    /// </summary>
    public int KeysNeeded
    {
        get
        {
            // A key is listed from one interval before it seals until its last ticket is over by every clock; one more comes in the moment of a change.
            var listed = (2 * Interval) + MaxTicketLifetime + (2 * ClockSkew);
            return (int)Math.Min(int.MaxValue, ((listed.Ticks + Interval.Ticks - 1) / Interval.Ticks) + 1);
        }
    }

    /// <summary>Makes sure that the parts, each within its bounds, go together; whoever makes or rotates a ring begins with this.</summary>
    /// <exception cref="ArgumentException">
    /// The interval is too short for the ticket lifetime (<see cref="KeysNeeded"/> is more than a ring holds), or shorter than <see cref="Lead"/>. The message says what
    /// to do.
    /// </exception>
    public void Validate()
    {
        if (KeysNeeded > TicketKeyRing.MaxKeys)
        {
            throw new ArgumentException(
                $"a key each {Interval} for tickets that live {MaxTicketLifetime} needs {KeysNeeded} keys at once, and a ring holds {TicketKeyRing.MaxKeys}: rotate less often, or let tickets live shorter");
        }

        if (Interval < Lead)
        {
            throw new ArgumentException(
                $"a key each {Interval} cannot be published {Lead} ahead, ten times the {Propagation} that a ring takes to reach every node: rotate less often, or say that it takes less time");
        }
    }

    private static TimeSpan Within(TimeSpan value, TimeSpan least, TimeSpan most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, most);
        return value;
    }
}
