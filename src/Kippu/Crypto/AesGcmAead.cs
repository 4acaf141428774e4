using System.Security.Cryptography;

namespace Kippu.Crypto;

/// <summary>AES-GCM with a 16 or 32 byte key (NIST SP 800-38D).</summary>
internal sealed class AesGcmAead(ReadOnlySpan<byte> key) : Aead
{
    private readonly AesGcm _cipher = new(key, TagLength);

    public override void Dispose() => _cipher.Dispose();

    protected override void SealCore(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, ReadOnlySpan<byte> associatedData) =>
        _cipher.Encrypt(nonce, plaintext, ciphertext, tag, associatedData);

    protected override bool OpenCore(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, ReadOnlySpan<byte> associatedData)
    {
        try
        {
            _cipher.Decrypt(nonce, ciphertext, tag, plaintext, associatedData);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            // The platform has no Try form. One record in a connection can fail, so the price of the exception does not matter.
            return false;
        }
    }
}
