namespace Kippu;

/// <summary>
/// Why a connection failed: the closed list. Each value belongs to exactly one alert, so the reason can never disagree with what was sent to the peer.
/// Tests and operators should look at this value, never at the text of a message.
/// </summary>
public enum TlsFault
{
    /// <summary>A message could not be decoded: a length or the syntax was wrong.</summary>
    MalformedMessage = 1,
    /// <summary>A message came that has no place at this point of the handshake.</summary>
    UnexpectedMessage = 2,
    /// <summary>A record of an unknown content type, or of a type that has no place here.</summary>
    UnexpectedRecord = 3,
    /// <summary>The bytes are not TLS records at all (plain HTTP, for instance).</summary>
    NotTls = 4,
    /// <summary>A record carried a protocol version other than 3.x.</summary>
    RecordVersion = 5,
    /// <summary>A record was longer than its limit (RFC 5246 §6.2, or the record_size_limit that was announced).</summary>
    RecordOverflow = 6,
    /// <summary>A record could not be deprotected.</summary>
    BadRecordMac = 7,
    /// <summary>Too many records without content in a row.</summary>
    TooManyEmptyRecords = 8,
    /// <summary>Too many warning alerts in a row.</summary>
    TooManyWarningAlerts = 9,
    /// <summary>A handshake message was longer than its limit.</summary>
    HandshakeMessageTooLarge = 10,
    /// <summary>Part of a handshake message stood before a change of keys.</summary>
    MessageAcrossKeyChange = 11,
    /// <summary>No protocol version in common.</summary>
    UnsupportedVersion = 12,
    /// <summary>No cipher suite in common.</summary>
    NoCommonCipherSuite = 13,
    /// <summary>No group for the key exchange in common.</summary>
    NoCommonGroup = 14,
    /// <summary>No signature scheme in common that a credential can use.</summary>
    NoCommonSignatureScheme = 15,
    /// <summary>No application protocol in common (RFC 7301 §3.2).</summary>
    NoApplicationProtocol = 16,
    /// <summary>The server does not know the name in server_name (RFC 6066 §3).</summary>
    UnrecognizedName = 17,
    /// <summary>The peer chose or offered a value that is not allowed in this field.</summary>
    IllegalParameter = 18,
    /// <summary>The same extension stood twice in one message.</summary>
    DuplicateExtension = 19,
    /// <summary>The peer answered with an extension that was not offered.</summary>
    UnsolicitedExtension = 20,
    /// <summary>An extension that is mandatory here was missing.</summary>
    MissingExtension = 21,
    /// <summary>A public key of the key exchange was invalid, or the shared secret was all zero (RFC 8422 §5.11).</summary>
    BadKeyShare = 22,
    /// <summary>A Finished message did not verify.</summary>
    BadFinished = 23,
    /// <summary>A handshake signature did not verify.</summary>
    BadSignature = 24,
    /// <summary>renegotiation_info held something other than what RFC 5746 demands.</summary>
    RenegotiationMismatch = 25,
    /// <summary>The peer asked for a renegotiation, which this library refuses.</summary>
    RenegotiationRefused = 26,
    /// <summary>A session with extended master secret was resumed without it, or the other way round (RFC 7627 §5.3).</summary>
    ExtendedMasterSecretMismatch = 27,
    /// <summary>The peer does not support extended master secret, and the options require it.</summary>
    ExtendedMasterSecretRequired = 28,
    /// <summary>The resumed session and the peer's answer disagree (suite, version, application protocol).</summary>
    ResumptionMismatch = 29,
    /// <summary>A client certificate is required and none came.</summary>
    CertificateMissing = 30,
    /// <summary>A client certificate is required and none came (TLS 1.3, which has an alert for it).</summary>
    CertificateRequired = 31,
    /// <summary>A certificate could not be parsed, or its chain did not verify.</summary>
    BadCertificate = 32,
    /// <summary>A certificate has expired or is not yet valid.</summary>
    CertificateExpired = 33,
    /// <summary>A certificate was revoked, or its revocation could not be checked as the options demand.</summary>
    CertificateRevoked = 34,
    /// <summary>A certificate chain ends at no trusted root.</summary>
    UnknownAuthority = 35,
    /// <summary>A certificate is not for the name that was asked for (RFC 6125).</summary>
    CertificateNameMismatch = 36,
    /// <summary>A certificate's key, key usage or extended key usage does not fit its use here.</summary>
    UnsupportedCertificate = 37,
    /// <summary>The application's verification refused the certificate.</summary>
    CertificateRejected = 38,
    /// <summary>More early data came than was allowed, or more of it than is skipped after a refusal (RFC 8446 §4.2.10).</summary>
    TooMuchEarlyData = 39,
    /// <summary>Too many messages in a row that bring nothing forward: HelloRequests, KeyUpdates, tickets.</summary>
    TooManyIdleMessages = 40,
    /// <summary>The binder of the selected pre-shared key is missing or does not verify (RFC 8446 §4.2.11).</summary>
    BadBinder = 41,
    /// <summary>The server chose an older version although both sides speak a newer one: somebody has interfered (RFC 8446 §4.1.3).</summary>
    Downgrade = 42,
    /// <summary>A fallback hello came to a server that supports a higher version (RFC 7507).</summary>
    InappropriateFallback = 43,
    /// <summary>The peer ended the transport without close_notify: data may be missing (RFC 5246 §7.2.1).</summary>
    Truncated = 44,
    /// <summary>The peer sent a fatal alert; <see cref="TlsException.Alert"/> says which.</summary>
    PeerAlert = 45,
    /// <summary>The handshake was not over within its time limit.</summary>
    HandshakeTimeout = 46,
    /// <summary>A key has protected as many records as it may.</summary>
    KeyExhausted = 47,
    /// <summary>This side failed for a reason of its own; the inner exception says why.</summary>
    InternalError = 48,
}
