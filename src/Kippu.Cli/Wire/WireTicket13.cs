namespace Kippu.Cli.Wire;

/// <summary>NewSessionTicket of TLS 1.3 (RFC 8446 §4.6.1), read from its bytes. On the wire it is encrypted: an engine has told of it.</summary>
/// <param name="Lifetime">Seconds.</param>
/// <param name="AgeAdd">What obfuscates the ticket's age.</param>
/// <param name="Nonce">Makes its key another than that of its siblings.</param>
/// <param name="Ticket">The ticket.</param>
/// <param name="MaxEarlyData">How much early data may go with it; null if none.</param>
internal sealed record WireTicket13(uint Lifetime, uint AgeAdd, ReadOnlyMemory<byte> Nonce, ReadOnlyMemory<byte> Ticket, uint? MaxEarlyData)
{
    /// <summary>Null if the bytes are no NewSessionTicket.</summary>
    public static WireTicket13? Parse(ReadOnlyMemory<byte> message)
    {
        var cursor = new ByteCursor(message);
        cursor.Take(4); // msg_type, length
        var (lifetime, ageAdd, nonce, ticket) = (cursor.TakeUInt(4), cursor.TakeUInt(4), cursor.TakeVector(1), cursor.TakeVector(2));
        var extensions = ExtensionBlock.Read(ref cursor);
        if (extensions is null || !cursor.IsEmpty)
        {
            return null;
        }

        return new WireTicket13(lifetime, ageAdd, nonce, ticket, extensions[ExtensionBlock.EarlyData] is { } data ? new ByteCursor(data).First(4) : null);
    }
}
