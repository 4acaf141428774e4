namespace Kippu;

/// <summary>How a connection came by its session.</summary>
public enum ResumptionKind
{
    /// <summary>A full handshake: nothing was resumed.</summary>
    None,

    /// <summary>A session ticket (RFC 5077).</summary>
    Ticket,

    /// <summary>A session ID that named a session kept by the server (RFC 5246 §7.3).</summary>
    SessionId,

    /// <summary>A ticket as a pre-shared key, with a key exchange of its own (psk_dhe_ke, RFC 8446 §2.2).</summary>
    Psk,
}
