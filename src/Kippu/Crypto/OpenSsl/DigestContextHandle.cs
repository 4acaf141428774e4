namespace Kippu.Crypto.OpenSsl;

/// <summary>An EVP_MD_CTX.</summary>
internal sealed class DigestContextHandle() : NativeHandle(LibCrypto.Check(LibCrypto.EVP_MD_CTX_new(), nameof(LibCrypto.EVP_MD_CTX_new)))
{
    protected override bool ReleaseHandle()
    {
        LibCrypto.EVP_MD_CTX_free(handle);
        return true;
    }
}
