using System.Buffers;

namespace Kippu.InteropTests.Ours;

/// <summary>Promises tickets and then declines to seal any: RFC 5077 §3.3's zero-length ticket.</summary>
internal sealed class DecliningProtector : ITicketProtector
{
    public bool TrySeal(in TicketContext context, ReadOnlySpan<byte> state, IBufferWriter<byte> ticket) => false;

    public TicketVerdict Open(in TicketContext context, ReadOnlySpan<byte> ticket, IBufferWriter<byte> state) => TicketVerdict.Refuse();
}
