using Kippu.Certificates;
using Kippu.Resumption;
using Kippu.Wire;

namespace Kippu.Handshake;

/// <summary>The session that a client may offer to a target: newest first, and only under the rules that it was made by.</summary>
internal static class ClientSessionFinder
{
    /// <returns>Owned by the caller; null if there is none.</returns>
    public static ClientSession? Find(ClientPolicy policy, TlsTarget target, ClientSessionKey key, string? serverName)
    {
        if (!policy.UseTickets && !policy.UseSessionIds)
        {
            return null;
        }

        if (policy.Sessions.Find(key, policy.Time.GetUtcNow()) is not { } session)
        {
            return null;
        }

        if (!IsUsable(policy, target, key, serverName, session))
        {
            session.Dispose();
            return null;
        }

        if (session.State.Version == TlsVersion.Tls13)
        {
            // RFC 8446 appendix C.4: "Clients SHOULD NOT reuse a ticket for multiple connections": observers could link them.
            policy.Sessions.Remove(key, session);
        }

        return session;
    }

    private static bool IsUsable(ClientPolicy policy, TlsTarget target, ClientSessionKey key, string? serverName, ClientSession session)
    {
        var state = session.State;
        return (session.Ticket.Length > 0 ? policy.UseTickets : policy.UseSessionIds)
            && session.Ticket.Length <= ClientSession.MaxTicketLength
            && policy.Versions.Contains(state.Version)
            && IsSuiteOffered(policy, state)
            // RFC 6066 §3: a client that resumes sends the name of the session it resumes.
            && string.Equals(state.ServerName, serverName, StringComparison.Ordinal)
            // RFC 7627 §5.3: "The client SHOULD NOT offer an abbreviated handshake to resume a session that does not use an extended master secret."
            && (state.ExtendedMasterSecret || state.Version == TlsVersion.Tls13)
            && IsForHost(policy, target, key, session);
    }

    /// <summary>RFC 5246 §7.4.1.2: a session keeps its suite; RFC 8446 §4.6.1: in TLS 1.3 it keeps its hash.</summary>
    private static bool IsSuiteOffered(ClientPolicy policy, SessionState state) => state.Version == TlsVersion.Tls12
        ? policy.CipherSuites.Contains(state.Suite)
        : policy.CipherSuites.Any(suite => suite.Version == TlsVersion.Tls13 && suite.Hash == state.Suite.Hash);

    /// <summary>
    /// An imported session says which certificate it rests on, but nobody here has looked whether that is for this host. RFC 8446 §4.6.1: "Clients MUST only
    /// resume if the new SNI value is valid for the server certificate presented in the original session". One that is not will never be, and goes.
    /// </summary>
    private static bool IsForHost(ClientPolicy policy, TlsTarget target, ClientSessionKey key, ClientSession session)
    {
        if (session.IsServerNameChecked || session.State.PeerVerification != PeerVerification.Verified)
        {
            return true;
        }

        if (session.State.PeerCertificate is not { } der || !HostNames.IsFor(der, target.Host))
        {
            policy.Sessions.Remove(key, session);
            return false;
        }

        policy.Sessions.MarkServerNameChecked(key, session);
        return true;
    }
}
