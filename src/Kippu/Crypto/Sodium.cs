using System.Runtime.InteropServices;

namespace Kippu.Crypto;

/// <summary>
/// The two functions of libsodium that compute X25519, which .NET 10 lacks. The native library comes with the package NSec.Cryptography, which is
/// referenced for that only: the package libsodium asks to be used through its supported consumer, and NSec's own key objects cost twice the time.
/// </summary>
internal static partial class Sodium
{
    public const int ScalarLength = 32;
    public const int PointLength = 32;

    private const string Library = "libsodium";

    /// <summary>False where the native library is missing or of another architecture; X25519 is not offered then, and nothing fails.</summary>
    /// <remarks>The first look initializes the library, which chooses its implementation for this processor; later ones cost nothing.</remarks>
    public static bool IsAvailable { get; } = TryInitialize();

    /// <summary>q = n·G (RFC 7748 §5).</summary>
    public static void ScalarMultBase(Span<byte> q, ReadOnlySpan<byte> n)
    {
        InsistOnLengths(q, n, q);
        if (crypto_scalarmult_base(q, n) != 0)
        {
            throw new InvalidOperationException("libsodium refused to compute a public key");
        }
    }

    /// <summary>q = n·p; false if the result is all zero, that is, if p is a point of low order.</summary>
    public static bool TryScalarMult(Span<byte> q, ReadOnlySpan<byte> n, ReadOnlySpan<byte> p)
    {
        InsistOnLengths(q, n, p);
        return crypto_scalarmult(q, n, p) == 0;
    }

    private static bool TryInitialize()
    {
        try
        {
            return sodium_init() >= 0; // 1: somebody else in this process has already done it
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            return false;
        }
    }

    private static void InsistOnLengths(ReadOnlySpan<byte> q, ReadOnlySpan<byte> n, ReadOnlySpan<byte> p)
    {
        // The native side reads and writes 32 bytes whatever it is given.
        ArgumentOutOfRangeException.ThrowIfNotEqual(q.Length, PointLength);
        ArgumentOutOfRangeException.ThrowIfNotEqual(n.Length, ScalarLength);
        ArgumentOutOfRangeException.ThrowIfNotEqual(p.Length, PointLength);
    }

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static partial int sodium_init();

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static partial int crypto_scalarmult_base(Span<byte> q, ReadOnlySpan<byte> n);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static partial int crypto_scalarmult(Span<byte> q, ReadOnlySpan<byte> n, ReadOnlySpan<byte> p);
}
