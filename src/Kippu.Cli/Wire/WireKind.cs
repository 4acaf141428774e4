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

    /// <summary>A record of application data from a client that has no answer yet: early data of TLS 1.3 (RFC 8446 §2.3). Nothing else can be there.</summary>
    EarlyData,

    /// <summary>A record of TLS 1.3 under encryption: all of them look like application data (RFC 8446 §5.2).</summary>
    Encrypted,
}
