using Kippu.Wire;

namespace Kippu.Resumption;

/// <summary>
/// Whether a session may come back, whatever carries it: one answer for tickets and for session IDs, when a session is kept and when it returns. What
/// depends on the hello that offers it (server name, suite) is the handshake's to compare.
/// </summary>
/// <remarks>Immutable and thread-safe. The constructor throws <see cref="ArgumentException"/> if an option is out of its range.</remarks>
internal sealed class SessionRules(SessionScope scope, TicketOptions options)
{
    private readonly bool _allowLegacyResumption = options.AllowLegacyResumption;

    public SessionScope Scope => scope;

    /// <summary>How long a session lives, and when its ticket is renewed.</summary>
    public TicketPolicy Times { get; } = new(options);

    /// <summary>RFC 7627 §5.2 and §5.3: without extended master secret resumption is open to the attack, so only where the application allows it.</summary>
    public bool IsSafe(TlsVersion version, bool extendedMasterSecret) => version != TlsVersion.Tls12 || extendedMasterSecret || _allowLegacyResumption;

    /// <summary>Whether a session of this kind may be kept at all; for how long is said by <see cref="Times"/>.</summary>
    public bool MayKeep(TlsVersion version, bool extendedMasterSecret, bool hasClientCertificate) =>
        IsSafe(version, extendedMasterSecret) && (!hasClientCertificate || scope.ResumesClientCertificates);

    /// <summary>As <see cref="MayKeep(TlsVersion, bool, bool)"/>.</summary>
    public bool MayKeep(SessionState state) => MayKeep(state.Version, state.ExtendedMasterSecret, state.PeerCertificate is not null);

    /// <summary>What holds after every open, whoever sealed: the version, the scope, the client certificate, extended master secret, the times.</summary>
    public TicketRefusal Judge(SessionState state, TlsVersion version, DateTimeOffset now) =>
        state.Version != version ? TicketRefusal.WrongVersion
        : !PublicBytes.AreEqual(state.ScopeDigest, scope.Digest) ? TicketRefusal.WrongScope
        : state.PeerCertificate is not null && !scope.ResumesClientCertificates ? TicketRefusal.ClientCertificate
        : !IsSafe(state.Version, state.ExtendedMasterSecret) ? TicketRefusal.ExtendedMasterSecret
        : Times.Judge(state, now);
}
