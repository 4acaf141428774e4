namespace Kippu;

/// <summary>When a resumed session is given a fresh ticket. A ticket is never renewed when no key seals, or nothing is left of its lineage.</summary>
public enum TicketRenewal
{
    /// <summary>
    /// Once half of its advertised lifetime has passed, if the fresh ticket would outlive it. The default: some clients lose their session when each
    /// resumption renews it.
    /// </summary>
    PastHalfLife,

    /// <summary>At each resumption.</summary>
    Always,

    /// <summary>When the key that sealed it is not the one that seals now.</summary>
    WhenKeyIsNotCurrent,

    /// <summary>Never: each session ends with its first ticket.</summary>
    Never,
}
