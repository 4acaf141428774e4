using Kippu.Alerts;
using Kippu.Resumption;
using Kippu.Wire;
using Kippu.Wire.Messages;

namespace Kippu.Handshake;

/// <summary>The session that a hello offers, if it may be resumed; otherwise the reason why not.</summary>
internal readonly struct ServerResumption12
{
    /// <summary>The session to resume, or null. Owned by who asked.</summary>
    public SessionState? State { get; private init; }

    public ResumptionKind Kind { get; private init; }

    public TicketRefusal Refusal { get; private init; }

    public TicketKeyId? Key { get; private init; }

    /// <summary>The ticket is good, and worth a new one.</summary>
    public bool Renew { get; private init; }

    /// <summary>A ticket (not an empty one) was offered.</summary>
    public bool TicketOffered { get; private init; }

    public static ServerResumption12 Find(ClientHello hello, ServerPolicy policy, HostPolicy host, DateTimeOffset now)
    {
        // RFC 5077 §3.4: "If a ticket is presented by the client, the server MUST NOT attempt to use the Session ID in the ClientHello for stateful session resumption."
        if (hello.SessionTicket is { IsEmpty: false } ticket)
        {
            return FromTicket(hello, policy, host.Tickets, ticket, now);
        }

        return !hello.SessionId.IsEmpty && host.SessionIds is { } ids ? FromSessionId(hello, policy, ids, now) : default;
    }

    private static ServerResumption12 FromTicket(ClientHello hello, ServerPolicy policy, TicketService tickets, ReadOnlyMemory<byte> ticket, DateTimeOffset now)
    {
        var opening = tickets.Open(ticket.Span, TlsVersion.Tls12, now);
        var refusal = opening.State is { } state ? Check(hello, policy, state) : opening.Refusal;
        if (refusal != TicketRefusal.None)
        {
            opening.State?.Dispose();
        }

        return new ServerResumption12
        {
            State = refusal == TicketRefusal.None ? opening.State : null,
            Kind = refusal == TicketRefusal.None ? ResumptionKind.Ticket : ResumptionKind.None,
            Refusal = refusal,
            Key = opening.KeyId,
            Renew = opening.Renew,
            TicketOffered = true,
        };
    }

    private static ServerResumption12 FromSessionId(ClientHello hello, ServerPolicy policy, SessionIdService ids, DateTimeOffset now)
    {
        if (!ids.TryLookUp(hello.SessionId.Span, TlsVersion.Tls12, now, out var state, out var refusal))
        {
            return new ServerResumption12 { Refusal = IsMadeUp(hello, refusal) ? TicketRefusal.None : refusal };
        }

        refusal = Check(hello, policy, state!);
        if (refusal != TicketRefusal.None)
        {
            state!.Dispose();
            return new ServerResumption12 { Refusal = refusal };
        }

        return new ServerResumption12 { State = state, Kind = ResumptionKind.SessionId };
    }

    /// <summary>
    /// RFC 8446 §4.1.2: a client in compatibility mode that offers no session of an earlier version "MUST generate a new 32-byte value". An ID that nobody knows,
    /// from a client that speaks TLS 1.3, is such a one: nothing was offered, so nothing was refused.
    /// </summary>
    private static bool IsMadeUp(ClientHello hello, TicketRefusal refusal) =>
        refusal == TicketRefusal.UnknownSession && hello.SupportedVersions?.Contains((ushort)TlsVersion.Tls13) == true;

    /// <summary>What depends on the hello; the rules that hold for every hello were applied when the session was opened.</summary>
    private static TicketRefusal Check(ClientHello hello, ServerPolicy policy, SessionState state)
    {
        if (state.ExtendedMasterSecret && !hello.ExtendedMasterSecret)
        {
            // RFC 7627 §5.3: "If the original session used the "extended_master_secret" extension but the new ClientHello does not contain it, the server MUST
            // abort the abbreviated handshake."
            state.Dispose();
            throw new TlsFaultException(TlsFault.ExtendedMasterSecretMismatch, "the session has extended master secret, but the hello that resumes it does not offer it");
        }

        if (!state.ExtendedMasterSecret && hello.ExtendedMasterSecret)
        {
            // RFC 7627 §5.3: "If the original session did not use the "extended_master_secret" extension but the new ClientHello contains the extension, then the
            // server MUST NOT perform the abbreviated handshake."
            return TicketRefusal.ExtendedMasterSecret;
        }

        // RFC 6066 §3: "A server that implements this extension MUST NOT accept the request to resume the session if the server_name extension contains a
        // different name."
        if (!string.Equals(state.ServerName, hello.ServerName, StringComparison.Ordinal))
        {
            return TicketRefusal.ServerName;
        }

        // RFC 5246 §7.4.1.2: a resumed session keeps its suite, so the suite must be enabled here and offered there.
        return policy.CipherSuites.Contains(state.Suite) && hello.CipherSuites.Contains((ushort)state.Suite.Id)
            ? TicketRefusal.None
            : TicketRefusal.CipherSuite;
    }
}
