namespace Kippu;

/// <summary>Where a server's ring comes from. The source decides when the ring changes; servers look at <see cref="Current"/> each time they need a key.</summary>
/// <remarks>Implementations must be thread-safe, and <see cref="Current"/> must be fast: it is read once or twice in each handshake.</remarks>
public interface IRingSource
{
    /// <summary>
    /// The ring in force; never null. While its store cannot be reached a source goes on giving the ring that it has. It must not throw.
    /// The source owns the ring: callers do not dispose it. A source may dispose a ring once it gives another.
    /// </summary>
    TicketKeyRing Current { get; }
}
