namespace Kippu.AspNetCore.Connections;

/// <summary>What came first on a connection.</summary>
internal enum HelloArrivalResult
{
    /// <summary>Something that a handshake can begin with, or end at once.</summary>
    Hello,

    /// <summary>Not a byte: the connection ended, or was silent for the whole time limit, or the server stops.</summary>
    Nothing,

    /// <summary>Part of a hello, and no more within the time limit.</summary>
    Stalled,
}
