namespace Kippu.Cli.Tls;

/// <summary>What became of early data (RFC 8446 §2.3).</summary>
internal enum EarlyDataOutcome
{
    /// <summary>No session allowed it, or nobody wanted it.</summary>
    NotOffered,

    /// <summary>The server took it.</summary>
    Accepted,

    /// <summary>The server did not take it.</summary>
    Refused,
}
