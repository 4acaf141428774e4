using Kippu.KeySchedule;
using Kippu.Resumption;
using Kippu.Wire.Messages;

namespace Kippu.Handshake;

/// <summary>Keeps the tickets that a client of TLS 1.3 gets (RFC 8446 §4.6.1), each with its own PSK.</summary>
internal sealed class TicketKeeper13(ClientPolicy policy, ClientSessionKey key, ResumptionSecret resumption, SessionSubject13 subject) : IDisposable
{
    private readonly List<ClientSession> _kept = [];

    public void Keep(NewSessionTicket13 ticket)
    {
        // RFC 8446 §4.6.1: "The value of zero indicates that the ticket should be discarded immediately."
        if (ticket.Lifetime == 0 || !policy.UseTickets)
        {
            return;
        }

        var now = policy.Time.GetUtcNow();
        var state = subject.NewState(resumption.DerivePsk(ticket.Nonce.Span), ticket.AgeAdd, ticket.MaxEarlyData ?? 0);
        var session = new ClientSession(state, ticket.Ticket.ToArray(), [], now, ClientSession.ExpiryOf(now, ticket.Lifetime)) { IsServerNameChecked = true };
        policy.Sessions.Add(key, session, now);
        _kept.Add(session);
    }

    /// <summary>The connection has ended in a fatal alert (RFC 5246 §7.2.2 says it of TLS 1.2; the reason holds).</summary>
    public void ForgetAll()
    {
        foreach (var session in _kept)
        {
            policy.Sessions.Remove(key, session);
        }
    }

    public void Dispose() => resumption.Dispose();
}
