using System.Security.Cryptography;

namespace Kippu.Crypto.OpenSsl;

/// <summary>ECDSA with a context that is kept: the platform makes one for each signature.</summary>
/// <remarks>One user at a time.</remarks>
internal sealed unsafe class LibCryptoSigner : IDisposable
{
    /// <summary>More than the longest, which is P-521's: a DER sequence of two integers of 66 bytes.</summary>
    private const int MaxLength = 150;

    private readonly KeyContextHandle _context;

    private LibCryptoSigner(KeyContextHandle context) => _context = context;

    /// <summary>Null if libcrypto is not here, or the key is not one of the very same libcrypto.</summary>
    public static LibCryptoSigner? TryCreate(ECDsa key)
    {
        if (!OperatingSystem.IsLinux() || !LibCrypto.IsAvailable || key is not ECDsaOpenSsl native || SafeEvpPKeyHandle.OpenSslVersion != LibCrypto.Version)
        {
            return null;
        }

        using var handle = native.DuplicateKeyHandle();
        var context = new KeyContextHandle(LibCrypto.EVP_PKEY_CTX_new_from_pkey(0, handle.DangerousGetHandle(), null));
        using (var pointer = context.Use())
        {
            LibCrypto.Check(LibCrypto.EVP_PKEY_sign_init(pointer.Pointer), nameof(LibCrypto.EVP_PKEY_sign_init));
        }

        return new LibCryptoSigner(context);
    }

    /// <summary>The signature as a DER sequence.</summary>
    public byte[] Sign(ReadOnlySpan<byte> hash)
    {
        using var context = _context.Use();
        var signature = stackalloc byte[MaxLength];
        nuint length = MaxLength;
        fixed (byte* bytes = hash)
        {
            LibCrypto.Check(LibCrypto.EVP_PKEY_sign(context.Pointer, signature, &length, bytes, (nuint)hash.Length), nameof(LibCrypto.EVP_PKEY_sign));
        }

        return new ReadOnlySpan<byte>(signature, (int)length).ToArray();
    }

    public void Dispose() => _context.Dispose();
}
