namespace Kippu;

/// <summary>
/// Why a connection failed: the closed list. Each value belongs to exactly one alert, so the reason can never disagree with what was sent to the peer.
/// Tests and operators should look at this value, never at the text of a message.
/// </summary>
public enum PeerFault
{
    /// <summary>A message could not be decoded: a length or the syntax was wrong.</summary>
    MalformedMessage,
    /// <summary>A message came that has no place at this point of the handshake.</summary>
    UnexpectedMessage,
    /// <summary>A record of an unknown content type, or of a type that has no place here.</summary>
    UnexpectedRecord,
    /// <summary>The bytes are not TLS records at all (plain HTTP, for instance).</summary>
    NotTls,
    /// <summary>A record carried a protocol version other than 3.x.</summary>
    RecordVersion,
    /// <summary>A record was longer than its limit (RFC 5246 §6.2, or the record_size_limit that was announced).</summary>
    RecordOverflow,
    /// <summary>A record could not be deprotected.</summary>
    BadRecordMac,
    /// <summary>Too many records without content in a row.</summary>
    TooManyEmptyRecords,
    /// <summary>Too many warning alerts in a row.</summary>
    TooManyWarningAlerts,
    /// <summary>A handshake message was longer than its limit.</summary>
    HandshakeMessageTooLarge,
    /// <summary>Part of a handshake message stood before a change of keys.</summary>
    MessageAcrossKeyChange,
    /// <summary>No protocol version in common.</summary>
    UnsupportedVersion,
    /// <summary>No cipher suite in common.</summary>
    NoCommonCipherSuite,
    /// <summary>No group for the key exchange in common.</summary>
    NoCommonGroup,
    /// <summary>No signature scheme in common that a credential can use.</summary>
    NoCommonSignatureScheme,
    /// <summary>No application protocol in common (RFC 7301 §3.2).</summary>
    NoApplicationProtocol,
    /// <summary>The server does not know the name in server_name (RFC 6066 §3).</summary>
    UnrecognizedName,
    /// <summary>The peer chose or offered a value that is not allowed in this field.</summary>
    IllegalParameter,
    /// <summary>The same extension stood twice in one message.</summary>
    DuplicateExtension,
    /// <summary>The peer answered with an extension that was not offered.</summary>
    UnsolicitedExtension,
    /// <summary>An extension that is mandatory here was missing.</summary>
    MissingExtension,
    /// <summary>A public key of the key exchange was invalid, or the shared secret was all zero (RFC 8422 §5.11).</summary>
    BadKeyShare,
    /// <summary>A Finished message did not verify.</summary>
    BadFinished,
    /// <summary>A handshake signature did not verify.</summary>
    BadSignature,
    /// <summary>renegotiation_info held something other than what RFC 5746 demands.</summary>
    RenegotiationMismatch,
    /// <summary>The peer asked for a renegotiation, which this library refuses.</summary>
    RenegotiationRefused,
    /// <summary>A session with extended master secret was resumed without it, or the other way round (RFC 7627 §5.3).</summary>
    ExtendedMasterSecretMismatch,
    /// <summary>The peer does not support extended master secret, and the options require it.</summary>
    ExtendedMasterSecretRequired,
    /// <summary>The resumed session and the peer's answer disagree (suite, version, application protocol).</summary>
    ResumptionMismatch,
    /// <summary>A client certificate is required and none came.</summary>
    CertificateMissing,
    /// <summary>A client certificate is required and none came (TLS 1.3, which has an alert for it).</summary>
    CertificateRequired,
    /// <summary>A certificate could not be parsed, or its chain did not verify.</summary>
    BadCertificate,
    /// <summary>A certificate has expired or is not yet valid.</summary>
    CertificateExpired,
    /// <summary>A certificate was revoked, or its revocation could not be checked as the options demand.</summary>
    CertificateRevoked,
    /// <summary>A certificate chain ends at no trusted root.</summary>
    UnknownAuthority,
    /// <summary>A certificate is not for the name that was asked for (RFC 6125).</summary>
    CertificateNameMismatch,
    /// <summary>A certificate's key, key usage or extended key usage does not fit its use here.</summary>
    UnsupportedCertificate,
    /// <summary>The application's verification refused the certificate.</summary>
    CertificateRejected,
    /// <summary>More early data came than was allowed, or more of it than is skipped after a refusal (RFC 8446 §4.2.10).</summary>
    TooMuchEarlyData,
    /// <summary>Too many messages in a row that bring nothing forward: HelloRequests, KeyUpdates, tickets.</summary>
    TooManyIdleMessages,
    /// <summary>The binder of the selected pre-shared key is missing or does not verify (RFC 8446 §4.2.11).</summary>
    BadBinder,
    /// <summary>The server chose an older version although both sides speak a newer one: somebody has interfered (RFC 8446 §4.1.3).</summary>
    Downgrade,
    /// <summary>A fallback hello came to a server that supports a higher version (RFC 7507).</summary>
    InappropriateFallback,
    /// <summary>The peer ended the transport without close_notify: data may be missing (RFC 5246 §7.2.1).</summary>
    Truncated,
    /// <summary>The peer sent a fatal alert; <see cref="TlsException.Alert"/> says which.</summary>
    PeerAlert,
    /// <summary>The handshake was not over within its time limit.</summary>
    HandshakeTimeout,
    /// <summary>A key has protected as many records as it may.</summary>
    KeyExhausted,
    /// <summary>This side failed for a reason of its own; the inner exception says why.</summary>
    InternalError,
}
