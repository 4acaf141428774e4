using Kippu.Alerts;
using Kippu.Resumption;
using Kippu.Wire;
using Kippu.Wire.Messages;

namespace Kippu.Handshake;

/// <summary>Whether the ticket that a hello offers opens, before its handshake has begun.</summary>
internal static class TicketPeek
{
    public static bool Opens(ClientHello hello, ServerPolicy policy)
    {
        try
        {
            var host = policy.Hosts.Find(hello.ServerName);
            return hello.PreSharedKeys is { Count: > 0 } offered
                ? Opens(offered.Identity(0).Identity.Span, TlsVersion.Tls13, host, policy)
                : hello.SessionTicket is { IsEmpty: false } ticket && Opens(ticket.Span, TlsVersion.Tls12, host, policy);
        }
        catch (TlsFaultException)
        {
            // No host of that name: the handshake will say so.
            return false;
        }
    }

    private static bool Opens(ReadOnlySpan<byte> ticket, TlsVersion version, HostPolicy host, ServerPolicy policy)
    {
        using var state = host.Tickets.Open(ticket, version, policy.Time.GetUtcNow()).State;
        return state is not null;
    }
}
