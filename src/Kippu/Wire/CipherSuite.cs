using System.Net.Security;
using System.Security.Cryptography;

namespace Kippu.Wire;

/// <summary>A cipher suite and its parameters (RFC 8446 §B.4, RFC 5289, RFC 7905). The table is closed: a suite that is not here is not spoken.</summary>
internal sealed class CipherSuite
{
    private static readonly CipherSuite[] s_all =
    [
        new(TlsCipherSuite.TLS_AES_128_GCM_SHA256, TlsVersion.Tls13, SuiteAuthentication.Any, AeadAlgorithm.Aes128Gcm, HashAlgorithmName.SHA256),
        new(TlsCipherSuite.TLS_AES_256_GCM_SHA384, TlsVersion.Tls13, SuiteAuthentication.Any, AeadAlgorithm.Aes256Gcm, HashAlgorithmName.SHA384),
        new(TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256, TlsVersion.Tls13, SuiteAuthentication.Any, AeadAlgorithm.ChaCha20Poly1305, HashAlgorithmName.SHA256),
        new(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TlsVersion.Tls12, SuiteAuthentication.Ecdsa, AeadAlgorithm.Aes128Gcm, HashAlgorithmName.SHA256),
        new(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, TlsVersion.Tls12, SuiteAuthentication.Ecdsa, AeadAlgorithm.Aes256Gcm, HashAlgorithmName.SHA384),
        new(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, TlsVersion.Tls12, SuiteAuthentication.Ecdsa, AeadAlgorithm.ChaCha20Poly1305, HashAlgorithmName.SHA256),
        new(TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TlsVersion.Tls12, SuiteAuthentication.Rsa, AeadAlgorithm.Aes128Gcm, HashAlgorithmName.SHA256),
        new(TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, TlsVersion.Tls12, SuiteAuthentication.Rsa, AeadAlgorithm.Aes256Gcm, HashAlgorithmName.SHA384),
        new(TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, TlsVersion.Tls12, SuiteAuthentication.Rsa, AeadAlgorithm.ChaCha20Poly1305, HashAlgorithmName.SHA256),
    ];

    private CipherSuite(TlsCipherSuite id, TlsVersion version, SuiteAuthentication authentication, AeadAlgorithm aead, HashAlgorithmName hash)
    {
        Id = id;
        Version = version;
        Authentication = authentication;
        Aead = aead;
        Hash = hash;
    }

    /// <summary>The suites of both versions; each belongs to one.</summary>
    public static ReadOnlySpan<CipherSuite> All => s_all;

    public TlsCipherSuite Id { get; }

    public TlsVersion Version { get; }

    public SuiteAuthentication Authentication { get; }

    public AeadAlgorithm Aead { get; }

    public HashAlgorithmName Hash { get; }

    public int HashLength => Hash == HashAlgorithmName.SHA384 ? 48 : 32;

    public int KeyLength => Aead == AeadAlgorithm.Aes128Gcm ? 16 : 32;

    /// <summary>
    /// RFC 5288 §3: a GCM nonce is 4 bytes of the key block and 8 in the record; RFC 7905 §2: ChaCha20 takes all 12 from the key block; RFC 8446 §5.3: so
    /// does every suite of TLS 1.3.
    /// </summary>
    public int FixedIvLength => Version == TlsVersion.Tls12 && Aead != AeadAlgorithm.ChaCha20Poly1305 ? 4 : 12;

    /// <summary>The suite with this number, or null if it is not in the table.</summary>
    public static CipherSuite? Find(ushort id)
    {
        foreach (var suite in s_all)
        {
            if ((ushort)suite.Id == id)
            {
                return suite;
            }
        }

        return null;
    }

    public override string ToString() => Id.ToString();
}
