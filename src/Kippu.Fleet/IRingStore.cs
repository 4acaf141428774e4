namespace Kippu.Fleet;

/// <summary>Where the ring of a fleet is kept, for those who may change it.</summary>
/// <remarks>Implementations are thread-safe, and safe between processes.</remarks>
public interface IRingStore
{
    /// <summary>The ring that is stored now. The caller owns it, and disposes it.</summary>
    /// <exception cref="RingUnavailableException">There is none, or it cannot be read or opened: then it must not be written either.</exception>
    ValueTask<TicketKeyRing> ReadAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Puts <paramref name="successor"/> in the place of <paramref name="expected"/>, as a whole: readers see the one or the other, and so it is after a crash at
    /// any point.
    /// </summary>
    /// <returns>False if what is stored is not <paramref name="expected"/> any more; nothing was written then: read again.</returns>
    /// <exception cref="ArgumentException"><paramref name="successor"/> is not newer than <paramref name="expected"/>.</exception>
    /// <exception cref="RingUnavailableException">What is stored cannot be read or opened.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    ValueTask<bool> TryReplaceAsync(TicketKeyRing expected, TicketKeyRing successor, CancellationToken cancellationToken = default);
}
