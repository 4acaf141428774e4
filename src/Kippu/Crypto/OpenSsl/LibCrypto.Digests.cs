using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Kippu.Crypto.OpenSsl;

/// <content>Digests and HMAC.</content>
internal static unsafe partial class LibCrypto
{
    private static nint s_sha256;
    private static nint s_sha384;

    /// <summary>The digest, fetched once; zero for one that is not ours or that the configuration does not offer.</summary>
    public static nint Digest(HashAlgorithmName hash) =>
        hash == HashAlgorithmName.SHA256 ? Fetch(ref s_sha256, "SHA2-256"u8)
        : hash == HashAlgorithmName.SHA384 ? Fetch(ref s_sha384, "SHA2-384"u8)
        : 0;

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nint EVP_MD_CTX_new();

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial void EVP_MD_CTX_free(nint context);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int EVP_DigestInit_ex(nint context, nint digest, nint engine);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int EVP_DigestUpdate(nint context, byte* data, nuint length);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int EVP_MD_CTX_copy_ex(nint destination, nint source);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int EVP_DigestFinal_ex(nint context, byte* hash, uint* length);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nint HMAC_CTX_new();

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial void HMAC_CTX_free(nint context);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int HMAC_Init_ex(nint context, byte* key, int length, nint digest, nint engine);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int HMAC_Update(nint context, byte* data, nuint length);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int HMAC_Final(nint context, byte* mac, uint* length);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint EVP_MD_fetch(nint library, byte* name, byte* properties);

    /// <summary>Fetching costs more than hashing, and the fetched object is for all threads. Two threads that fetch at once leave one more reference behind.</summary>
    private static nint Fetch(ref nint digest, ReadOnlySpan<byte> name)
    {
        if (Volatile.Read(ref digest) == 0 && IsAvailable)
        {
            fixed (byte* text = name)
            {
                Volatile.Write(ref digest, EVP_MD_fetch(0, text, null));
            }

            ClearErrors();
        }

        return digest;
    }
}
