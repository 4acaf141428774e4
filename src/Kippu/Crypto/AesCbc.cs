using System.Security.Cryptography;
using Kippu.Crypto.OpenSsl;

namespace Kippu.Crypto;

/// <summary>
/// AES-256-CBC under one key without padding: the caller pads to whole blocks, and authenticates (encrypt-then-MAC) before it decrypts, so no error of
/// padding can be seen from here.
/// </summary>
/// <remarks>One user at a time. Input and output may be the very same memory.</remarks>
internal sealed class AesCbc : IDisposable
{
    public const int BlockLength = 16;
    public const int KeyLength = 32;

    private readonly Aes? _platform;
    private readonly LibCryptoCbc? _libCrypto;

    /// <param name="key">32 bytes.</param>
    public AesCbc(ReadOnlySpan<byte> key)
        : this(key, CryptoBackends.Preferred)
    {
    }

    /// <param name="key">32 bytes.</param>
    /// <param name="backend">Who computes.</param>
    /// <exception cref="ArgumentException">The key has another length.</exception>
    public AesCbc(ReadOnlySpan<byte> key, CryptoBackend backend)
    {
        if (key.Length != KeyLength)
        {
            throw new ArgumentException($"a key for AES-256 has {KeyLength} bytes, not {key.Length}", nameof(key));
        }

        if (backend == CryptoBackend.LibCrypto && LibCrypto.Aes256Cbc != 0)
        {
            _libCrypto = new LibCryptoCbc(key);
            return;
        }

        _platform = Aes.Create();
        _platform.SetKey(key);
    }

    /// <param name="iv">16 bytes, unpredictable and never used again.</param>
    /// <param name="plaintext">Whole blocks.</param>
    /// <param name="destination">As long as the plaintext at least.</param>
    /// <exception cref="ArgumentException">Not whole blocks, or the destination is too short.</exception>
    public void Encrypt(ReadOnlySpan<byte> iv, ReadOnlySpan<byte> plaintext, Span<byte> destination)
    {
        InsistOnLengths(iv.Length, plaintext.Length, destination.Length);
        if (_libCrypto is { } libCrypto)
        {
            libCrypto.Encrypt(iv, plaintext, destination);
        }
        else
        {
            _platform!.EncryptCbc(plaintext, iv, destination, PaddingMode.None);
        }
    }

    /// <param name="iv">16 bytes.</param>
    /// <param name="ciphertext">Whole blocks.</param>
    /// <param name="destination">As long as the ciphertext at least.</param>
    /// <exception cref="ArgumentException">Not whole blocks, or the destination is too short.</exception>
    public void Decrypt(ReadOnlySpan<byte> iv, ReadOnlySpan<byte> ciphertext, Span<byte> destination)
    {
        InsistOnLengths(iv.Length, ciphertext.Length, destination.Length);
        if (_libCrypto is { } libCrypto)
        {
            libCrypto.Decrypt(iv, ciphertext, destination);
        }
        else
        {
            _platform!.DecryptCbc(ciphertext, iv, destination, PaddingMode.None);
        }
    }

    public void Dispose()
    {
        _platform?.Dispose();
        _libCrypto?.Dispose();
    }

    private static void InsistOnLengths(int ivLength, int length, int destinationLength)
    {
        if (ivLength != BlockLength || length % BlockLength != 0 || destinationLength < length)
        {
            throw new ArgumentException($"an IV of {ivLength} bytes and {length} bytes into {destinationLength}; whole blocks of {BlockLength} are needed");
        }
    }
}
