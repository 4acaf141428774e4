namespace Kippu.Resumption;

/// <summary>What was found when the peer's certificate was verified in the original full handshake.</summary>
internal enum PeerVerification : byte
{
    /// <summary>There was no certificate, or nobody looked at it.</summary>
    NotVerified = 0,

    /// <summary>The chain and the name verified.</summary>
    Verified = 1,

    /// <summary>The application's callback accepted what did not verify.</summary>
    Overruled = 2,
}
