using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Kippu.Crypto.OpenSsl;

/// <summary>
/// OpenSSL 3's libcrypto, the functions of it that are called. The platform's own types load the same library on Linux, so nothing new is brought into the
/// process; an algorithm comes from its provider, so that a system-wide configuration (FIPS) holds here as it does there.
/// </summary>
/// <remarks>Lengths are checked by the callers: the native side reads and writes what it is told.</remarks>
internal static unsafe partial class LibCrypto
{
    private const string Library = "libcrypto.so.3";
    private const ulong InitNoAtExit = 0x00080000;
    private const ulong InitLoadConfig = 0x00000040;

    /// <summary>False on other systems, and where OpenSSL 3 is not installed; everything is left to the platform's types then.</summary>
    public static bool IsAvailable { get; } = TryInitialize();

    /// <summary>As in OPENSSL_VERSION_NUMBER. Only if <see cref="IsAvailable"/>.</summary>
    public static long Version => (long)OpenSSL_version_num();

    /// <summary>Says whether a call succeeded.</summary>
    /// <exception cref="CryptographicException">It did not. Nothing that a peer sends leads here.</exception>
    public static void Check(int result, string function)
    {
        if (result != 1)
        {
            throw Failure(function);
        }
    }

    /// <summary>A pointer that is not null.</summary>
    /// <exception cref="CryptographicException">It is.</exception>
    public static nint Check(nint pointer, string function) => pointer != 0 ? pointer : throw Failure(function);

    /// <summary>Forgets the errors of this thread, after a call that may fail in the ordinary course of things.</summary>
    public static void ClearErrors() => ERR_clear_error();

    private static CryptographicException Failure(string function)
    {
        var code = ERR_get_error();
        ERR_clear_error();
        Span<byte> text = stackalloc byte[256];
        fixed (byte* buffer = text)
        {
            ERR_error_string_n(code, buffer, (nuint)text.Length);
            return new CryptographicException($"libcrypto: {function}: {Marshal.PtrToStringUTF8((nint)buffer)}");
        }
    }

    private static bool TryInitialize()
    {
        if (!OperatingSystem.IsLinux() || !NativeLibrary.TryLoad(Library, typeof(LibCrypto).Assembly, DllImportSearchPath.SafeDirectories, out var handle))
        {
            return false;
        }

        // As the platform does it: no clean-up at exit, because other threads may still be computing then. The library stays loaded.
        return NativeLibrary.TryGetExport(handle, nameof(EVP_PKEY_derive_set_peer_ex), out _) && OPENSSL_init_crypto(InitNoAtExit | InitLoadConfig, 0) == 1;
    }

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OPENSSL_init_crypto(ulong options, nint settings);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nuint OpenSSL_version_num();

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void ERR_clear_error();

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nuint ERR_get_error();

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void ERR_error_string_n(nuint code, byte* buffer, nuint length);
}
