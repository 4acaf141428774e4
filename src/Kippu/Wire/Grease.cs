namespace Kippu.Wire;

/// <summary>
/// GREASE (RFC 8701 §2): values that mean nothing and are sent so that nobody comes to rely on knowing all. They are 0x0A0A, 0x1A1A and so on up to 0xFAFA.
/// Only what describes messages to people asks for them: the protocol treats them as it treats any unknown value.
/// </summary>
internal static class Grease
{
    public static bool IsGrease(ushort value) => (value & 0x0F0F) == 0x0A0A && value >> 8 == (value & 0xFF);
}
