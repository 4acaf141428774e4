namespace Kippu.Fleet;

/// <summary>Why a ring that was looked for was not taken. The ring in force stays in force.</summary>
public enum RingProblem
{
    /// <summary>There is none: the ring in force is the one that is stored.</summary>
    None,

    /// <summary>There is no file, or not exactly one <c>*.ring</c> in the directory.</summary>
    Missing,

    /// <summary>It cannot be read: permissions, a device that fails.</summary>
    Unreadable,

    /// <summary>It is no ring, or a part of one: half written, cut short, corrupt.</summary>
    Malformed,

    /// <summary>It is not sealed, and an operator key was given: anyone could have put it there.</summary>
    NotSealed,

    /// <summary>It is sealed by an operator key that was not given, or whose file cannot be read.</summary>
    UnknownOperatorKey,

    /// <summary>It is sealed by a known operator key, and is not what was sealed: an id, a time or a secret has been altered.</summary>
    Altered,

    /// <summary>Its (epoch, version) is lower than that of the ring in force, or than the high-water file: somebody has put back an old copy.</summary>
    Older,

    /// <summary>It has the (epoch, version) of the ring in force, and other content: two writers have not seen each other.</summary>
    Conflict,
}
