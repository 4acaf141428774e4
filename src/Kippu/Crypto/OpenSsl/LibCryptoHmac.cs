namespace Kippu.Crypto.OpenSsl;

/// <summary>HMAC under one key, set up once.</summary>
/// <remarks>One user at a time.</remarks>
internal sealed unsafe class LibCryptoHmac : IDisposable
{
    private readonly HmacContextHandle _context = new(LibCrypto.HMAC_CTX_new());

    /// <param name="digest">From <see cref="LibCrypto.Digest"/>.</param>
    /// <param name="key">Copied by the native side, which clears its copy when it is disposed.</param>
    public LibCryptoHmac(nint digest, ReadOnlySpan<byte> key)
    {
        using var context = _context.Use();

        // A null key would mean "the one it has", which an empty one must not.
        byte none = 0;
        fixed (byte* bytes = key)
        {
            LibCrypto.Check(LibCrypto.HMAC_Init_ex(context.Pointer, bytes is null ? &none : bytes, key.Length, digest, 0), nameof(LibCrypto.HMAC_Init_ex));
        }
    }

    /// <summary>Over the three parts, one after the other. <paramref name="destination"/> is as long as the hash at least.</summary>
    public void Compute(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third, Span<byte> destination)
    {
        using var context = _context.Use();
        LibCrypto.Check(LibCrypto.HMAC_Init_ex(context.Pointer, null, 0, 0, 0), nameof(LibCrypto.HMAC_Init_ex));
        Update(context.Pointer, first);
        Update(context.Pointer, second);
        Update(context.Pointer, third);
        fixed (byte* mac = destination)
        {
            LibCrypto.Check(LibCrypto.HMAC_Final(context.Pointer, mac, null), nameof(LibCrypto.HMAC_Final));
        }
    }

    public void Dispose() => _context.Dispose();

    private static void Update(nint context, ReadOnlySpan<byte> data)
    {
        if (!data.IsEmpty)
        {
            fixed (byte* bytes = data)
            {
                LibCrypto.Check(LibCrypto.HMAC_Update(context, bytes, (nuint)data.Length), nameof(LibCrypto.HMAC_Update));
            }
        }
    }
}
