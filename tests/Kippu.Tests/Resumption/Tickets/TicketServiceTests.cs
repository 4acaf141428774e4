using Kippu.Resumption;
using Kippu.Wire;
using Xunit;
using static Kippu.Tests.Resumption.Sample;

namespace Kippu.Tests.Resumption;

public sealed class TicketServiceTests : IDisposable
{
    private readonly TicketKeyRing _ring = Ring();
    private readonly FixedRing _source;

    public TicketServiceTests() => _source = new FixedRing(_ring);

    public static TheoryData<string> ScopeComponents => new(SessionScopeTests.Variations.Keys);

    public void Dispose()
    {
        _source.Dispose();
        _ring.Dispose();
    }

    [Fact]
    public void A_ticket_of_one_node_opens_on_another_that_has_the_same_ring()
    {
        using var otherSource = new FixedRing(TicketKeyRing.Load(Json(_ring)));
        using var here = Service(_source);
        using var there = Service(otherSource);
        using var session = Session(certificate: Certificate(Start, Start + Day), applicationData: [1, 2, 3]);
        var opening = there.Open(Ticket(here, session, Start), TlsVersion.Tls12, Start + Hour);

        Assert.Equal(TicketRefusal.None, opening.Refusal);
        Assert.Equal(_ring.Keys[0].Id, opening.KeyId);
        Assert.Equal(MasterSecret(), opening.State!.Secret.Span.ToArray());
        Assert.Equal((Start, Start, 12 * Hour), (opening.State.OriginalHandshake, opening.State.Issued, opening.State.Lifetime));
        Assert.Equal(session.PeerCertificate, opening.State.PeerCertificate);
        Assert.Equal((session.ServerName, session.Suite), (opening.State.ServerName, opening.State.Suite));
        Assert.Equal([1, 2, 3], opening.State.ApplicationData);
        Assert.Equal(Scope().Digest.ToArray(), opening.State.ScopeDigest);
    }

    [Fact]
    public void A_renewed_ticket_is_a_fresh_envelope_of_the_same_session()
    {
        using var service = Service(_source);
        var first = service.Open(Ticket(service, Start), TlsVersion.Tls12, Start + (8 * Hour)).State!;
        using var buffer = new WireBuffer();
        Assert.True(service.TrySeal(first, Start + (8 * Hour), buffer, out var lifetime, out var keyId));
        var second = service.Open(buffer.Written, TlsVersion.Tls12, Start + (9 * Hour)).State!;

        Assert.Equal(12 * Hour, lifetime);
        Assert.Equal(_ring.Keys[0].Id, keyId);
        Assert.Equal(first.Secret.Span.ToArray(), second.Secret.Span.ToArray());
        Assert.Equal((first.OriginalHandshake, first.Suite, first.ServerName), (second.OriginalHandshake, second.Suite, second.ServerName));
        Assert.Equal(Start + (8 * Hour), second.Issued);
    }

    [Fact]
    public void Sealing_does_not_change_the_session()
    {
        using var service = Service(_source);
        using var session = Session();
        Ticket(service, session, Start);

        Assert.Equal((default, TimeSpan.Zero), (session.Issued, session.Lifetime));
        Assert.Empty(session.ScopeDigest);
    }

    [Theory, MemberData(nameof(ScopeComponents))]
    public void A_ticket_is_refused_under_a_scope_that_differs_in_one_component(string component)
    {
        using var service = Service(_source, SessionScopeTests.Base);
        using var other = Service(_source, new SessionScope(SessionScopeTests.Variations[component]));
        var ticket = Ticket(service, Start);

        Assert.Equal(TicketRefusal.WrongScope, Refusal(other, ticket, Start));
        Assert.Equal(TicketRefusal.WrongScope, Refusal(service, Ticket(other, Start), Start));
        Assert.Equal(TicketRefusal.None, Refusal(service, ticket, Start));
    }

    [Fact]
    public void A_ticket_is_refused_for_another_version()
    {
        using var service = Service(_source);

        Assert.Equal(TicketRefusal.WrongVersion, Refusal(service, Ticket(service, Start), Start, TlsVersion.Tls13));
    }

