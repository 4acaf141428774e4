using System.Buffers.Binary;
using System.Security.Cryptography;
using Kippu.KeySchedule;
using Kippu.Resumption;
using Kippu.Wire;
using Kippu.Wire.Messages;

namespace Kippu.Handshake;

/// <summary>Issues the tickets of one TLS 1.3 connection (RFC 8446 §4.6.1), after the handshake and whenever the application wishes.</summary>
internal sealed class TicketIssuer13(ServerPolicy policy, TicketService tickets, ResumptionSecret resumption, SessionSubject13 subject, HandshakeChannel channel) : IDisposable
{
    private readonly Lock _lock = new();
    private uint _issued;

    /// <summary>Queues as many tickets as can be issued.</summary>
    /// <returns>How many, and the lifetime of the last.</returns>
    public (int Count, TimeSpan? Lifetime) Issue(int count)
    {
        lock (_lock)
        {
            TimeSpan? lifetime = null;
            var issued = 0;
            for (; issued < count && IssueOne() is { } given; issued++)
            {
                lifetime = given;
            }

            return (issued, lifetime);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            resumption.Dispose();
        }
    }

    private TimeSpan? IssueOne()
    {
        // RFC 8446 §4.6.1: ticket_nonce is "unique across all tickets issued on this connection", ticket_age_add "a securely generated, random 32-bit value".
        Span<byte> nonce = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(nonce, _issued++);
        Span<byte> ageAdd = stackalloc byte[sizeof(uint)];
        RandomNumberGenerator.Fill(ageAdd);
        using var state = subject.NewState(resumption.DerivePsk(nonce), BinaryPrimitives.ReadUInt32BigEndian(ageAdd), MaxEarlyData);
        using var ticket = new WireBuffer();
        if (!tickets.TrySeal(state, policy.Time.GetUtcNow(), ticket, out var lifetime, out _))
        {
            return null;
        }

        var sent = channel.SendUncovered(new NewSessionTicket13
        {
            Lifetime = (uint)lifetime.TotalSeconds,
            AgeAdd = state.AgeAdd,
            Nonce = nonce.ToArray(),
            Ticket = ticket.WrittenMemory,
            MaxEarlyData = state.MaxEarlyData > 0 ? state.MaxEarlyData : null,
        });
        return sent ? lifetime : null;
    }

    /// <summary>A session with a client certificate has no early data: what it authorised may be gone by then.</summary>
    private uint MaxEarlyData => subject.PeerCertificate is null ? (uint)policy.EarlyData.MaxSize : 0;
}
