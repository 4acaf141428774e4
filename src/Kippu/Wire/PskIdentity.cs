namespace Kippu.Wire;

/// <summary>
/// What a client shows for a pre-shared key (RFC 8446 §4.2.11); here a ticket always.
/// <code>
/// struct {
///     opaque identity&lt;1..2^16-1&gt;;
///     uint32 obfuscated_ticket_age;
/// } PskIdentity;
/// </code>
/// </summary>
/// <param name="identity">The ticket.</param>
/// <param name="obfuscatedTicketAge">Milliseconds since the client got the ticket, plus ticket_age_add, modulo 2^32 (§4.2.11.1).</param>
internal readonly struct PskIdentity(ReadOnlyMemory<byte> identity, uint obfuscatedTicketAge)
{
    public ReadOnlyMemory<byte> Identity { get; } = identity;

    public uint ObfuscatedTicketAge { get; } = obfuscatedTicketAge;

    /// <summary>
    /// The age of §4.2.11.1 as it goes on the wire: "taking the age in milliseconds and adding the "ticket_age_add" value that was included with the ticket
    /// (see Section 4.6.1), modulo 2^32".
    /// </summary>
    public static uint Obfuscate(TimeSpan age, uint ageAdd) => unchecked((uint)(ulong)(age.Ticks / TimeSpan.TicksPerMillisecond) + ageAdd);

    /// <summary>The age that the client states, in milliseconds: ticket_age_add taken off again.</summary>
    public TimeSpan TicketAge(uint ageAdd) => TimeSpan.FromMilliseconds(unchecked(ObfuscatedTicketAge - ageAdd));

    public static PskIdentity Read(ref MemoryReader reader) => new(reader.ReadVector16("identity", min: 1), reader.ReadUInt32("obfuscated_ticket_age"));

    public void Write(TlsWriter writer)
    {
        writer.WriteVector16(Identity.Span);
        writer.WriteUInt32(ObfuscatedTicketAge);
    }
}
