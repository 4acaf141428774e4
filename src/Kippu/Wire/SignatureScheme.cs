namespace Kippu;

/// <summary>
/// Signature schemes (IANA "TLS SignatureScheme"; RFC 8446 §4.2.3). In TLS 1.2 the same two bytes are a hash and a signature algorithm
/// (RFC 5246 §7.4.1.4.1), and the ECDSA ones say nothing about the curve.
/// </summary>
public enum SignatureScheme : ushort
{
    /// <summary>RSASSA-PKCS1-v1_5 with SHA-256.</summary>
    RsaPkcs1Sha256 = 0x0401,
    /// <summary>RSASSA-PKCS1-v1_5 with SHA-384.</summary>
    RsaPkcs1Sha384 = 0x0501,
    /// <summary>RSASSA-PKCS1-v1_5 with SHA-512.</summary>
    RsaPkcs1Sha512 = 0x0601,
    /// <summary>ECDSA with SHA-256; in TLS 1.3 on P-256 only.</summary>
    EcdsaSecp256r1Sha256 = 0x0403,
    /// <summary>ECDSA with SHA-384; in TLS 1.3 on P-384 only.</summary>
    EcdsaSecp384r1Sha384 = 0x0503,
    /// <summary>ECDSA with SHA-512; in TLS 1.3 on P-521 only.</summary>
    EcdsaSecp521r1Sha512 = 0x0603,
    /// <summary>RSASSA-PSS with SHA-256 and an rsaEncryption key.</summary>
    RsaPssRsaeSha256 = 0x0804,
    /// <summary>RSASSA-PSS with SHA-384 and an rsaEncryption key.</summary>
    RsaPssRsaeSha384 = 0x0805,
    /// <summary>RSASSA-PSS with SHA-512 and an rsaEncryption key.</summary>
    RsaPssRsaeSha512 = 0x0806,
}
