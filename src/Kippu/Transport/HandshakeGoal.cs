namespace Kippu.Transport;

/// <summary>How far a server's handshake is carried by one call, once early data has been accepted.</summary>
internal enum HandshakeGoal
{
    /// <summary>Until there is early data to be read, or its end.</summary>
    EarlyData,

    /// <summary>To its end.</summary>
    Complete,
}
