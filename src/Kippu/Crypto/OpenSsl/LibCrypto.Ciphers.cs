using System.Runtime.InteropServices;
using Kippu.Wire;

namespace Kippu.Crypto.OpenSsl;

/// <content>Ciphers.</content>
internal static unsafe partial class LibCrypto
{
    /// <summary>EVP_CTRL_AEAD_GET_TAG.</summary>
    public const int GetTag = 0x10;

    /// <summary>EVP_CTRL_AEAD_SET_TAG.</summary>
    public const int SetTag = 0x11;

    private static nint s_aes128Gcm;
    private static nint s_aes256Gcm;
    private static nint s_chaCha20Poly1305;
    private static nint s_aes256Cbc;

    /// <summary>AES-256-CBC, fetched once; zero if the configuration does not offer it.</summary>
    public static nint Aes256Cbc => FetchCipher(ref s_aes256Cbc, "AES-256-CBC"u8);

    /// <summary>The AEAD, fetched once; zero if the configuration does not offer it.</summary>
    public static nint Cipher(AeadAlgorithm algorithm) => algorithm switch
    {
        AeadAlgorithm.Aes128Gcm => FetchCipher(ref s_aes128Gcm, "AES-128-GCM"u8),
        AeadAlgorithm.Aes256Gcm => FetchCipher(ref s_aes256Gcm, "AES-256-GCM"u8),
        AeadAlgorithm.ChaCha20Poly1305 => FetchCipher(ref s_chaCha20Poly1305, "ChaCha20-Poly1305"u8),
        _ => 0,
    };

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nint EVP_CIPHER_CTX_new();

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial void EVP_CIPHER_CTX_free(nint context);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int EVP_CIPHER_CTX_set_padding(nint context, int padding);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int EVP_CIPHER_CTX_ctrl(nint context, int command, int argument, byte* pointer);

    /// <summary>What is null stays as it was.</summary>
    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int EVP_CipherInit_ex(nint context, nint cipher, nint engine, byte* key, byte* iv, int encrypt);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int EVP_CipherUpdate(nint context, byte* destination, int* written, byte* source, int length);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int EVP_CipherFinal_ex(nint context, byte* destination, int* written);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint EVP_CIPHER_fetch(nint library, byte* name, byte* properties);

    private static nint FetchCipher(ref nint cipher, ReadOnlySpan<byte> name)
    {
        if (Volatile.Read(ref cipher) == 0 && IsAvailable)
        {
            fixed (byte* text = name)
            {
                Volatile.Write(ref cipher, EVP_CIPHER_fetch(0, text, null));
            }

            ClearErrors();
        }

        return cipher;
    }
}
