using System.Security.Cryptography.X509Certificates;

namespace Kippu.Tests;

/// <summary>What a certificate of the test PKI says. The defaults make a server's certificate with which nothing is wrong.</summary>
internal sealed record TestProfile
{
    public const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    public const string ClientAuth = "1.3.6.1.5.5.7.3.2";

    public string Subject { get; init; } = "CN=Kippu test server";

    public TestKey Key { get; init; } = TestKey.EcdsaP256;

    /// <summary>Subject alternative names: DNS names and IP addresses. Empty: no such extension.</summary>
    public string[] Names { get; init; } = ["localhost", "127.0.0.1", "::1"];

    /// <summary>Null: no such extension.</summary>
    public X509KeyUsageFlags? KeyUsage { get; init; } = X509KeyUsageFlags.DigitalSignature;

    /// <summary>Empty: no such extension.</summary>
    public string[] ExtendedKeyUsages { get; init; } = [ServerAuth];

    public DateTimeOffset NotBefore { get; init; } = TestPki.Now.AddDays(-1);

    public DateTimeOffset NotAfter { get; init; } = TestPki.Now.AddDays(60);

    /// <summary>Null: the intermediate authority.</summary>
    public TestIdentity? Issuer { get; init; }

    public bool SelfSigned { get; init; }

    /// <summary>Basic constraints that make it an authority.</summary>
    public bool IsAuthority { get; init; }

    /// <summary>Further extensions.</summary>
    public X509Extension[] Extensions { get; init; } = [];

    /// <summary>Replaces the issuer's own way to sign.</summary>
    public X509SignatureGenerator? Signer { get; init; }
}
