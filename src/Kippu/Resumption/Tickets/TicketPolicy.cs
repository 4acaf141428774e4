using Kippu.Wire;

namespace Kippu.Resumption;

/// <summary>The times of tickets and cached sessions, and nothing else: how long one lives, whether it is honoured, whether it is renewed.</summary>
/// <remarks>Immutable and thread-safe. All rules are pure functions of their arguments.</remarks>
internal sealed class TicketPolicy
{
    /// <summary>RFC 8446 §4.6.1: "Servers MUST NOT use any value greater than 604800 seconds (7 days)."</summary>
    private static readonly TimeSpan s_longestOfTls13 = TimeSpan.FromSeconds(604_800);

    private readonly TimeSpan _lifetime;
    private readonly TimeSpan _maxLineage;
    private readonly TimeSpan _clockSkew;
    private readonly TicketRenewal _renewal;

    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public TicketPolicy(TicketOptions options)
    {
        _lifetime = Within(options.Lifetime, TimeSpan.FromSeconds(1), TimeSpan.FromDays(7), nameof(TicketOptions.Lifetime));
        _maxLineage = Within(options.MaxLineage, TimeSpan.FromSeconds(1), TimeSpan.FromDays(366), nameof(TicketOptions.MaxLineage));
        _clockSkew = Within(options.ClockSkew, TimeSpan.Zero, TimeSpan.FromDays(1), nameof(TicketOptions.ClockSkew));
        _renewal = options.Renewal;
    }

    public TimeSpan ClockSkew => _clockSkew;

    /// <summary>
    /// The lifetime to advertise, in whole seconds: the least of the policy's, the ring's, and what is left of the sealing key's opening time less the
    /// clock skew, of the lineage, and of the certificate. Zero if that is below a second: then no ticket is issued.
    /// </summary>
    /// <param name="state">The session.</param>
    /// <param name="now">The time of issue.</param>
    /// <param name="ringLifetime">The ring's own limit; null without a ring.</param>
    /// <param name="keyOpensUntil">When the sealing key opens no more; null without a ring.</param>
    public TimeSpan LifetimeOf(SessionState state, DateTimeOffset now, TimeSpan? ringLifetime, DateTimeOffset? keyOpensUntil)
    {
        var least = Least(_lifetime, ringLifetime ?? _lifetime);
        least = Least(least, state.OriginalHandshake - now + _maxLineage);
        if (keyOpensUntil is { } eraseAt)
        {
            least = Least(least, eraseAt - now - _clockSkew);
        }

        if (state.PeerCertificate is { } der)
        {
            // A certificate that cannot be read has no time left.
            least = CertificateTimes.TryRead(der, out _, out var notAfter) ? Least(least, notAfter - now) : TimeSpan.Zero;
        }

        if (state.Version == TlsVersion.Tls13)
        {
            least = Least(least, s_longestOfTls13);
        }

        // RFC 5077 §3.3: "A value of zero is reserved to indicate that the lifetime of the ticket is unspecified." So below a second there is no ticket.
        return TimeSpan.FromTicks(Math.Max(0, least.Ticks - (least.Ticks % TimeSpan.TicksPerSecond)));
    }

    /// <summary>
    /// Whether a session is honoured at <paramref name="now"/>: for the lifetime that it advertised plus the clock skew, whatever this node's own lifetime
    /// is, so that nodes with other policies keep each other's promises. Lineage and certificate are limits of this node.
    /// </summary>
    public TicketRefusal Judge(SessionState state, DateTimeOffset now)
    {
        var age = now - state.Issued;
        if (age < -_clockSkew || now - state.OriginalHandshake < -_clockSkew)
        {
            return TicketRefusal.FromTheFuture;
        }

        if (age > state.Lifetime + _clockSkew)
        {
            return TicketRefusal.Expired;
        }

        if (now - state.OriginalHandshake > _maxLineage)
        {
            return TicketRefusal.LineageOver;
        }

        return state.PeerCertificate is { } der && !IsValid(der, now) ? TicketRefusal.CertificateExpired : TicketRefusal.None;
    }

    /// <summary>Whether a session that is being resumed gets a fresh ticket, which would live for <paramref name="freshLifetime"/>.</summary>
    public bool ShouldRenew(SessionState state, DateTimeOffset now, bool keyIsCurrent, TimeSpan freshLifetime)
    {
        if (freshLifetime == TimeSpan.Zero)
        {
            return false;
        }

        var age = now - state.Issued;
        return _renewal switch
        {
            TicketRenewal.Always => true,
            TicketRenewal.WhenKeyIsNotCurrent => !keyIsCurrent,
            TicketRenewal.PastHalfLife => age >= state.Lifetime / 2 && freshLifetime > state.Lifetime - age,
            _ => false,
        };
    }

    private static bool IsValid(byte[] der, DateTimeOffset now) => CertificateTimes.TryRead(der, out _, out var notAfter) && now <= notAfter;

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Within(TimeSpan value, TimeSpan least, TimeSpan most, string option)
    {
        if (value < least || value > most)
        {
            throw new ArgumentException($"TicketOptions.{option} is {value}; it must be from {least} to {most}");
        }

        return value;
    }
}
