namespace Kippu.Handshake;

/// <summary>Lines of the NSS key log format.</summary>
internal static class KeyLogLine
{
    public static string ClientRandom(ReadOnlySpan<byte> clientRandom, ReadOnlySpan<byte> masterSecret) =>
        $"CLIENT_RANDOM {Convert.ToHexStringLower(clientRandom)} {Convert.ToHexStringLower(masterSecret)}";
}
