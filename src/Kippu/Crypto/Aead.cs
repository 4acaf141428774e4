using System.Security.Cryptography;
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
    public static Aead Create(AeadAlgorithm algorithm, ReadOnlySpan<byte> key)
    {
        var expected = algorithm == AeadAlgorithm.Aes128Gcm ? 16 : 32;
        if (key.Length != expected)
        {
            throw new ArgumentException($"a key for {algorithm} has {expected} bytes, not {key.Length}", nameof(key));
        }

        return algorithm == AeadAlgorithm.ChaCha20Poly1305 ? new ChaCha20Poly1305Aead(key) : new AesGcmAead(key);
    }

    public abstract void Seal(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, ReadOnlySpan<byte> associatedData);

    /// <summary>False if the tag does not fit; then <paramref name="plaintext"/> is all zero.</summary>
    public bool TryOpen(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, ReadOnlySpan<byte> associatedData)
    {
        try
        {
            Open(nonce, ciphertext, tag, plaintext, associatedData);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            // The platform has no Try form. One record in a connection can fail, so the price of the exception does not matter.
            CryptographicOperations.ZeroMemory(plaintext);
            return false;
        }
    }

    public abstract void Dispose();

    /// <exception cref="AuthenticationTagMismatchException">The tag does not fit.</exception>
    protected abstract void Open(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, ReadOnlySpan<byte> associatedData);
}
