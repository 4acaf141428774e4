using static Kippu.Fleet.Tests.Sample;

namespace Kippu.Fleet.Tests;

/// <summary>All together, at the pace of a demonstration: a sealed ring in a file, rotators in several processes, nodes that look at it.</summary>
public sealed class FleetOnOneFileTests : IDisposable
{
    private static readonly RotationSchedule s_schedule = new()
    {
        Interval = 5 * Second,
        Propagation = Second / 2,
        MaxTicketLifetime = 20 * Second,
        ClockSkew = Second / 10,
    };

    private readonly RingFolder _folder = new();
    private readonly Microsoft.Extensions.Time.Testing.FakeTimeProvider _time = Clock();
    private readonly FileRingOptions _options;

    public FleetOnOneFileTests()
    {
        _options = SealedBy(_folder.OperatorKey());
        _options.PollInterval = Second / 4;
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_rotates_every_few_seconds_and_each_node_opens_what_any_other_sealed()
    {
        using (var first = TicketKeyRing.Create(Start, s_schedule))
        {
            await new FileRingStore(_folder.Ring, _options).CreateAsync(first);
        }

        using var one = Node();
        using var two = Node();
        using var three = Node();
        FileRing[] nodes = [one, two, three];
        using var rotator = Rotator();
        using var another = Rotator();
        var sealedBy = new HashSet<TicketKeyId>();
        var tickets = new Queue<(TicketKeyId Key, DateTimeOffset Expires)>();
        for (var i = 0; i < 600; i++)
        {
            _time.Advance(Second / 10);
            var now = _time.GetUtcNow();
            foreach (var node in nodes)
            {
                var key = node.Current.SealingKey(now)!;
                sealedBy.Add(key.Id);
                tickets.Enqueue((key.Id, now + (10 * Second)));
            }

            while (tickets.Peek().Expires <= now)
            {
                tickets.Dequeue();
            }

            Assert.All(nodes, node => Assert.All(tickets, ticket => Assert.True(node.Current.Find(ticket.Key)!.StateAt(now) < TicketKeyState.Erased)));
        }

        Assert.InRange(sealedBy.Count, 10, 13);
        Assert.All(nodes, node => Assert.Equal(RingProblem.None, node.Status.Problem));
        Assert.All(nodes, node => Assert.Equal(RingFingerprint.Of(one.Current), RingFingerprint.Of(node.Current)));
    }

    private FileRing Node()
    {
        var node = new FileRing(_folder.Ring, _options, timeProvider: _time);

        // Only what they see by looking counts here: the clock is the test's, and so is the order of things.
        node.EndWatch();
        return node;
    }

    private RingRotator Rotator() => new(new FileRingStore(_folder.Ring, _options), s_schedule, timeProvider: _time);
}
