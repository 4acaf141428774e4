using Kippu.Crypto.OpenSsl;

namespace Kippu.Crypto;

/// <summary>
/// The choice of the library behind the types of this room. On Linux the platform's types are a layer over libcrypto whose price is several times that of a
/// short HMAC or record; there the same library is called directly. Both give the same bytes, and the same tests hold them to it.
/// </summary>
internal static class CryptoBackends
{
    /// <summary>Set to true in runtimeconfig.json, or before the library is first used, it leaves everything to System.Security.Cryptography.</summary>
    public const string PlatformOnlySwitch = "Kippu.Crypto.PlatformOnly";

    /// <summary>The one that is used unless a test asks for another.</summary>
    public static CryptoBackend Preferred { get; } = !IsPlatformOnly() && LibCrypto.IsAvailable ? CryptoBackend.LibCrypto : CryptoBackend.Platform;

    private static bool IsPlatformOnly() => AppContext.TryGetSwitch(PlatformOnlySwitch, out var platformOnly) && platformOnly;
}
