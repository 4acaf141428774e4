using System.Security.Cryptography;

namespace Kippu.Crypto;

/// <summary>ChaCha20-Poly1305 (RFC 8439).</summary>
internal sealed class ChaCha20Poly1305Aead(ReadOnlySpan<byte> key) : Aead
{
    private readonly ChaCha20Poly1305 _cipher = new(key);

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
