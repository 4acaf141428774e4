namespace Kippu.Cli.Wire;

/// <summary>What an observer without keys can tell a piece of the wire to be.</summary>
internal enum WireKind
{
    /// <summary>A whole handshake message in clear.</summary>
    Handshake,

    /// <summary>ChangeCipherSpec: what follows from this side is protected.</summary>
    ChangeCipherSpec,

    /// <summary>A record of handshake content that is protected: in TLS 1.2 the Finished.</summary>
    ProtectedHandshake,

    /// <summary>An alert in clear.</summary>
    Alert,

    /// <summary>An alert that is protected: only its being there can be seen.</summary>
    ProtectedAlert,
}
