using System.Security.Cryptography;

namespace Kippu.Crypto;

/// <summary>
/// AES-CBC under one key without padding: the caller pads to whole blocks, and authenticates (encrypt-then-MAC) before it decrypts, so no error of
/// padding can be seen from here.
/// </summary>
/// <remarks>One user at a time. Input and output may be the very same memory.</remarks>
internal sealed class AesCbc : IDisposable
{
    public const int BlockLength = 16;

    private readonly Aes _aes = Aes.Create();

    /// <param name="key">16, 24 or 32 bytes.</param>
    public AesCbc(ReadOnlySpan<byte> key) => _aes.SetKey(key);

    /// <param name="iv">16 bytes, unpredictable and never used again.</param>
    /// <param name="plaintext">Whole blocks.</param>
    /// <param name="destination">As long as the plaintext at least.</param>
    /// <exception cref="ArgumentException">Not whole blocks, or the destination is too short.</exception>
    public void Encrypt(ReadOnlySpan<byte> iv, ReadOnlySpan<byte> plaintext, Span<byte> destination)
    {
        InsistOnBlocks(plaintext.Length);
        _aes.EncryptCbc(plaintext, iv, destination, PaddingMode.None);
    }

    /// <param name="iv">16 bytes.</param>
    /// <param name="ciphertext">Whole blocks.</param>
    /// <param name="destination">As long as the ciphertext at least.</param>
    /// <exception cref="ArgumentException">Not whole blocks, or the destination is too short.</exception>
    public void Decrypt(ReadOnlySpan<byte> iv, ReadOnlySpan<byte> ciphertext, Span<byte> destination)
    {
        InsistOnBlocks(ciphertext.Length);
        _aes.DecryptCbc(ciphertext, iv, destination, PaddingMode.None);
    }

    public void Dispose() => _aes.Dispose();

    private static void InsistOnBlocks(int length)
    {
        if (length % BlockLength != 0)
        {
            throw new ArgumentException($"{length} bytes are not whole blocks of {BlockLength}");
        }
    }
}
