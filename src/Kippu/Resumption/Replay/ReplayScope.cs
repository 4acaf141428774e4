namespace Kippu;

/// <summary>Among whom early data is accepted once only.</summary>
public enum ReplayScope
{
    /// <summary>Among all nodes that share the ring: the guard must be shared by them.</summary>
    Fleet,

    /// <summary>By each node for itself: an attacker can have the same early data accepted once by each of them.</summary>
    PerNode,
}
