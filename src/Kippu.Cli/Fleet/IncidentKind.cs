namespace Kippu.Cli.Fleet;

/// <summary>What can be done to a node while clients come.</summary>
internal enum IncidentKind
{
    /// <summary>Its process is killed (SIGKILL) and started again.</summary>
    Kill,

    /// <summary>Its process is stopped (SIGSTOP) for a while.</summary>
    Pause,

    /// <summary>It is stopped in order and started again.</summary>
    Restart,

    /// <summary>It does not see the ring for a while.</summary>
    Cut,
}
