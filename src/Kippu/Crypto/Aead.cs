using System.Security.Cryptography;
using Kippu.Crypto.OpenSsl;
using Kippu.Wire;

namespace Kippu.Crypto;

/// <summary>Authenticated encryption under one key (RFC 5116): 12-byte nonces, 16-byte tags. The key is set up once.</summary>
/// <remarks>One user at a time. Plaintext and ciphertext may be the very same memory, but may not overlap in any other way.</remarks>
internal abstract class Aead : IDisposable
{
    public const int TagLength = 16;
    public const int NonceLength = 12;

    public static bool IsSupported(AeadAlgorithm algorithm) => algorithm switch
    {
        AeadAlgorithm.Aes128Gcm or AeadAlgorithm.Aes256Gcm => AesGcm.IsSupported,
        AeadAlgorithm.ChaCha20Poly1305 => ChaCha20Poly1305.IsSupported,
        _ => false,
    };

    /// <exception cref="ArgumentException">The key has another length than the algorithm's.</exception>
    public static Aead Create(AeadAlgorithm algorithm, ReadOnlySpan<byte> key) => Create(algorithm, key, CryptoBackends.Preferred);

    /// <exception cref="ArgumentException">The key has another length than the algorithm's.</exception>
    public static Aead Create(AeadAlgorithm algorithm, ReadOnlySpan<byte> key, CryptoBackend backend)
    {
        var expected = algorithm == AeadAlgorithm.Aes128Gcm ? 16 : 32;
        if (key.Length != expected)
        {
            throw new ArgumentException($"a key for {algorithm} has {expected} bytes, not {key.Length}", nameof(key));
        }

        if (backend == CryptoBackend.LibCrypto && LibCrypto.Cipher(algorithm) is not 0 and var cipher)
        {
            return new LibCryptoAead(cipher, key);
        }

        return algorithm == AeadAlgorithm.ChaCha20Poly1305 ? new ChaCha20Poly1305Aead(key) : new AesGcmAead(key);
    }

    /// <exception cref="ArgumentException">A length is wrong, or plaintext and ciphertext overlap without being the same.</exception>
    public void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, ReadOnlySpan<byte> associatedData)
    {
        InsistOn(nonce.Length, plaintext.Length, ciphertext.Length, tag.Length, plaintext.Overlaps(ciphertext, out var offset) && offset != 0);
        SealCore(nonce, plaintext, ciphertext, tag, associatedData);
    }

    /// <summary>False if the tag does not fit; then <paramref name="plaintext"/> is all zero.</summary>
    /// <exception cref="ArgumentException">A length is wrong, or plaintext and ciphertext overlap without being the same.</exception>
    public bool TryOpen(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, ReadOnlySpan<byte> associatedData)
    {
        InsistOn(nonce.Length, plaintext.Length, ciphertext.Length, tag.Length, ciphertext.Overlaps(plaintext, out var offset) && offset != 0);
        if (OpenCore(nonce, ciphertext, tag, plaintext, associatedData))
        {
            return true;
        }

        CryptographicOperations.ZeroMemory(plaintext);
        return false;
    }

    public abstract void Dispose();

    protected abstract void SealCore(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, ReadOnlySpan<byte> associatedData);

    /// <summary>False if the tag does not fit.</summary>
    protected abstract bool OpenCore(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, ReadOnlySpan<byte> associatedData);

    private static void InsistOn(int nonceLength, int plaintextLength, int ciphertextLength, int tagLength, bool overlap)
    {
        if (nonceLength != NonceLength || plaintextLength != ciphertextLength || tagLength != TagLength || overlap)
        {
            throw new ArgumentException(
                $"nonce {nonceLength}, plaintext {plaintextLength}, ciphertext {ciphertextLength}, tag {tagLength} bytes{(overlap ? ", overlapping" : "")}");
        }
    }
}
