using System.Net.Security;

namespace Kippu.Cli.Tls;

/// <summary>Names of suites, groups and protocols as people write them on a command line, IANA's or OpenSSL's.</summary>
internal static class TlsNames
{
    public const string GroupHelp = "Groups in order of preference: x25519, secp256r1 (P-256), secp384r1 (P-384), secp521r1 (P-521), X25519MLKEM768 (where the platform has ML-KEM).";

    private static readonly char[] s_separators = [',', ':'];

    private static readonly Dictionary<string, TlsCipherSuite> s_suites = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ECDHE-ECDSA-AES128-GCM-SHA256"] = TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        ["ECDHE-ECDSA-AES256-GCM-SHA384"] = TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        ["ECDHE-ECDSA-CHACHA20-POLY1305"] = TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        ["ECDHE-RSA-AES128-GCM-SHA256"] = TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        ["ECDHE-RSA-AES256-GCM-SHA384"] = TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        ["ECDHE-RSA-CHACHA20-POLY1305"] = TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        ["TLS_AES_128_GCM_SHA256"] = TlsCipherSuite.TLS_AES_128_GCM_SHA256,
        ["TLS_AES_256_GCM_SHA384"] = TlsCipherSuite.TLS_AES_256_GCM_SHA384,
        ["TLS_CHACHA20_POLY1305_SHA256"] = TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256,
    };

    private static readonly Dictionary<string, NamedGroup> s_groups = new(StringComparer.OrdinalIgnoreCase)
    {
        ["x25519"] = NamedGroup.X25519,
        ["P-256"] = NamedGroup.Secp256r1,
        ["secp256r1"] = NamedGroup.Secp256r1,
        ["prime256v1"] = NamedGroup.Secp256r1,
        ["P-384"] = NamedGroup.Secp384r1,
        ["secp384r1"] = NamedGroup.Secp384r1,
        ["P-521"] = NamedGroup.Secp521r1,
        ["secp521r1"] = NamedGroup.Secp521r1,
        ["X25519MLKEM768"] = NamedGroup.X25519MLKem768,
    };

    /// <summary>Suites separated by commas or colons.</summary>
    public static IReadOnlyList<TlsCipherSuite> ParseSuites(string text) =>
        [.. Split(text).Select(name => s_suites.TryGetValue(name, out var suite) || IsSuite(name, out suite) ? suite : throw Unknown("cipher suite", name, s_suites.Keys))];

    /// <summary>Groups separated by commas or colons.</summary>
    public static IReadOnlyList<NamedGroup> ParseGroups(string text) =>
        [.. Split(text).Select(name => s_groups.TryGetValue(name, out var group) ? Available(group) : throw Unknown("group", name, ["x25519", "secp256r1", "secp384r1", "secp521r1", "X25519MLKEM768"]))];

    /// <summary>A group by its number on the wire, as IANA calls it.</summary>
    public static string Group(uint number) => (NamedGroup)number switch
    {
        NamedGroup.X25519 => "x25519",
        NamedGroup.Secp256r1 => "secp256r1",
        NamedGroup.Secp384r1 => "secp384r1",
        NamedGroup.Secp521r1 => "secp521r1",
        NamedGroup.X25519MLKem768 => "X25519MLKEM768",
        _ => $"group 0x{number:x4}",
    };

    /// <summary>A signature scheme, as IANA calls it.</summary>
    public static string Scheme(SignatureScheme scheme) => scheme switch
    {
        SignatureScheme.RsaPkcs1Sha256 => "rsa_pkcs1_sha256",
        SignatureScheme.RsaPkcs1Sha384 => "rsa_pkcs1_sha384",
        SignatureScheme.RsaPkcs1Sha512 => "rsa_pkcs1_sha512",
        SignatureScheme.EcdsaSecp256r1Sha256 => "ecdsa_secp256r1_sha256",
        SignatureScheme.EcdsaSecp384r1Sha384 => "ecdsa_secp384r1_sha384",
        SignatureScheme.EcdsaSecp521r1Sha512 => "ecdsa_secp521r1_sha512",
        SignatureScheme.RsaPssRsaeSha256 => "rsa_pss_rsae_sha256",
        SignatureScheme.RsaPssRsaeSha384 => "rsa_pss_rsae_sha384",
        SignatureScheme.RsaPssRsaeSha512 => "rsa_pss_rsae_sha512",
        _ => $"scheme 0x{(int)scheme:x4}",
    };

    /// <summary>Application protocols separated by commas.</summary>
    public static IReadOnlyList<SslApplicationProtocol> ParseProtocols(string text) =>
        [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(name => new SslApplicationProtocol(name))];

    /// <summary>What the platform lacks the engine knows, and nobody else.</summary>
    private static NamedGroup Available(NamedGroup group)
    {
        try
        {
            _ = new TlsClient(new TlsClientOptions { Groups = { group } });
            return group;
        }
        catch (ArgumentException e)
        {
            throw CommandFault.Usage($"--groups: {Group((uint)group)} is not available on this machine", "Leave it out: its cryptography comes from the platform, which lacks it.", e);
        }
    }

    private static string[] Split(string text) => text.Split(s_separators, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static bool IsSuite(string name, out TlsCipherSuite suite) => Enum.TryParse(name, ignoreCase: true, out suite) && s_suites.ContainsValue(suite);

    private static CommandFault Unknown(string what, string name, IEnumerable<string> known) =>
        CommandFault.Usage($"'{name}' is no {what} that Kippu speaks", $"Known are: {string.Join(", ", known)}.");
}
