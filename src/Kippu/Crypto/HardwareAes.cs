using ArmAes = System.Runtime.Intrinsics.Arm.Aes;
using X86Aes = System.Runtime.Intrinsics.X86.Aes;

namespace Kippu.Crypto;

/// <summary>Whether this processor computes AES in hardware; without that, ChaCha20-Poly1305 is both faster and free of timing by cache.</summary>
internal static class HardwareAes
{
    public static bool IsAvailable => X86Aes.IsSupported || ArmAes.IsSupported;
}
