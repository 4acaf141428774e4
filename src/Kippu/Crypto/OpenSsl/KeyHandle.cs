namespace Kippu.Crypto.OpenSsl;

/// <summary>An EVP_PKEY. What it held is cleared when it is freed.</summary>
internal sealed class KeyHandle(nint pointer) : NativeHandle(LibCrypto.Check(pointer, "EVP_PKEY_new"))
{
    protected override bool ReleaseHandle()
    {
        LibCrypto.EVP_PKEY_free(handle);
        return true;
    }
}
