using System.Buffers;

namespace Kippu;

/// <summary>
/// An application's own handling of ticket keys and sealing, in the place of the library's ring and cipher (<see cref="TicketOptions.Protector"/>).
/// </summary>
/// <remarks>
/// <para>Implementations must be thread-safe and must not block. An exception costs the client a full handshake and is counted as
/// <see cref="TicketRefusal.ApplicationFailed"/>; it never fails the handshake.</para>
/// <para>The state holds the keys of the session: it must be encrypted and authenticated with strong keys that serve no other purpose
/// (RFC 5077 §5.2, §5.3 and §5.5). The library puts the version and the scope into the state and checks them after each open, so a protector
/// that ignores its context cannot carry a session from one policy to another.</para>
/// <para>Values in an <see cref="ISessionCache"/> are sealed by the library's ring in any case.</para>
/// </remarks>
public interface ITicketProtector
{
    /// <summary>Seals <paramref name="state"/> into a ticket.</summary>
    /// <param name="context">Under which version and scope, and for how long.</param>
    /// <param name="state">The session; at most 16 kB. Not to be kept.</param>
    /// <param name="ticket">Where the ticket is written: 1 to 65,535 bytes.</param>
    /// <returns>False to decline: no ticket is issued (in TLS 1.2 a zero-length one where a ticket was promised, RFC 5077 §3.3).</returns>
    bool TrySeal(in TicketContext context, ReadOnlySpan<byte> state, IBufferWriter<byte> ticket);

    /// <summary>Opens a ticket that a client sent: any bytes at all.</summary>
    /// <param name="context">Under which version and scope it came.</param>
    /// <param name="ticket">1 to 65,535 bytes.</param>
    /// <param name="state">Where the state is written that was sealed, byte for byte. The memory is cleared after use.</param>
    /// <returns><see cref="TicketVerdict.Use"/>, <see cref="TicketVerdict.UseAndRenew"/>, or <see cref="TicketVerdict.Refuse"/> with a reason.</returns>
    TicketVerdict Open(in TicketContext context, ReadOnlySpan<byte> ticket, IBufferWriter<byte> state);
}
