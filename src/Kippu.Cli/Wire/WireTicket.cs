namespace Kippu.Cli.Wire;

/// <summary>NewSessionTicket (RFC 5077 §3.3), read from its bytes.</summary>
/// <param name="LifetimeHint">Seconds; 0 is "unspecified".</param>
/// <param name="Ticket">The ticket; empty if the server took its promise back.</param>
internal sealed record WireTicket(uint LifetimeHint, ReadOnlyMemory<byte> Ticket)
{
    /// <summary>Null if the bytes are no NewSessionTicket.</summary>
    public static WireTicket? Parse(ReadOnlyMemory<byte> message)
    {
        var cursor = new ByteCursor(message);
        cursor.Take(4); // msg_type, length
        var ticket = new WireTicket(cursor.TakeUInt(4), cursor.TakeVector(2));
        return cursor.IsSound && cursor.IsEmpty ? ticket : null;
    }
}
