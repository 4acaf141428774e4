namespace Kippu.Handshake;

/// <summary>Lines of the NSS key log format.</summary>
internal static class KeyLogLine
{
    public static string ClientRandom(ReadOnlySpan<byte> clientRandom, ReadOnlySpan<byte> masterSecret) =>
        Secret("CLIENT_RANDOM", clientRandom, masterSecret);

    /// <param name="label">CLIENT_HANDSHAKE_TRAFFIC_SECRET and the like.</param>
    /// <param name="clientRandom">Tells the connections of a log apart.</param>
    /// <param name="secret">What decrypts them.</param>
    public static string Secret(string label, ReadOnlySpan<byte> clientRandom, ReadOnlySpan<byte> secret) =>
        $"{label} {Convert.ToHexStringLower(clientRandom)} {Convert.ToHexStringLower(secret)}";
}
