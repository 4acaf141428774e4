using CsCheck;
using Microsoft.Extensions.Time.Testing;
using static Kippu.Fleet.Tests.Sample;

namespace Kippu.Fleet.Tests;

/// <summary>What timed rotation promises a fleet, whatever its rotators do and whenever they do it.</summary>
public sealed class FleetPropertiesTests
{
    private static readonly RotationSchedule s_schedule = new()
    {
        Interval = Hour,
        Propagation = 6 * Minute,
        MaxTicketLifetime = 2 * Hour,
        ClockSkew = 2 * Minute,
    };

    /// <summary>Clocks of a fleet differ by the skew at most: each is off by half of it at most.</summary>
    private static readonly Gen<TimeSpan> s_offset = Gen.Int[-60, 60].Select(seconds => TimeSpan.FromSeconds(seconds));

    [Fact]
    public void Any_two_nodes_with_the_same_bytes_agree() =>
        Gen.Select(Gen.Int[1, 90].Array[0, 30], Gen.Int[-100, 6000]).Sample((steps, minutes) =>
        {
            using var folder = new RingFolder();
            var key = folder.OperatorKey();
            var now = Start;
            var ring = TicketKeyRing.Create(now, s_schedule);
            foreach (var step in steps)
            {
                now += TimeSpan.FromMinutes(step);
                ring = ring.Next(now, s_schedule);
            }

            // One reads the ring in the clear, one sealed.
            folder.Put(ring);
            var store = new FileRingStore(folder["sealed.ring"], SealedBy(key));
            store.CreateAsync(ring).AsTask().GetAwaiter().GetResult();
            using var one = new FileRing(folder.Ring, timeProvider: Clock());
            using var other = new FileRing(folder["sealed.ring"], SealedBy(key), timeProvider: Clock());

            var at = Start + TimeSpan.FromMinutes(minutes);
            Assert.Equal(one.Current.SealingKey(at)?.Id, other.Current.SealingKey(at)?.Id);
            Assert.Equal(one.Current.Keys.Select(k => (k.Id, k.StateAt(at))), other.Current.Keys.Select(k => (k.Id, k.StateAt(at))));
            Assert.Equal(RingFingerprint.Of(one.Current), RingFingerprint.Of(other.Current));
            ring.Dispose();
        }, iter: 60, threads: 1);

    [Fact]
    public void Any_two_rotators_that_look_at_the_same_time_make_the_same_decision() =>
        Gen.Int[1, 200].Array[1, 20].Sample(steps =>
        {
            var now = Start;
            var ring = TicketKeyRing.Create(now, s_schedule);
            foreach (var step in steps)
            {
                now += TimeSpan.FromMinutes(step);
                using var copy = TicketKeyRing.Load(Json(ring));
                using var theirs = copy.Next(now, s_schedule);
                ring = ring.Next(now, s_schedule);

                // The bytes of a new key are random; everything else is the rule's.
                Assert.Equal((ring.Epoch, ring.Version, ring.Written), (theirs.Epoch, theirs.Version, theirs.Written));
                Assert.Equal(ring.Keys.Select(key => (key.Published, key.ActivateAt, key.RetireAt, key.EraseAt)), theirs.Keys.Select(key => (key.Published, key.ActivateAt, key.RetireAt, key.EraseAt)));
            }
        });

