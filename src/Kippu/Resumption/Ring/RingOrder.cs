namespace Kippu;

/// <summary>How a ring that was found stands to the ring in force (<see cref="TicketKeyRing.Judge"/>).</summary>
public enum RingOrder
{
    /// <summary>Higher (epoch, version): take it.</summary>
    Newer,

    /// <summary>The same (epoch, version) and the same content: nothing to do.</summary>
    Same,

    /// <summary>Lower (epoch, version): refuse and report it. Somebody has put back an old copy.</summary>
    Older,

    /// <summary>The same (epoch, version) with other content: refuse and report it. Two writers have not seen each other.</summary>
    Conflict,
}
