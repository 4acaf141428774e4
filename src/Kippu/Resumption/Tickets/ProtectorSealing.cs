using System.Security.Authentication;
using Kippu.Wire;

namespace Kippu.Resumption;

/// <summary>Tickets by way of an application's <see cref="ITicketProtector"/>: its exceptions end here, and its memory is bounded and cleared.</summary>
/// <remarks>Thread-safe if the protector is.</remarks>
internal sealed class ProtectorSealing(ITicketProtector protector, SessionScope scope)
{
    private const int MaxTicketLength = ushort.MaxValue;

    /// <summary>Appends a ticket; false, and nothing appended, if the application declines or fails or writes nothing.</summary>
    public bool TrySeal(SessionState session, in SessionStamp stamp, WireBuffer destination)
    {
        using var state = new WireBuffer(1024);
        if (!SessionStateCodec.TryWriteForSealing(state, session, stamp))
        {
            return false;
        }

        using var ticket = new ClearingWriter(MaxTicketLength);
        try
        {
            var context = new TicketContext(scope, PublicVersion(session.Version), stamp.Issued, stamp.Lifetime);
            if (!protector.TrySeal(context, state.Written, ticket) || ticket.Written.IsEmpty)
            {
                return false;
            }
        }
        catch (Exception)
        {
            // RFC 5077 §3.3 lets a server think better of a ticket it promised: the handshake goes on without one.
            return false;
        }

        ticket.Written.CopyTo(destination.Reserve(ticket.Written.Length));
        return true;
    }

    /// <summary>Opens a ticket; the state still has to be checked like any other.</summary>
    public TicketRefusal Open(ReadOnlySpan<byte> ticket, TlsVersion version, DateTimeOffset now, out SessionState? session, out bool renew)
    {
        session = null;
        renew = false;
        if (ticket.Length is 0 or > MaxTicketLength)
        {
            return TicketRefusal.Malformed;
        }

        using var state = new ClearingWriter(TicketCipher.MaxPaddedLength);
        TicketVerdict verdict;
        try
        {
            verdict = protector.Open(new TicketContext(scope, PublicVersion(version), now, TimeSpan.Zero), ticket, state);
        }
        catch (Exception)
        {
            // Counted by its reason; a ticket never fails a handshake.
            return TicketRefusal.ApplicationFailed;
        }

        renew = verdict.Renew;
        return verdict.Refusal != TicketRefusal.None ? verdict.Refusal : SessionStateCodec.TryRead(state.Written, out session);
    }

    private static SslProtocols PublicVersion(TlsVersion version) => version == TlsVersion.Tls12 ? SslProtocols.Tls12 : SslProtocols.Tls13;
}
