namespace Kippu.Fleet;

/// <summary>What came of a look at whether a ring is to be rotated.</summary>
public enum RotationOutcome
{
    /// <summary>Nothing was due.</summary>
    NothingDue,

    /// <summary>A new ring was written.</summary>
    Rotated,

    /// <summary>Something was due, and another process has done it.</summary>
    Overtaken,

    /// <summary>By the ring's last writer it is later than by this machine's clock, by more than the clock skew: nothing is decided here.</summary>
    ClockBehind,

    /// <summary>The ring could not be read or written, or has no room. It is tried again.</summary>
    Failed,
}
