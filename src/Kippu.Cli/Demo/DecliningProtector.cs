using System.Buffers;

namespace Kippu.Cli.Demo;

/// <summary>An application's own protection of tickets that makes none: what a server that promised one then sends is a ticket of zero bytes (RFC 5077 §3.3).</summary>
internal sealed class DecliningProtector : ITicketProtector
{
    public bool TrySeal(in TicketContext context, ReadOnlySpan<byte> state, IBufferWriter<byte> ticket) => false;

    public TicketVerdict Open(in TicketContext context, ReadOnlySpan<byte> ticket, IBufferWriter<byte> state) => TicketVerdict.Refuse();
}
