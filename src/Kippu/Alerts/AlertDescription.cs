namespace Kippu;

/// <summary>What a TLS alert says (RFC 5246 §7.2, RFC 8446 §6). The names are those of the RFCs, the values those on the wire.</summary>
public enum AlertDescription : byte
{
    /// <summary>The sender will send no more data on this connection (RFC 5246 §7.2.1).</summary>
    CloseNotify = 0,
    /// <summary>A message that was not appropriate came.</summary>
    UnexpectedMessage = 10,
    /// <summary>A record could not be deprotected.</summary>
    BadRecordMac = 20,
    /// <summary>A record was longer than its maximum.</summary>
    RecordOverflow = 22,
    /// <summary>No acceptable set of security parameters could be negotiated.</summary>
    HandshakeFailure = 40,
    /// <summary>A certificate was corrupt or its signatures did not verify.</summary>
    BadCertificate = 42,
    /// <summary>A certificate was of a type that is not supported.</summary>
    UnsupportedCertificate = 43,
    /// <summary>A certificate was revoked by its signer.</summary>
    CertificateRevoked = 44,
    /// <summary>A certificate has expired or is not yet valid.</summary>
    CertificateExpired = 45,
    /// <summary>Some other issue made the certificate unacceptable.</summary>
    CertificateUnknown = 46,
    /// <summary>A field was out of range or inconsistent with other fields.</summary>
    IllegalParameter = 47,
    /// <summary>No trust anchor was found for the certificate chain.</summary>
    UnknownCA = 48,
    /// <summary>The certificate was valid, but access control refused it.</summary>
    AccessDenied = 49,
    /// <summary>A message could not be decoded: a length or a syntax error.</summary>
    DecodeError = 50,
    /// <summary>A handshake cryptographic operation failed: a signature, a Finished or a binder did not verify.</summary>
    DecryptError = 51,
    /// <summary>The protocol version is recognised, but not supported.</summary>
    ProtocolVersion = 70,
    /// <summary>The server requires parameters more secure than the client supports.</summary>
    InsufficientSecurity = 71,
    /// <summary>An internal error unrelated to the peer.</summary>
    InternalError = 80,
    /// <summary>A fallback hello came to a server that supports a higher version (RFC 7507).</summary>
    InappropriateFallback = 86,
    /// <summary>The handshake was cancelled for a reason unrelated to a protocol failure.</summary>
    UserCanceled = 90,
    /// <summary>A renegotiation is refused (RFC 5246 §7.2.2).</summary>
    NoRenegotiation = 100,
    /// <summary>An extension that is mandatory here was missing (RFC 8446 §6.2).</summary>
    MissingExtension = 109,
    /// <summary>An extension came that is not allowed in this message, or that was not asked for.</summary>
    UnsupportedExtension = 110,
    /// <summary>The server does not serve the name in server_name (RFC 6066 §3).</summary>
    UnrecognizedName = 112,
    /// <summary>An OCSP response was invalid or unacceptable (RFC 6066 §8).</summary>
    BadCertificateStatusResponse = 113,
    /// <summary>No acceptable PSK identity was offered.</summary>
    UnknownPskIdentity = 115,
    /// <summary>A client certificate is required and none came (RFC 8446 §6.2).</summary>
    CertificateRequired = 116,
    /// <summary>None of the client's application protocols is supported (RFC 7301 §3.2).</summary>
    NoApplicationProtocol = 120,
}
