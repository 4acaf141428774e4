namespace Kippu.Cli.Fleet;

/// <summary>What a node of the fleet is doing.</summary>
internal enum NodeState
{
    Starting,
    Serving,
    Paused,
    Stopped,
}
