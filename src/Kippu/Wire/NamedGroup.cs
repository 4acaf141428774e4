namespace Kippu;

/// <summary>Groups for the key exchange (IANA "TLS Supported Groups"; RFC 8422 §5.1.1, RFC 8446 §4.2.7). Those that this library implements.</summary>
public enum NamedGroup : ushort
{
    /// <summary>NIST P-256.</summary>
    Secp256r1 = 23,
    /// <summary>NIST P-384.</summary>
    Secp384r1 = 24,
    /// <summary>NIST P-521.</summary>
    Secp521r1 = 25,
    /// <summary>Curve25519 (RFC 7748). Needs the native library libsodium, which the package NSec.Cryptography carries.</summary>
    X25519 = 29,
    /// <summary>
    /// ML-KEM-768 together with X25519: the secret holds as long as one of the two does (draft-ietf-tls-ecdhe-mlkem). TLS 1.3 only. Needs
    /// <see cref="System.Security.Cryptography.MLKem.IsSupported"/>, that is OpenSSL 3.5 or newer on Linux, and what <see cref="X25519"/> needs.
    /// </summary>
    X25519MLKem768 = 4588,
}
