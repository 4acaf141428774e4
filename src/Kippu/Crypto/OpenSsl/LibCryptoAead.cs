namespace Kippu.Crypto.OpenSsl;

/// <summary>AES-GCM and ChaCha20-Poly1305 with a kept context: for a short record the platform's types cost six times as much.</summary>
internal sealed unsafe class LibCryptoAead : Aead
{
    private readonly CipherContextHandle _context = new(LibCrypto.EVP_CIPHER_CTX_new());

    /// <param name="cipher">From <see cref="LibCrypto.Cipher"/>.</param>
    /// <param name="key">As long as the cipher's.</param>
    public LibCryptoAead(nint cipher, ReadOnlySpan<byte> key)
    {
        using var context = _context.Use();
        fixed (byte* bytes = key)
        {
            LibCrypto.Check(LibCrypto.EVP_CipherInit_ex(context.Pointer, cipher, 0, bytes, null, 1), nameof(LibCrypto.EVP_CipherInit_ex));
        }
    }

    public override void Dispose() => _context.Dispose();

    protected override void SealCore(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, ReadOnlySpan<byte> associatedData)
    {
        using var context = _context.Use();
        fixed (byte* nonceBytes = nonce, from = plaintext, to = ciphertext, tagBytes = tag, associated = associatedData)
        {
            LibCrypto.Check(LibCrypto.EVP_CipherInit_ex(context.Pointer, 0, 0, null, nonceBytes, 1), nameof(LibCrypto.EVP_CipherInit_ex));
            Transform(context.Pointer, associated, associatedData.Length, from, to, plaintext.Length);
            byte nothing;
            int written;
            LibCrypto.Check(LibCrypto.EVP_CipherFinal_ex(context.Pointer, &nothing, &written), nameof(LibCrypto.EVP_CipherFinal_ex));
            LibCrypto.Check(LibCrypto.EVP_CIPHER_CTX_ctrl(context.Pointer, LibCrypto.GetTag, TagLength, tagBytes), nameof(LibCrypto.EVP_CIPHER_CTX_ctrl));
        }
    }

    protected override bool OpenCore(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, ReadOnlySpan<byte> associatedData)
    {
        using var context = _context.Use();
        fixed (byte* nonceBytes = nonce, from = ciphertext, to = plaintext, tagBytes = tag, associated = associatedData)
        {
            LibCrypto.Check(LibCrypto.EVP_CipherInit_ex(context.Pointer, 0, 0, null, nonceBytes, 0), nameof(LibCrypto.EVP_CipherInit_ex));
            LibCrypto.Check(LibCrypto.EVP_CIPHER_CTX_ctrl(context.Pointer, LibCrypto.SetTag, TagLength, tagBytes), nameof(LibCrypto.EVP_CIPHER_CTX_ctrl));
            Transform(context.Pointer, associated, associatedData.Length, from, to, ciphertext.Length);
            byte nothing;
            int written;
            if (LibCrypto.EVP_CipherFinal_ex(context.Pointer, &nothing, &written) == 1)
            {
                return true;
            }

            LibCrypto.ClearErrors();
            return false;
        }
    }

    private static void Transform(nint context, byte* associated, int associatedLength, byte* from, byte* to, int length)
    {
        int written;
        if (associatedLength > 0)
        {
            LibCrypto.Check(LibCrypto.EVP_CipherUpdate(context, null, &written, associated, associatedLength), nameof(LibCrypto.EVP_CipherUpdate));
        }

        if (length > 0)
        {
            LibCrypto.Check(LibCrypto.EVP_CipherUpdate(context, to, &written, from, length), nameof(LibCrypto.EVP_CipherUpdate));
        }
    }
}