    [Fact]
    public void A_ticket_cut_anywhere_or_with_any_bit_flipped_is_refused_with_a_reason()
    {
        using var service = Service(_source);
        var ticket = Ticket(service, Start);

        Assert.All(Enumerable.Range(0, ticket.Length), length => Assert.Equal(TicketRefusal.Malformed, Refusal(service, ticket.AsSpan(0, length), Start)));
        for (var bit = 0; bit < ticket.Length * 8; bit++)
        {
            ticket[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Contains(
                Refusal(service, ticket, Start), new[] { TicketRefusal.UnknownKey, TicketRefusal.WrongScope, TicketRefusal.Malformed, TicketRefusal.BadMac });
            ticket[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.Equal(TicketRefusal.None, Refusal(service, ticket, Start));
        Assert.Equal(TicketRefusal.Malformed, Refusal(service, new byte[65_535], Start));
        Assert.Equal(TicketRefusal.Malformed, Refusal(service, new byte[1 << 20], Start));
    }

    [Fact]
    public void Each_state_of_a_key_decides_what_becomes_of_its_tickets()
    {
        using var service = Service(_source);
        var ticket = Ticket(service, Start);

        Assert.Equal(TicketRefusal.None, Refusal(service, ticket, Start + (12 * Hour)));
        Assert.Equal(TicketRefusal.Expired, Refusal(service, ticket, _ring.Keys[0].EraseAt!.Value - Minute));
        Assert.Equal(TicketRefusal.ErasedKey, Refusal(service, ticket, _ring.Keys[0].EraseAt!.Value));

        using var revoked = _ring.Revoke(_ring.Keys[0].Id, Start);
        _source.Offer(revoked);
        Assert.Equal(TicketRefusal.RevokedKey, Refusal(service, ticket, Start));

        using var without = new TicketKeyRing(revoked.Epoch + 1, 1, Start, Day, []);
        _source.Offer(without);
        Assert.Equal(TicketRefusal.UnknownKey, Refusal(service, ticket, Start));
    }

    [Fact]
    public void A_published_key_opens_what_a_node_with_a_later_ring_has_sealed()
    {
        using var early = _ring.Publish(Start);
        using var late = early.Promote(early.Keys[2].Id, Start + Hour, Start);
        using var earlySource = new FixedRing(early);
        using var lateSource = new FixedRing(late);
        using var behind = Service(earlySource);
        using var ahead = Service(lateSource);
        var opening = behind.Open(Ticket(ahead, Start + Hour), TlsVersion.Tls12, Start + Hour);

        Assert.Equal(TicketRefusal.None, opening.Refusal);
        Assert.Equal(early.Keys[2].Id, opening.KeyId);
        Assert.Equal(TicketKeyState.Published, early.Keys[2].StateAt(Start + Hour));
        opening.State!.Dispose();
    }

    [Fact]
    public void Times_are_refused_by_their_reasons()
    {
        using var service = Service(_source, configure: options => options.Lifetime = Hour);
        using var old = Session(original: Start - (7 * Day) + Hour);
        var ticket = Ticket(service, Start);

        Assert.Equal(TicketRefusal.Expired, Refusal(service, ticket, Start + Hour + (2 * Minute) + TimeSpan.FromMilliseconds(1)));
        Assert.Equal(TicketRefusal.FromTheFuture, Refusal(service, ticket, Start - (3 * Minute)));
        Assert.Equal(TicketRefusal.LineageOver, Refusal(service, Ticket(service, old, Start), Start + Hour + Minute));
    }

    [Fact]
    public void A_node_keeps_the_promises_of_a_node_with_another_lifetime()
    {
        using var generous = Service(_source, configure: options => options.Lifetime = Day);
        using var strict = Service(_source, configure: options => options.Lifetime = Minute);

        Assert.Equal(TicketRefusal.None, Refusal(strict, Ticket(generous, Start), Start + (20 * Hour)));
        Assert.Equal(TicketRefusal.Expired, Refusal(generous, Ticket(strict, Start), Start + (20 * Hour)));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(5.9, false)]
    [InlineData(6, true)]
    [InlineData(11, true)]
    public void By_default_a_ticket_is_renewed_past_half_its_life(double hours, bool renewed)
    {
        using var service = Service(_source);
        var opening = service.Open(Ticket(service, Start), TlsVersion.Tls12, Start + TimeSpan.FromHours(hours));

        Assert.Equal(renewed, opening.Renew);
        opening.State!.Dispose();
    }

    [Fact]
    public void Renewal_when_the_key_is_not_current_goes_by_the_sealing_key()
    {
        using var service = Service(_source, configure: options => options.Renewal = TicketRenewal.WhenKeyIsNotCurrent);
        var ticket = Ticket(service, Start + (11 * Hour));

        Assert.False(service.Open(ticket, TlsVersion.Tls12, Start + (11.9 * Hour)).Renew);
        Assert.True(service.Open(ticket, TlsVersion.Tls12, Start + (12 * Hour)).Renew);
    }

    [Fact]
    public void Without_a_sealing_key_nothing_is_issued_or_promised_and_what_was_issued_still_opens()
    {
        using var ring = new TicketKeyRing(1, 1, Start, Day, [Key(0, 1, 20)]);
        using var source = new FixedRing(ring);
        using var service = Service(source, configure: options => options.Renewal = TicketRenewal.Always);
        using var session = Session();
        using var buffer = new WireBuffer();
        var ticket = Ticket(service, Start);
        var opening = service.Open(ticket, TlsVersion.Tls12, Start + (2 * Hour));

        Assert.Equal(TicketRefusal.None, opening.Refusal);
        Assert.False(opening.Renew);
        Assert.True(service.MayIssue(TlsVersion.Tls12, true, Start));
        Assert.False(service.MayIssue(TlsVersion.Tls12, true, Start + (2 * Hour)));
        Assert.False(service.TrySeal(session, Start + (2 * Hour), buffer, out var lifetime, out var keyId));
        Assert.Equal((TimeSpan.Zero, null, 0), (lifetime, keyId, buffer.Length));
    }

    [Fact]
    public void Less_than_a_second_is_no_ticket()
    {
        using var service = Service(_source);
        using var session = Session(original: Start - (7 * Day) + TimeSpan.FromMilliseconds(1999));
        using var buffer = new WireBuffer();

        Assert.True(service.TrySeal(session, Start, buffer, out var lifetime, out _));
        Assert.Equal(TimeSpan.FromSeconds(1), lifetime);
        Assert.False(service.TrySeal(session, Start + TimeSpan.FromSeconds(1), buffer, out _, out _));
    }

    [Fact]
    public void A_ticket_is_appended_to_what_stands_there_and_nothing_is_when_there_is_none()
    {
        using var service = Service(_source);
        using var session = Session();
        using var large = Session(applicationData: new byte[16_000]);
        using var buffer = new WireBuffer();
        buffer.Reserve(6).Fill(0xAA);

        Assert.False(service.TrySeal(large, Start, buffer, out _, out _));
        Assert.Equal(6, buffer.Length);
        Assert.True(service.TrySeal(session, Start, buffer, out _, out _));
        Assert.Equal(Enumerable.Repeat((byte)0xAA, 6), buffer.Written[..6].ToArray());
        Assert.Equal(TicketRefusal.None, Refusal(service, buffer.Written[6..], Start));
    }

    [Fact]
    public void The_largest_session_that_is_sealed_opens()
    {
        using var service = Service(_source);
        using var session = Session(applicationData: new byte[15_700]);

        Assert.Equal(TicketRefusal.None, Refusal(service, Ticket(service, session, Start), Start));
    }

    [Fact]
    public void Without_extended_master_secret_there_is_a_ticket_only_where_it_is_allowed()
    {
        using var strict = Service(_source);
        using var lax = Service(_source, configure: options => options.AllowLegacyResumption = true);
        using var legacy = Session(extendedMasterSecret: false);
        using var buffer = new WireBuffer();
        var ticket = Ticket(lax, legacy, Start);

        Assert.False(strict.MayIssue(TlsVersion.Tls12, extendedMasterSecret: false, Start));
        Assert.False(strict.TrySeal(legacy, Start, buffer, out _, out _));
        Assert.Equal(TicketRefusal.ExtendedMasterSecret, Refusal(strict, ticket, Start));
        Assert.Equal(TicketRefusal.None, Refusal(lax, ticket, Start));
    }

    [Fact]
    public void A_session_with_a_client_certificate_is_not_resumed_where_a_callback_has_no_id()
    {
        var scope = new SessionScope(Policy() with { HasCustomVerification = true });
        using var service = Service(_source, scope);
        using var anonymous = Session();
        using var certified = Session(certificate: Certificate(Start, Start + Day));
        using var buffer = new WireBuffer();

        Assert.Equal(TicketRefusal.None, Refusal(service, Ticket(service, anonymous, Start), Start));
        Assert.False(service.TrySeal(certified, Start, buffer, out _, out _));
    }

    [Fact]
    public void Tickets_that_are_turned_off_are_refused_for_that()
    {
        using var on = Service(_source);
        using var off = Service(_source, configure: options => options.Enabled = false);
        using var session = Session();
        using var buffer = new WireBuffer();

        Assert.Equal(TicketRefusal.Disabled, Refusal(off, Ticket(on, Start), Start));
        Assert.False(off.MayIssue(TlsVersion.Tls12, true, Start));
        Assert.False(off.TrySeal(session, Start, buffer, out _, out _));
    }

    [Fact]
    public void By_a_ring_of_its_process_alone_a_service_goes_on_as_that_rotates()
    {
        var clock = Clock();
        using var ring = new InProcessRing(clock);
        using var otherRing = new InProcessRing(clock);
        using var service = Service(ring);
        using var other = Service(otherRing);
        var ticket = Ticket(service, Start);

        Assert.Equal(TicketRefusal.UnknownKey, Refusal(other, ticket, Start));
        clock.Advance(12 * Hour);
        Assert.Equal(TicketRefusal.None, Refusal(service, ticket, clock.GetUtcNow()));
        clock.Advance(30 * Hour);
        Assert.Equal(TicketRefusal.UnknownKey, Refusal(service, ticket, clock.GetUtcNow()));
        Assert.Equal(TicketRefusal.None, Refusal(service, Ticket(service, clock.GetUtcNow()), clock.GetUtcNow()));
    }

    [Fact]
    public void A_disposed_service_derives_nothing_more()
    {
        using var on = Service(_source);
        var ticket = Ticket(on, Start);
        var service = Service(_source);
        service.Dispose();
        using var keys = new SealingKeyCache(Scope());
        keys.Dispose();
        using var session = Session();
        using var buffer = new WireBuffer();

        Assert.Equal(TicketRefusal.Disabled, Refusal(service, ticket, Start));
        Assert.False(service.MayIssue(TlsVersion.Tls12, true, Start));
        Assert.False(service.TrySeal(session, Start, buffer, out _, out _));
        Assert.False(keys.TryGetTag(_ring.Keys[0], SealingPurpose.Ticket, TlsVersion.Tls12, out _));
        Assert.Null(keys.GetKeys(_ring.Keys[0], SealingPurpose.Ticket, TlsVersion.Tls12));
        Assert.Equal(0, keys.Count);
    }

    [Fact]
    public void A_ring_that_is_cleared_as_we_look_at_it_costs_nothing_if_another_stands_in_its_place()
    {
        var cleared = TicketKeyRing.Load(Json(_ring));
        cleared.Dispose();
        var source = new SwappingSource { Before = cleared, After = _ring };
        using var service = Service(source);
        using var other = Service(_source);

        Assert.Equal(TicketRefusal.None, Refusal(service, Ticket(other, Start), Start));
        source.Looks = 0;
        Assert.Equal(TicketRefusal.None, Refusal(other, Ticket(service, Start), Start));
    }

    /// <summary>A source whose ring changes, and is cleared, right after the first look.</summary>
    private sealed class SwappingSource : IRingSource
    {
        public required TicketKeyRing Before { get; init; }

        public required TicketKeyRing After { get; init; }

        public int Looks { get; set; }

        public TicketKeyRing Current => Looks++ == 0 ? Before : After;
    }
}
