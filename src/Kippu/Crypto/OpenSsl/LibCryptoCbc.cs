namespace Kippu.Crypto.OpenSsl;

/// <summary>AES-256-CBC under one key without padding, both directions set up once.</summary>
/// <remarks>One user at a time.</remarks>
internal sealed unsafe class LibCryptoCbc : IDisposable
{
    private readonly CipherContextHandle _encrypt = new(LibCrypto.EVP_CIPHER_CTX_new());
    private readonly CipherContextHandle _decrypt = new(LibCrypto.EVP_CIPHER_CTX_new());

    /// <param name="key">32 bytes.</param>
    public LibCryptoCbc(ReadOnlySpan<byte> key)
    {
        SetKey(_encrypt, key, encrypt: 1);
        SetKey(_decrypt, key, encrypt: 0);
    }

    /// <summary>Whole blocks; the destination is as long as the source at least.</summary>
    public void Encrypt(ReadOnlySpan<byte> iv, ReadOnlySpan<byte> source, Span<byte> destination) => Transform(_encrypt, 1, iv, source, destination);

    /// <summary>Whole blocks; the destination is as long as the source at least.</summary>
    public void Decrypt(ReadOnlySpan<byte> iv, ReadOnlySpan<byte> source, Span<byte> destination) => Transform(_decrypt, 0, iv, source, destination);

    public void Dispose()
    {
        _encrypt.Dispose();
        _decrypt.Dispose();
    }

    private static void SetKey(CipherContextHandle handle, ReadOnlySpan<byte> key, int encrypt)
    {
        using var context = handle.Use();
        fixed (byte* bytes = key)
        {
            LibCrypto.Check(LibCrypto.EVP_CipherInit_ex(context.Pointer, LibCrypto.Aes256Cbc, 0, bytes, null, encrypt), nameof(LibCrypto.EVP_CipherInit_ex));
        }

        LibCrypto.Check(LibCrypto.EVP_CIPHER_CTX_set_padding(context.Pointer, 0), nameof(LibCrypto.EVP_CIPHER_CTX_set_padding));
    }

    private static void Transform(CipherContextHandle handle, int encrypt, ReadOnlySpan<byte> iv, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        using var context = handle.Use();
        fixed (byte* ivBytes = iv, from = source, to = destination)
        {
            int written;
            LibCrypto.Check(LibCrypto.EVP_CipherInit_ex(context.Pointer, 0, 0, null, ivBytes, encrypt), nameof(LibCrypto.EVP_CipherInit_ex));
            LibCrypto.Check(LibCrypto.EVP_CipherUpdate(context.Pointer, to, &written, from, source.Length), nameof(LibCrypto.EVP_CipherUpdate));
            if (written != source.Length)
            {
                throw new InvalidOperationException($"libcrypto transformed {written} of {source.Length} bytes");
            }
        }
    }
}
