namespace Kippu;

/// <summary>What a <see cref="HandshakeEvent"/> tells of.</summary>
public enum HandshakeEventKind
{
    /// <summary>A handshake message.</summary>
    Handshake,

    /// <summary>A ChangeCipherSpec.</summary>
    ChangeCipherSpec,

    /// <summary>An alert.</summary>
    Alert,
}
