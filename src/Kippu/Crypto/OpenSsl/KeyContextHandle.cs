namespace Kippu.Crypto.OpenSsl;

/// <summary>An EVP_PKEY_CTX. What it held is cleared when it is freed.</summary>
internal sealed class KeyContextHandle(nint pointer) : NativeHandle(LibCrypto.Check(pointer, "EVP_PKEY_CTX_new"))
{
    protected override bool ReleaseHandle()
    {
        LibCrypto.EVP_PKEY_CTX_free(handle);
        return true;
    }
}
