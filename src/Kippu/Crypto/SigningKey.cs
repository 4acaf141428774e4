using System.Security.Cryptography;
using Kippu.Crypto.OpenSsl;

namespace Kippu.Crypto;

/// <summary>A private key, ready to make handshake signatures.</summary>
/// <remarks>One user at a time.</remarks>
internal sealed class SigningKey : IDisposable
{
    private const int MaxHashLength = 64;

    private readonly AsymmetricAlgorithm _key;
    private readonly LibCryptoSigner? _libCrypto;

    /// <param name="key">Owned by this object from here on.</param>
    public SigningKey(AsymmetricAlgorithm key)
        : this(key, CryptoBackends.Preferred)
    {
    }

    /// <param name="key">Owned by this object from here on.</param>
    /// <param name="backend">Who computes.</param>
    public SigningKey(AsymmetricAlgorithm key, CryptoBackend backend)
    {
        _key = key;
        _libCrypto = backend == CryptoBackend.LibCrypto && key is ECDsa ecdsa ? LibCryptoSigner.TryCreate(ecdsa) : null;
    }

    /// <exception cref="ArgumentException">The key is not of the scheme's algorithm, or the scheme is unknown.</exception>
    public byte[] Sign(SignatureScheme scheme, ReadOnlySpan<byte> data)
    {
        if (_libCrypto is { } libCrypto && Signatures.EcdsaHash(scheme) is { } hashName)
        {
            Span<byte> hash = stackalloc byte[MaxHashLength];
            var length = CryptographicOperations.HashData(hashName, data, hash);
            return libCrypto.Sign(hash[..length]);
        }

        return Signatures.Sign(_key, scheme, data);
    }

    public void Dispose()
    {
        _key.Dispose();
        _libCrypto?.Dispose();
    }
}
