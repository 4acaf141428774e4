namespace Kippu.Fleet;

/// <summary>How a source of rings stands: which ring is in force, and why the one that is stored is not, if it is not.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed record RingStatus
{
    /// <summary>Why the ring that is stored was not taken; <see cref="RingProblem.None"/> if the ring in force is the one that is stored.</summary>
    public RingProblem Problem { get; init; }

    /// <summary>The problem in words; empty if there is none. Never holds a secret.</summary>
    public string Detail { get; init; } = "";

    /// <summary>Since when it is so.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>The epoch of the ring in force; 0 if the node has started without one.</summary>
    public long Epoch { get; init; }

    /// <summary>The version of the ring in force; 0 if the node has started without one.</summary>
    public long Version { get; init; }
}
