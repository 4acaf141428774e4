namespace Kippu.Crypto.OpenSsl;

/// <summary>An HMAC_CTX. What it held is cleared when it is freed.</summary>
internal sealed class HmacContextHandle(nint pointer) : NativeHandle(LibCrypto.Check(pointer, "HMAC_CTX_new"))
{
    protected override bool ReleaseHandle()
    {
        LibCrypto.HMAC_CTX_free(handle);
        return true;
    }
}
