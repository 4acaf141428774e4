namespace Kippu.InteropTests.Peers;

/// <summary>What the peers call the groups.</summary>
internal static class GroupNames
{
    public static string OpenSsl(NamedGroup group) => group == NamedGroup.X25519 ? "X25519" : $"P-{Bits(group)}";

    public static string Go(NamedGroup group) => OpenSsl(group);

    public static string GnuTls(NamedGroup group) => group == NamedGroup.X25519 ? "GROUP-X25519" : $"GROUP-SECP{Bits(group)}R1";

    private static int Bits(NamedGroup group) => group switch
    {
        NamedGroup.Secp256r1 => 256,
        NamedGroup.Secp384r1 => 384,
        _ => 521,
    };
}
