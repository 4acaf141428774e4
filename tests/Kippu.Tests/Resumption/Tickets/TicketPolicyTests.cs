using CsCheck;
using Kippu.Resumption;
using Kippu.Wire;
using Xunit;
using static Kippu.Tests.Resumption.Sample;

namespace Kippu.Tests.Resumption;

public sealed class TicketPolicyTests
{
    private static readonly DateTimeOffset s_farAway = Start + TimeSpan.FromDays(300);

    [Fact]
    public void The_lifetime_is_the_policys_when_nothing_is_shorter()
    {
        using var session = Session();

        Assert.Equal(12 * Hour, Policy().LifetimeOf(session, Start, Day, s_farAway));
        Assert.Equal(12 * Hour, Policy().LifetimeOf(session, Start, null, null));
    }

    [Fact]
    public void The_ring_shortens_the_lifetime()
    {
        using var session = Session();

        Assert.Equal(Hour, Policy().LifetimeOf(session, Start, Hour, s_farAway));
    }

    [Fact]
    public void The_keys_opening_time_less_the_skew_shortens_the_lifetime()
    {
        using var session = Session();

        Assert.Equal(Hour - (2 * Minute), Policy().LifetimeOf(session, Start, Day, Start + Hour));
        Assert.Equal(TimeSpan.Zero, Policy().LifetimeOf(session, Start, Day, Start + (2 * Minute)));
        Assert.Equal(TimeSpan.Zero, Policy().LifetimeOf(session, Start, Day, Start - Hour));
    }

    [Fact]
    public void The_lineage_shortens_the_lifetime_and_renewal_never_lengthens_it()
    {
        using var session = Session();
        var policy = Policy();

        Assert.Equal(Hour, policy.LifetimeOf(session, Start + (7 * Day) - Hour, Day, s_farAway));
        Assert.Equal(TimeSpan.Zero, policy.LifetimeOf(session, Start + (7 * Day), Day, s_farAway));
        Assert.Equal(TimeSpan.Zero, policy.LifetimeOf(session, Start + (8 * Day), Day, s_farAway));
    }

    [Fact]
    public void The_client_certificate_shortens_the_lifetime()
    {
        using var session = Session(certificate: Certificate(Start - Day, Start + Hour));

        Assert.Equal(Hour, Policy().LifetimeOf(session, Start, Day, s_farAway));
        Assert.Equal(TimeSpan.Zero, Policy().LifetimeOf(session, Start + (2 * Hour), Day, s_farAway));
    }

    [Fact]
    public void A_certificate_that_cannot_be_read_has_no_time_left()
    {
        using var session = Session(certificate: [0x30, 0x00]);

        Assert.Equal(TimeSpan.Zero, Policy().LifetimeOf(session, Start, Day, s_farAway));
    }

