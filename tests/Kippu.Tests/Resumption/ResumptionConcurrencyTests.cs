using Kippu.Resumption;
using Kippu.Wire;
using Microsoft.Extensions.Time.Testing;
using Xunit;
using static Kippu.Tests.Resumption.Sample;

namespace Kippu.Tests.Resumption;

public sealed class ResumptionConcurrencyTests
{
    private const int Threads = 8;
    private const int Rounds = 400;

    [Fact]
    public void Many_threads_seal_and_open_while_the_ring_is_swapped()
    {
        using var first = Ring();
        using var source = new FixedRing(first);
        using var service = Service(source);
        using var done = new CancellationTokenSource();
        var swapper = new Thread(() =>
        {
            // The same keys, read anew each time, under a growing version: nothing may be lost.
            for (var version = 2L; !done.IsCancellationRequested; version++)
            {
                using var readAnew = TicketKeyRing.Load(Json(first));
                using var next = new TicketKeyRing(first.Epoch, version, Start, Day, readAnew.Keys);
                source.Offer(next);
            }
        });
        swapper.Start();

        InParallel(_ =>
        {
            using var session = Session();
            var opening = service.Open(Ticket(service, session, Start), TlsVersion.Tls12, Start);
            Assert.Equal(TicketRefusal.None, opening.Refusal);
            Assert.Equal(MasterSecret(), opening.State!.Secret.Span.ToArray());
            opening.State.Dispose();
        });
        done.Cancel();
        swapper.Join();
    }

    [Fact]
    public void Many_threads_use_a_ring_that_rotates_under_them()
    {
        var clock = new FakeTimeProvider(Start);
        using var ring = new InProcessRing(clock, new RotationSchedule { Interval = Minute, MaxTicketLifetime = Minute, ClockSkew = TimeSpan.Zero });
        using var service = Service(ring);

        InParallel(round =>
        {
            using var session = Session(original: clock.GetUtcNow());
            var now = clock.GetUtcNow();
            using var buffer = new WireBuffer();
            if (service.TrySeal(session, now, buffer, out _, out _))
            {
                // Another thread may have moved the clock far on: then it is expired, or its key is gone. It never comes out wrong.
                var opening = service.Open(buffer.Written, TlsVersion.Tls12, now);
                Assert.Contains(opening.Refusal, new[] { TicketRefusal.None, TicketRefusal.UnknownKey, TicketRefusal.ErasedKey });
                Assert.True(opening.State is null || opening.State.Secret.Span.ToArray().AsSpan().SequenceEqual(MasterSecret()));
                opening.State?.Dispose();
            }

            if (round % 20 == 0)
            {
                clock.Advance(TimeSpan.FromSeconds(7));
            }
        });
    }

    [Fact]
    public void Many_threads_share_a_session_cache()
    {
        using var source = new InProcessRing(Clock());
        var cache = new MemorySessionCache(50, 40_000, Clock());
        using var service = new SessionIdService(cache, Scope(), source, new TicketOptions());

        InParallel(round =>
        {
            byte[] id = [1, (byte)(round % 70)];
            using var session = Session();
            Assert.True(service.Store(id, session, Start));
            if (service.TryLookUp(id, TlsVersion.Tls12, Start, out var found, out var refusal))
            {
                Assert.Equal(MasterSecret(), found!.Secret.Span.ToArray());
                found.Dispose();
            }
            else
            {
                Assert.Equal(TicketRefusal.UnknownSession, refusal);
            }

            if (round % 3 == 0)
            {
                service.Remove(id, TlsVersion.Tls12);
            }
        });
        Assert.InRange(cache.Count, 0, 50);
        Assert.InRange(cache.Bytes, 0, 40_000);
    }

    [Fact]
    public void Many_threads_share_a_client_store()
    {
        var store = new ClientSessionStore(maxSessions: 20, maxPerServer: 3);
        var policy = new ClientSessionPolicy().ComputeDigest();

        InParallel(round =>
        {
            var key = ClientSessionKey.Create(policy, $"host{round % 10}", 443, null, "");
            store.Add(key, new ClientSession(Session(), [(byte)round], [], Start, Start + Hour), Start);
            using var found = round % 2 == 0 ? store.Find(key, Start) : store.Take(key, Start);
            if (found is not null)
            {
                Assert.Equal(MasterSecret(), found.State.Secret.Span.ToArray());
                store.Remove(key, found);
            }

            if (round % 50 == 0)
            {
                store.Export(Stream.Null);
            }
        });
        Assert.InRange(store.Count, 0, 20);
    }

    private static void InParallel(Action<int> body)
    {
        var failures = new List<Exception>();
        var threads = Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
        {
            try
            {
                for (var round = 0; round < Rounds; round++)
                {
                    body(round);
                }
            }
            catch (Exception failure)
            {
                lock (failures)
                {
                    failures.Add(failure);
                }
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.Empty(failures);
    }
}
