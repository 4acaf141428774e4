using Kippu.Resumption;
using Kippu.Wire;
using Kippu.Wire.Messages;

namespace Kippu.Handshake;

/// <summary>A ticket about to be sent, or the zero-length one of RFC 5077 §3.3.</summary>
internal sealed class IssuedTicket12 : IDisposable
{
    private readonly WireBuffer? _bytes;

    private IssuedTicket12(WireBuffer? bytes, TimeSpan lifetime)
    {
        _bytes = bytes;
        Lifetime = lifetime;
    }

    public static IssuedTicket12 None { get; } = new(null, TimeSpan.Zero);

    public bool IsEmpty => _bytes is null;

    public TimeSpan Lifetime { get; }

    /// <summary>RFC 5077 §3.3: the hint is in whole seconds; the policy sees to it that it is never 0, which would mean "unspecified".</summary>
    public NewSessionTicket12 Message => new() { LifetimeHint = (uint)Lifetime.TotalSeconds, Ticket = _bytes?.WrittenMemory ?? default };

    /// <summary>Seals the session; null if no ticket can be issued now.</summary>
    public static IssuedTicket12? TrySeal(TicketService tickets, SessionState state, DateTimeOffset now)
    {
        var bytes = new WireBuffer();
        if (tickets.TrySeal(state, now, bytes, out var lifetime, out _))
        {
            return new IssuedTicket12(bytes, lifetime);
        }

        bytes.Dispose();
        return null;
    }

    public void Dispose() => _bytes?.Dispose();
}