    [Fact]
    public void The_lifetime_is_the_least_of_all_in_whole_seconds_and_never_rounds_to_nothing() =>
        Gen.Select(Gen.Int[1, 700_000], Gen.Int[1, 700_000], Gen.Long[-1_000_000, 800_000_000], Gen.Long[-1_000_000, 700_000_000]).Sample(
            (policySeconds, ringSeconds, keyMilliseconds, ageMilliseconds) =>
            {
                using var session = Session(original: Start - TimeSpan.FromMilliseconds(ageMilliseconds));
                var options = new TicketOptions { Lifetime = TimeSpan.FromSeconds(Math.Min(policySeconds, 604_800)) };
                var lifetime = new TicketPolicy(options).LifetimeOf(
                    session, Start, TimeSpan.FromSeconds(ringSeconds), Start + TimeSpan.FromMilliseconds(keyMilliseconds));

                TimeSpan[] limits =
                [
                    options.Lifetime, TimeSpan.FromSeconds(ringSeconds), TimeSpan.FromMilliseconds(keyMilliseconds) - options.ClockSkew,
                    options.MaxLineage - TimeSpan.FromMilliseconds(ageMilliseconds),
                ];
                var least = limits.Min();
                Assert.Equal(least < TimeSpan.FromSeconds(1) ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Floor(least.TotalSeconds)), lifetime);
            });

    [Fact]
    public void Tls_1_3_caps_the_lifetime_at_seven_days()
    {
        using var session = Session();
        var policy = Policy(options => options.Lifetime = 7 * Day);

        Assert.Equal(TimeSpan.FromSeconds(604_800), policy.LifetimeOf(session, Start, null, null));
        Assert.Throws<ArgumentException>(() => Policy(options => options.Lifetime = (7 * Day) + TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void A_session_is_honoured_for_what_it_advertised_plus_the_skew_whatever_this_nodes_lifetime_is()
    {
        var strict = Policy(options => options.Lifetime = Minute);
        using var session = Issued(Start, 5 * Hour);

        Assert.Equal(TicketRefusal.None, strict.Judge(session, Start + (5 * Hour) + (2 * Minute)));
        Assert.Equal(TicketRefusal.Expired, strict.Judge(session, Start + (5 * Hour) + (2 * Minute) + TimeSpan.FromMilliseconds(1)));
    }

    [Fact]
    public void A_session_from_the_future_is_honoured_up_to_the_skew()
    {
        using var session = Issued(Start, Hour);

        Assert.Equal(TicketRefusal.None, Policy().Judge(session, Start - (2 * Minute)));
        Assert.Equal(TicketRefusal.FromTheFuture, Policy().Judge(session, Start - (2 * Minute) - TimeSpan.FromMilliseconds(1)));
    }

    [Fact]
    public void A_lineage_is_over_after_seven_days_even_if_the_ticket_promised_more()
    {
        using var session = Issued(Start + (6 * Day), 3 * Day);

        Assert.Equal(TicketRefusal.None, Policy().Judge(session, Start + (7 * Day)));
        Assert.Equal(TicketRefusal.LineageOver, Policy().Judge(session, Start + (7 * Day) + TimeSpan.FromMilliseconds(1)));
    }

    [Fact]
    public void A_session_ends_with_its_client_certificate()
    {
        using var session = Issued(Start, 3 * Day, Certificate(Start - Day, Start + Day));

        Assert.Equal(TicketRefusal.None, Policy().Judge(session, Start + Day));
        Assert.Equal(TicketRefusal.CertificateExpired, Policy().Judge(session, Start + Day + TimeSpan.FromSeconds(1)));
    }

    [Theory]
    [InlineData(TicketRenewal.Always, 0, true, true)]
    [InlineData(TicketRenewal.Never, 59, false, false)]
    [InlineData(TicketRenewal.WhenKeyIsNotCurrent, 59, true, false)]
    [InlineData(TicketRenewal.WhenKeyIsNotCurrent, 0, false, true)]
    [InlineData(TicketRenewal.PastHalfLife, 29, false, false)]
    [InlineData(TicketRenewal.PastHalfLife, 30, true, true)]
    public void Renewal_follows_the_rule_that_was_chosen(TicketRenewal rule, int minutes, bool keyIsCurrent, bool expected)
    {
        using var session = Issued(Start, Hour);
        var policy = Policy(options => options.Renewal = rule);

        Assert.Equal(expected, policy.ShouldRenew(session, Start + (minutes * Minute), keyIsCurrent, Hour));
        Assert.False(policy.ShouldRenew(session, Start + (minutes * Minute), keyIsCurrent, TimeSpan.Zero));
    }

    [Fact]
    public void A_ticket_that_would_not_live_longer_is_no_renewal()
    {
        using var session = Issued(Start, Hour);

        Assert.False(Policy().ShouldRenew(session, Start + (40 * Minute), true, 20 * Minute));
        Assert.True(Policy().ShouldRenew(session, Start + (40 * Minute), true, 21 * Minute));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1e9)]
    public void Options_out_of_their_range_are_refused_by_name(double seconds)
    {
        var span = TimeSpan.FromSeconds(seconds);

        Assert.Contains("Lifetime", Assert.Throws<ArgumentException>(() => Policy(options => options.Lifetime = span)).Message, StringComparison.Ordinal);
        Assert.Contains("MaxLineage", Assert.Throws<ArgumentException>(() => Policy(options => options.MaxLineage = span)).Message, StringComparison.Ordinal);
        if (seconds != 0)
        {
            Assert.Contains("ClockSkew", Assert.Throws<ArgumentException>(() => Policy(options => options.ClockSkew = span)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_validity_of_a_certificate_is_read_from_its_bytes()
    {
        var soon = new DateTimeOffset(2030, 5, 6, 7, 8, 9, TimeSpan.Zero);
        var late = new DateTimeOffset(2099, 1, 2, 3, 4, 5, TimeSpan.Zero);

        Assert.True(CertificateTimes.TryRead(Certificate(soon, late), out var notBefore, out var notAfter));
        Assert.Equal((soon, late), (notBefore, notAfter));
    }

    [Fact]
    public void A_certificate_cut_anywhere_is_not_read_and_never_throws()
    {
        var whole = Certificate(Start, Start + Day);

        Assert.All(Enumerable.Range(0, whole.Length), length => Assert.False(CertificateTimes.TryRead(whole[..length], out _, out _)));
        Gen.Byte.Array[0, 200].Sample(bytes => { CertificateTimes.TryRead(bytes, out _, out _); });
        Gen.Select(Gen.Int[0, 120], Gen.Byte).Sample((at, value) =>
        {
            var altered = whole.ToArray();
            altered[at] = value;
            CertificateTimes.TryRead(altered, out _, out _);
        });
    }

    private static TicketPolicy Policy(Action<TicketOptions>? configure = null)
    {
        var options = new TicketOptions();
        configure?.Invoke(options);
        return new TicketPolicy(options);
    }

    private static SessionState Issued(DateTimeOffset issued, TimeSpan lifetime, byte[]? certificate = null) => new()
    {
        Version = TlsVersion.Tls12,
        Suite = Suite,
        Secret = new Kippu.Crypto.SecretBytes(48),
        OriginalHandshake = Start,
        Issued = issued,
        Lifetime = lifetime,
        PeerCertificate = certificate,
    };
}
