using System.Security.Cryptography;
using CsCheck;
using Kippu.Resumption;
using Kippu.Wire;
using Xunit;
using static Kippu.Tests.Resumption.Sample;

namespace Kippu.Tests.Resumption;

public sealed class SessionIdServiceTests : IDisposable
{
    private static readonly byte[] s_id = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    private readonly OpenCache _cache = new();
    private readonly TicketKeyRing _ring = Ring();
    private readonly FixedRing _source;

    public SessionIdServiceTests() => _source = new FixedRing(_ring);

    public static TheoryData<string> ScopeComponents => new(SessionScopeTests.Variations.Keys);

    public void Dispose()
    {
        _source.Dispose();
        _ring.Dispose();
    }

    [Fact]
    public void A_session_is_found_by_its_id_on_any_node_with_the_same_ring_and_cache()
    {
        using var otherSource = new FixedRing(TicketKeyRing.Load(Json(_ring)));
        using var here = Service();
        using var there = Service(source: otherSource);
        Store(here, s_id);

        Assert.True(there.TryLookUp(s_id, TlsVersion.Tls12, Start + Hour, out var state, out var refusal));
        Assert.Equal(TicketRefusal.None, refusal);
        Assert.Equal(MasterSecret(), state!.Secret.Span.ToArray());
        Assert.Equal((Start, Start, 12 * Hour), (state.OriginalHandshake, state.Issued, state.Lifetime));
        state.Dispose();
    }

    [Fact]
    public void The_cache_sees_a_digest_and_no_secret()
    {
        using var service = Service();
        Store(service, s_id);
        var (key, value) = Assert.Single(_cache.Values);

        Assert.Equal(SHA256.HashData([0x03, 0x03, .. Scope().Digest, .. Epoch(), .. s_id]), Convert.FromHexString(key));
        Assert.Equal(-1, value.AsSpan().IndexOf(MasterSecret().AsSpan(0, 4)));
        Assert.Equal(-1, value.AsSpan().IndexOf("www.example.com"u8));
        Assert.Equal(-1, value.AsSpan().IndexOf(s_id.AsSpan(0, 8)));
        Assert.Equal(Start + (12 * Hour) + (2 * Minute), _cache.Expiries[key]);
    }

    [Fact]
    public void An_unknown_id_is_refused_for_that()
    {
        using var service = Service();

        Assert.Equal(TicketRefusal.UnknownSession, Refusal(service, s_id));
        Assert.Equal(TicketRefusal.UnknownSession, Refusal(service, []));
        Assert.Equal(TicketRefusal.UnknownSession, Refusal(service, new byte[33]));
    }

    [Theory, MemberData(nameof(ScopeComponents))]
    public void A_session_is_not_found_under_a_scope_that_differs_in_one_component(string component)
    {
        using var service = Service(SessionScopeTests.Base);
        using var other = Service(new SessionScope(SessionScopeTests.Variations[component]));
        Store(service, s_id);

        Assert.Equal(TicketRefusal.UnknownSession, Refusal(other, s_id));
        Assert.Equal(TicketRefusal.None, Refusal(service, s_id));
    }

    [Theory, MemberData(nameof(ScopeComponents))]
    public void A_value_that_was_carried_to_another_scope_does_not_open(string component)
    {
        var scope = new SessionScope(SessionScopeTests.Variations[component]);
        using var service = Service(SessionScopeTests.Base);
        using var other = Service(scope);
        Store(service, s_id);
        _cache.Values[Convert.ToHexString(SHA256.HashData([0x03, 0x03, .. scope.Digest, .. Epoch(), .. s_id]))] = _cache.Values.Single().Value;

        Assert.Equal(TicketRefusal.WrongScope, Refusal(other, s_id));
    }

    [Fact]
    public void Values_cannot_be_exchanged()
    {
        using var service = Service();
        byte[] otherId = [.. s_id.Reverse()];
        Store(service, s_id);
        Store(service, otherId);
        var keys = _cache.Values.Keys.ToArray();
        (_cache.Values[keys[0]], _cache.Values[keys[1]]) = (_cache.Values[keys[1]], _cache.Values[keys[0]]);

        Assert.Equal(TicketRefusal.BadMac, Refusal(service, s_id));
        Assert.Equal(TicketRefusal.BadMac, Refusal(service, otherId));
    }

    [Fact]
    public void A_value_is_no_ticket_and_a_ticket_is_no_value()
    {
        using var service = Service();
        using var tickets = Sample.Service(_source);
        Store(service, s_id);
        var key = _cache.Values.Keys.Single();

        Assert.Equal(TicketRefusal.WrongScope, Sample.Refusal(tickets, _cache.Values[key], Start));
        _cache.Values[key] = Ticket(tickets, Start);
        Assert.Equal(TicketRefusal.WrongScope, Refusal(service, s_id));
    }

    [Fact]
    public void Whatever_the_store_gives_back_is_refused_and_never_throws()
    {
        using var service = Service();
        Store(service, s_id);
        var (key, value) = _cache.Values.Single();

        Gen.Byte.Array[0, 500].Sample(bytes =>
        {
            _cache.Values[key] = bytes;
            Assert.NotEqual(TicketRefusal.None, Refusal(service, s_id));
        }, threads: 1);
        for (var bit = 0; bit < value.Length * 8; bit++)
        {
            var altered = value.ToArray();
            altered[bit / 8] ^= (byte)(1 << (bit % 8));
            _cache.Values[key] = altered;
            Assert.NotEqual(TicketRefusal.None, Refusal(service, s_id));
        }
    }

