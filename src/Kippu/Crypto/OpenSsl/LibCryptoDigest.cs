namespace Kippu.Crypto.OpenSsl;

/// <summary>A running hash, whose value is taken from a copy of its state.</summary>
/// <remarks>One user at a time.</remarks>
internal sealed unsafe class LibCryptoDigest : IDisposable
{
    private readonly DigestContextHandle _running = new();
    private readonly DigestContextHandle _copy = new();
    private readonly nint _digest;

    /// <param name="digest">From <see cref="LibCrypto.Digest"/>.</param>
    public LibCryptoDigest(nint digest)
    {
        _digest = digest;
        Restart();
    }

    public void Restart()
    {
        using var context = _running.Use();
        LibCrypto.Check(LibCrypto.EVP_DigestInit_ex(context.Pointer, _digest, 0), nameof(LibCrypto.EVP_DigestInit_ex));
    }

    public void Append(ReadOnlySpan<byte> data)
    {
        using var context = _running.Use();
        fixed (byte* bytes = data)
        {
            LibCrypto.Check(LibCrypto.EVP_DigestUpdate(context.Pointer, bytes, (nuint)data.Length), nameof(LibCrypto.EVP_DigestUpdate));
        }
    }

    /// <param name="destination">As long as the hash at least.</param>
    public void GetCurrentHash(Span<byte> destination)
    {
        using var context = _running.Use();
        using var copy = _copy.Use();
        LibCrypto.Check(LibCrypto.EVP_MD_CTX_copy_ex(copy.Pointer, context.Pointer), nameof(LibCrypto.EVP_MD_CTX_copy_ex));
        fixed (byte* hash = destination)
        {
            LibCrypto.Check(LibCrypto.EVP_DigestFinal_ex(copy.Pointer, hash, null), nameof(LibCrypto.EVP_DigestFinal_ex));
        }
    }

    public void Dispose()
    {
        _running.Dispose();
        _copy.Dispose();
    }
}
