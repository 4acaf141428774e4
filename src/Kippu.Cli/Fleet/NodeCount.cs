namespace Kippu.Cli.Fleet;

/// <summary>What a node has done.</summary>
internal sealed class NodeCount
{
    public int Resumed { get; set; }

    /// <summary>Full handshakes with clients that had no ticket.</summary>
    public int New { get; set; }

    /// <summary>Full handshakes with clients that had one.</summary>
    public int Refused { get; set; }

    public int Failed { get; set; }

    /// <summary>The version of the ring that it had when it last answered.</summary>
    public long Ring { get; set; }
}
