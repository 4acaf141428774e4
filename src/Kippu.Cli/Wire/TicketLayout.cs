namespace Kippu.Cli.Wire;

/// <summary>
/// The parts of a ticket that is laid out as RFC 5077 §4 recommends. Nothing binds a server to that; what these parts hold can be seen with the ring only.
/// <code>
/// struct {
///     opaque key_name[16];                   /* Kippu: key id [8], scope tag [8] */
///     opaque iv[16];
///     opaque encrypted_state&lt;0..2^16-1&gt;;
///     opaque mac[32];
/// } ticket;
/// </code>
/// </summary>
internal sealed record TicketLayout(ReadOnlyMemory<byte> KeyName, ReadOnlyMemory<byte> Iv, ReadOnlyMemory<byte> EncryptedState, ReadOnlyMemory<byte> Mac)
{
    private const int KeyNameLength = 16;
    private const int IvLength = 16;
    private const int MacLength = 32;

    /// <summary>Kippu's own: the ring key's id.</summary>
    public ReadOnlyMemory<byte> KeyId => KeyName[..8];

    /// <summary>Kippu's own: names the version of TLS and the scope.</summary>
    public ReadOnlyMemory<byte> ScopeTag => KeyName[8..];

    /// <summary>Null if the lengths do not fit that layout.</summary>
    public static TicketLayout? Parse(ReadOnlyMemory<byte> ticket)
    {
        var cursor = new ByteCursor(ticket);
        var layout = new TicketLayout(cursor.Take(KeyNameLength), cursor.Take(IvLength), cursor.TakeVector(2), cursor.Take(MacLength));
        return cursor.IsSound && cursor.IsEmpty ? layout : null;
    }
}
