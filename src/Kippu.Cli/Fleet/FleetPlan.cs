namespace Kippu.Cli.Fleet;

/// <summary>What <c>kippu fleet</c> is to do.</summary>
internal sealed record FleetPlan
{
    public const int FewestNodes = 2;
    public const int MostNodes = 9;

    /// <summary>The one name of the service: clients keep their sessions under it.</summary>
    public const string ServiceName = "shop.example";

    /// <summary>The name of the service's sessions, the same on every node.</summary>
    public const string Scope = "kippu-fleet";

    /// <summary>What may be done to a node's sight of the ring without a resumption being lost: less than the time by which a key is published before it seals.</summary>
    public static TimeSpan ShortCut => 0.7 * Schedule.Interval;

    public static TimeSpan ShortPause { get; } = TimeSpan.FromSeconds(1.5);

    /// <summary>How often nodes look at the ring, besides watching it.</summary>
    public static TimeSpan PollInterval { get; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Twelve hours in three seconds, and everything else scaled with it: the ring is rotated every three seconds, within 0.3 seconds every node has it, clocks differ by 0.1
    /// seconds (it is one clock), and tickets live for ten.
    /// </summary>
    public static RotationSchedule Schedule { get; } = new()
    {
        Interval = TimeSpan.FromSeconds(3),
        Propagation = TimeSpan.FromSeconds(0.3),
        ClockSkew = TimeSpan.FromSeconds(0.1),
        MaxTicketLifetime = TimeSpan.FromSeconds(10),
    };

    public required int Nodes { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>The control: each node has a ring of its own.</summary>
    public bool PrivateRings { get; init; }

    public IReadOnlyList<Incident> Incidents { get; init; } = [];

    public IEnumerable<char> Names => Enumerable.Range(0, Nodes).Select(i => (char)('A' + i));
}