    [Fact]
    public void At_all_times_each_ticket_within_its_lifetime_opens_on_every_node_that_is_at_most_the_propagation_behind()
    {
        var step = Gen.Select(Gen.Int[1, 40], Gen.Int[0, 6].Array[3], Gen.Int[1, 125], Gen.Bool.Array[3]);
        Gen.Select(step.Array[10, 80], s_offset.Array[3], s_offset.Array[3]).Sample((steps, nodes, writers) =>
        {
            var fleet = new SimulatedFleet(s_schedule, writers);
            foreach (var (minutes, lags, lifetime, awake) in steps)
            {
                // Rotators sleep now and then, at most for a step; nodes lag, at most by the bound.
                fleet.Advance(TimeSpan.FromMinutes(minutes), awake);
                for (var node = 0; node < nodes.Length; node++)
                {
                    fleet.AssertOpensAll(TimeSpan.FromMinutes(lags[node]), nodes[node]);
                }

                for (var node = 0; node < nodes.Length; node++)
                {
                    fleet.Issue(TimeSpan.FromMinutes(lags[^(node + 1)]), nodes[node], TimeSpan.FromMinutes(lifetime));
                }
            }

            Assert.NotEqual(0, fleet.Issued);
        }, iter: 60);
    }

    [Fact]
    public void A_fleet_that_is_rotated_in_time_always_seals() =>
        Gen.Select(Gen.Int[1, 59].Array[10, 100], s_offset.Array[3]).Sample((steps, writers) =>
        {
            var fleet = new SimulatedFleet(s_schedule, writers);
            foreach (var minutes in steps)
            {
                fleet.Advance(TimeSpan.FromMinutes(minutes), [true, true, true]);
                Assert.True(fleet.Issue(s_schedule.Propagation, TimeSpan.Zero, Minute));
            }
        }, iter: 40);

    /// <summary>Rotators on one store, with clocks of their own, and what nodes see of it.</summary>
    private sealed class SimulatedFleet
    {
        private readonly RotationSchedule _schedule;
        private readonly MemoryStore _store;
        private readonly FakeTimeProvider[] _clocks;
        private readonly TimeSpan[] _offsets;
        private readonly List<(DateTimeOffset Written, TicketKeyRing Ring)> _history = [];
        private readonly List<(TicketKeyId Key, DateTimeOffset Expires)> _tickets = [];
        private DateTimeOffset _now = Start + Hour;

        public SimulatedFleet(RotationSchedule schedule, TimeSpan[] offsets)
        {
            _schedule = schedule;
            _offsets = offsets;
            _clocks = [.. offsets.Select(offset => Clock(_now + offset))];
            _store = new MemoryStore(TicketKeyRing.Create(_now, schedule));
            _history.Add((_now - Hour, _store.Ring));
        }

        public int Issued => _tickets.Count;

        public void Advance(TimeSpan time, bool[] awake)
        {
            _now += time;
            for (var i = 0; i < _clocks.Length; i++)
            {
                _clocks[i].SetUtcNow(_now + _offsets[i]);
                if (awake[i])
                {
                    // It looks as soon as it is made.
                    new RingRotator(_store, _schedule, timeProvider: _clocks[i]).Dispose();
                    if (_history[^1].Ring.Judge(_store.Ring) != RingOrder.Same)
                    {
                        _history.Add((_now, _store.Ring));
                    }
                }
            }
        }

        public bool Issue(TimeSpan lag, TimeSpan offset, TimeSpan lifetime)
        {
            var local = _now + offset;
            var ring = Seen(lag);
            if (ring.SealingKey(local) is not { } key)
            {
                return false;
            }

            var left = key.EraseAt!.Value - local - _schedule.ClockSkew;
            var granted = new[] { lifetime, ring.MaxTicketLifetime, left }.Min();
            _tickets.Add((key.Id, _now + granted));
            return true;
        }

        public void AssertOpensAll(TimeSpan lag, TimeSpan offset)
        {
            var ring = Seen(lag);
            foreach (var (id, expires) in _tickets.Where(ticket => ticket.Expires > _now))
            {
                var state = ring.Find(id)?.StateAt(_now + offset);
                Assert.True(state < TicketKeyState.Erased, $"{id} is {state?.ToString() ?? "unknown"} at {_now + offset:O}, with a ticket until {expires:O}");
            }
        }

        private TicketKeyRing Seen(TimeSpan lag) => _history.FindLast(entry => entry.Written <= _now - lag).Ring;
    }
}
