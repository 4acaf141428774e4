namespace Kippu.Cli.Ladders;

/// <summary>What a step of a handshake is.</summary>
internal enum TraceKind
{
    /// <summary>A handshake message.</summary>
    Handshake,

    /// <summary>A ChangeCipherSpec.</summary>
    ChangeCipherSpec,

    /// <summary>An alert.</summary>
    Alert,

    /// <summary>Application data before the handshake is complete (0-RTT): no message of it, and yet what it is about.</summary>
    EarlyData,
}
