namespace Kippu;

/// <summary>What a key of a ring may be used for at a given time: a pure function of the key and the time, the same on every node.</summary>
public enum TicketKeyState
{
    /// <summary>Known to the nodes, and not yet, or never, to seal: it opens tickets only.</summary>
    Published,

    /// <summary>May seal and open. Of several active keys the one activated last seals.</summary>
    Active,

    /// <summary>Seals no more: it opens tickets only.</summary>
    Retired,

    /// <summary>Its time is over: it neither seals nor opens, and will leave the ring.</summary>
    Erased,

    /// <summary>Withdrawn: it neither seals nor opens. It stays listed, without its secret, so that its tickets are refused for that reason.</summary>
    Revoked,
}
