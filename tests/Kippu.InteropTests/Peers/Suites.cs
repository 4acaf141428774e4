using System.Net.Security;

namespace Kippu.InteropTests.Peers;

/// <summary>The six suites and the four groups.</summary>
internal static class Suites
{
    public static IReadOnlyList<TlsCipherSuite> All { get; } =
    [
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    ];

    public static IReadOnlyList<NamedGroup> Groups { get; } = [NamedGroup.X25519, NamedGroup.Secp256r1, NamedGroup.Secp384r1, NamedGroup.Secp521r1];

    /// <summary>The suite of the tests that are about something else.</summary>
    public static TlsCipherSuite Usual => TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256;

    public static bool IsRsa(TlsCipherSuite suite) => suite.ToString().Contains("_RSA_", StringComparison.Ordinal);
}
