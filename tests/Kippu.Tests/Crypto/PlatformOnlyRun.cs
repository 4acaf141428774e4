using System.Runtime.CompilerServices;
using Kippu.Crypto;

namespace Kippu.Tests.Crypto;

/// <summary>With KIPPU_TEST_PLATFORM_CRYPTO=1 in the environment all tests run on the platform's cryptography, as where libcrypto is not installed.</summary>
internal static class PlatformOnlyRun
{
#pragma warning disable CA2255 // A test assembly is where it has to be said before the library looks.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Choose()
    {
        if (Environment.GetEnvironmentVariable("KIPPU_TEST_PLATFORM_CRYPTO") == "1")
        {
            AppContext.SetSwitch(CryptoBackends.PlatformOnlySwitch, true);
        }
    }
}
