namespace Kippu.Cli.Wire;

/// <summary>One of the pre-shared keys that a ClientHello offers (RFC 8446 §4.2.11): all of it stands in the clear.</summary>
/// <param name="Identity">A ticket, as a rule.</param>
/// <param name="ObfuscatedAge">Its age in milliseconds, to which its ticket_age_add is added modulo 2^32.</param>
/// <param name="Binder">Shows that the client has the key.</param>
internal sealed record WirePsk(ReadOnlyMemory<byte> Identity, uint ObfuscatedAge, ReadOnlyMemory<byte> Binder)
{
    /// <summary>All that an extension holds; empty if it is none, or has not as many binders as identities.</summary>
    public static IReadOnlyList<WirePsk> ParseAll(ReadOnlyMemory<byte> extension)
    {
        var cursor = new ByteCursor(extension);
        var identities = new ByteCursor(cursor.TakeVector(2));
        var binders = new ByteCursor(cursor.TakeVector(2));
        var all = new List<WirePsk>();
        while (identities.IsSound && binders.IsSound && !identities.IsEmpty)
        {
            all.Add(new WirePsk(identities.TakeVector(2), identities.TakeUInt(4), binders.TakeVector(1)));
        }

        return cursor.IsSound && cursor.IsEmpty && identities.IsSound && binders.IsSound && binders.IsEmpty ? all : [];
    }
}
