namespace Kippu.Crypto.OpenSsl;

/// <summary>An EVP_CIPHER_CTX. What it held is cleared when it is freed.</summary>
internal sealed class CipherContextHandle(nint pointer) : NativeHandle(LibCrypto.Check(pointer, "EVP_CIPHER_CTX_new"))
{
    protected override bool ReleaseHandle()
    {
        LibCrypto.EVP_CIPHER_CTX_free(handle);
        return true;
    }
}