    [Fact]
    public void A_store_that_fails_costs_a_full_handshake_and_nothing_else()
    {
        using var service = new SessionIdService(new FailingCache(), Scope(), _source, new TicketOptions());
        using var session = Session();

        Assert.False(service.Store(s_id, session, Start));
        Assert.Equal(TicketRefusal.ApplicationFailed, Refusal(service, s_id));
        service.Remove(s_id, TlsVersion.Tls12);
    }

    [Fact]
    public void Times_are_those_of_tickets()
    {
        using var service = Service(configure: options => options.Lifetime = Hour);
        using var old = Session(original: Start - (7 * Day) + Hour);
        Store(service, s_id);

        Assert.Equal(TicketRefusal.None, Refusal(service, s_id, Start + Hour + (2 * Minute)));
        Assert.Equal(TicketRefusal.Expired, Refusal(service, s_id, Start + Hour + (3 * Minute)));
        Assert.Equal(TicketRefusal.FromTheFuture, Refusal(service, s_id, Start - (3 * Minute)));
        Assert.True(service.Store(s_id, old, Start));
        Assert.Equal(TicketRefusal.LineageOver, Refusal(service, s_id, Start + Hour + Minute));
    }

    [Fact]
    public void A_removed_session_is_unknown()
    {
        using var service = Service();
        Store(service, s_id);
        service.Remove(s_id, TlsVersion.Tls13);
        Assert.Equal(TicketRefusal.None, Refusal(service, s_id));
        service.Remove(s_id, TlsVersion.Tls12);
        service.Remove([], TlsVersion.Tls12);

        Assert.Equal(TicketRefusal.UnknownSession, Refusal(service, s_id));
    }

    [Fact]
    public void What_must_not_be_resumed_is_not_kept()
    {
        using var service = Service();
        using var idless = Service(new SessionScope(Policy() with { HasCustomVerification = true }));
        using var legacy = Session(extendedMasterSecret: false);
        using var certified = Session(certificate: Certificate(Start, Start + Day));
        using var session = Session();
        using var ended = Session(original: Start - (7 * Day));

        Assert.False(service.Store(s_id, legacy, Start));
        Assert.False(idless.Store(s_id, certified, Start));
        Assert.False(service.Store([], session, Start));
        Assert.False(service.Store(new byte[33], session, Start));
        Assert.False(service.Store(s_id, ended, Start));
        Assert.False(service.Store(s_id, session, Start + (90 * Day)));
        Assert.Empty(_cache.Values);
    }

    [Fact]
    public void A_session_ends_with_its_ring_key()
    {
        using var service = Service();
        Store(service, s_id);
        using var without = new TicketKeyRing(_ring.Epoch, _ring.Version + 1, Start, _ring.MaxTicketLifetime, [_ring.Keys[1]]);
        _source.Offer(without);

        Assert.Equal(TicketRefusal.UnknownKey, Refusal(service, s_id));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_revocation_empties_the_cache_whichever_key_is_revoked(int key)
    {
        using var service = Service();
        Store(service, s_id);
        using var revoked = _ring.Revoke(_ring.Keys[key].Id, Start);
        _source.Offer(revoked);

        Assert.Equal(TicketRefusal.UnknownSession, Refusal(service, s_id));
    }

    private byte[] Epoch()
    {
        var bytes = new byte[sizeof(long)];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(bytes, _ring.Epoch);
        return bytes;
    }

    private static void Store(SessionIdService service, byte[] id)
    {
        using var session = Session();
        Assert.True(service.Store(id, session, Start));
    }

    private static TicketRefusal Refusal(SessionIdService service, byte[] id, DateTimeOffset? now = null)
    {
        var found = service.TryLookUp(id, TlsVersion.Tls12, now ?? Start, out var state, out var refusal);
        Assert.Equal(found, refusal == TicketRefusal.None);
        Assert.Equal(found, state is not null);
        state?.Dispose();
        return refusal;
    }

    private SessionIdService Service(SessionScope? scope = null, IRingSource? source = null, Action<TicketOptions>? configure = null)
    {
        var options = new TicketOptions();
        configure?.Invoke(options);
        return new SessionIdService(_cache, scope ?? Scope(), source ?? _source, options);
    }

    /// <summary>A cache that a test can reach into.</summary>
    private sealed class OpenCache : ISessionCache
    {
        public Dictionary<string, byte[]> Values { get; } = [];

        public Dictionary<string, DateTimeOffset> Expiries { get; } = [];

        public void Set(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, DateTimeOffset expires)
        {
            Values[Convert.ToHexString(key)] = value.ToArray();
            Expiries[Convert.ToHexString(key)] = expires;
        }

        public bool TryGet(ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value)
        {
            var found = Values.TryGetValue(Convert.ToHexString(key), out var bytes);
            value = bytes;
            return found;
        }

        public void Remove(ReadOnlySpan<byte> key) => Values.Remove(Convert.ToHexString(key));
    }

    private sealed class FailingCache : ISessionCache
    {
        public void Set(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, DateTimeOffset expires) => throw new TimeoutException();

        public bool TryGet(ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value) => throw new TimeoutException();

        public void Remove(ReadOnlySpan<byte> key) => throw new TimeoutException();
    }
}
