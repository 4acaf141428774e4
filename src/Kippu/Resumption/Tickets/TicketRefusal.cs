namespace Kippu;

/// <summary>
/// Why a session that a client offered, by ticket or by session ID, was not resumed. Each costs one full handshake and is never silent; none but
/// <see cref="ExtendedMasterSecret"/> can be fatal (RFC 7627 §5.3).
/// </summary>
public enum TicketRefusal
{
    /// <summary>Not refused.</summary>
    None = 0,

    /// <summary>Not a ticket of ours: too short, too long, or its content makes no sense though its MAC is good.</summary>
    Malformed = 1,

    /// <summary>The ring holds no key of this id: sealed by another fleet, or the key has left the ring.</summary>
    UnknownKey = 2,

    /// <summary>The key was revoked.</summary>
    RevokedKey = 3,

    /// <summary>The key is still listed, and its time is over.</summary>
    ErasedKey = 4,

    /// <summary>The key is known and the MAC does not verify: the ticket was altered.</summary>
    BadMac = 5,

    /// <summary>Sealed under another scope (another policy or another service on the same ring), or the name of its key was altered.</summary>
    WrongScope = 6,

    /// <summary>Sealed for another version of TLS.</summary>
    WrongVersion = 7,

    /// <summary>Sealed by a later release, in a format that this one does not read.</summary>
    UnknownFormat = 8,

    /// <summary>The lifetime that the ticket advertised is over.</summary>
    Expired = 9,

    /// <summary>The original full handshake is too long ago.</summary>
    LineageOver = 10,

    /// <summary>Issued in the future, by more than the clock skew.</summary>
    FromTheFuture = 11,

    /// <summary>The client certificate of the session has expired.</summary>
    CertificateExpired = 12,

    /// <summary>The session holds a client certificate, and the policy does not resume such sessions (a verification callback without an id).</summary>
    ClientCertificate = 13,

    /// <summary>The hello names another server than the session (RFC 6066 §3).</summary>
    ServerName = 14,

    /// <summary>The cipher suite of the session is not offered, not enabled, or not known.</summary>
    CipherSuite = 15,

    /// <summary>The session and the hello disagree about extended master secret (RFC 7627 §5.3), or the session lacks it.</summary>
    ExtendedMasterSecret = 16,

    /// <summary>The server holds no session of this session ID.</summary>
    UnknownSession = 17,

    /// <summary>The application's <see cref="ITicketProtector"/> refused the ticket.</summary>
    ApplicationRefused = 18,

    /// <summary>The application's <see cref="ITicketProtector"/> or <see cref="ISessionCache"/> threw an exception.</summary>
    ApplicationFailed = 19,

    /// <summary>Tickets are turned off, or the server was disposed.</summary>
    Disabled = 20,
}
