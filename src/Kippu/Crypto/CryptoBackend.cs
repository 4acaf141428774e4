namespace Kippu.Crypto;

/// <summary>Which library computes a primitive; see <see cref="CryptoBackends"/>.</summary>
internal enum CryptoBackend
{
    /// <summary>The types of System.Security.Cryptography, and libsodium for X25519: everywhere.</summary>
    Platform,

    /// <summary>OpenSSL's libcrypto called directly, where the platform's types stand on that very library: Linux.</summary>
    LibCrypto,
}
