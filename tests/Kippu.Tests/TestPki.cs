using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kippu.Tests;

/// <summary>
/// The certificates of all tests: a root, an intermediate below it, and what they issue. Made when first asked for, kept for the run, nothing fetched.
/// Times are relative to <see cref="Now"/>: a test that moves the clock starts its own there.
/// </summary>
internal static class TestPki
{
    private static readonly ConcurrentDictionary<string, Lazy<TestIdentity>> s_made = new();

    /// <summary>The time of the run's start, in whole seconds: what is valid is valid for foreign programs too.</summary>
    public static DateTimeOffset Now { get; } = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds());

    public static TestIdentity Root => Once(nameof(Root), () => Authority("CN=Kippu test root", null));

    public static TestIdentity Intermediate => Once(nameof(Intermediate), () => Authority("CN=Kippu test intermediate", Root));

    /// <summary>A root that nobody trusts.</summary>
    public static TestIdentity Stranger => Once(nameof(Stranger), () => Authority("CN=Kippu untrusted root", null));

    /// <summary>The roots to trust; a collection of the caller's own.</summary>
    public static X509Certificate2Collection TrustedRoots => [X509CertificateLoader.LoadCertificate(Root.Certificate.RawData)];

    /// <summary>Verification that trusts the test root, and options of the caller's own to change.</summary>
    public static CertificateVerificationOptions Verification => new() { CustomTrustRoots = TrustedRoots };

    /// <summary>A server for localhost, 127.0.0.1 and ::1 with an ECDSA P-256 key: the one to take where the kind does not matter.</summary>
    public static TestIdentity Server => EcdsaP256;

    public static TestIdentity EcdsaP256 => ServerWith(TestKey.EcdsaP256);

    public static TestIdentity EcdsaP384 => ServerWith(TestKey.EcdsaP384);

    public static TestIdentity EcdsaP521 => ServerWith(TestKey.EcdsaP521);

    public static TestIdentity Rsa2048 => ServerWith(TestKey.Rsa2048);

    public static TestIdentity Client => ClientWith(TestKey.EcdsaP256);

    public static TestIdentity RsaClient => ClientWith(TestKey.Rsa2048);

    public static TestIdentity Expired => Once(nameof(Expired), () => Issue(new() { Subject = "CN=Expired", NotBefore = Now.AddDays(-20), NotAfter = Now.AddDays(-10) }));

    public static TestIdentity NotYetValid => Once(nameof(NotYetValid), () => Issue(new() { Subject = "CN=Not yet valid", NotBefore = Now.AddDays(10), NotAfter = Now.AddDays(20) }));

    /// <summary>A server whose certificate is for TLS clients only.</summary>
    public static TestIdentity WrongExtendedKeyUsage => Once(nameof(WrongExtendedKeyUsage), () => Issue(new() { Subject = "CN=Wrong EKU", ExtendedKeyUsages = [TestProfile.ClientAuth] }));

    /// <summary>A server whose key may encipher keys, but not sign.</summary>
    public static TestIdentity WrongKeyUsage => Once(nameof(WrongKeyUsage), () => Issue(new() { Subject = "CN=Wrong key usage", KeyUsage = X509KeyUsageFlags.KeyEncipherment }));

    /// <summary>A server for other.example.</summary>
    public static TestIdentity OtherName => Once(nameof(OtherName), () => Issue(new() { Subject = "CN=Other name", Names = ["other.example"] }));

    /// <summary>A server whose only name is its common name.</summary>
    public static TestIdentity CommonNameOnly => Once(nameof(CommonNameOnly), () => Issue(new() { Subject = "CN=localhost", Names = [] }));

    public static TestIdentity SelfSigned => Once(nameof(SelfSigned), () => Issue(new() { Subject = "CN=Self-signed", SelfSigned = true }));

    /// <summary>A server under a root that nobody trusts.</summary>
    public static TestIdentity Untrusted => Once(nameof(Untrusted), () => Issue(new() { Subject = "CN=Untrusted", Issuer = Stranger }));

    /// <summary>A client under a root that nobody trusts.</summary>
    public static TestIdentity UntrustedClient => Once(nameof(UntrustedClient), () => Issue(ClientProfile("CN=Untrusted client", TestKey.EcdsaP256) with { Issuer = Stranger }));

    public static TestIdentity ExpiredClient => Once(nameof(ExpiredClient), () =>
        Issue(ClientProfile("CN=Expired client", TestKey.EcdsaP256) with { NotBefore = Now.AddDays(-20), NotAfter = Now.AddDays(-10) }));

    /// <summary>A server's certificate for these DNS names or addresses, the same one for the same names within a run.</summary>
    public static TestIdentity ServerFor(TestKey key, params string[] names) => Once($"{key} for {string.Join(' ', names)}", () =>
        Issue(new() { Subject = $"CN={names[0]}", Key = key, Names = names }));

    /// <summary>A certificate made to measure, a new one at each call.</summary>
    public static TestIdentity Issue(TestProfile profile)
    {
        using var key = NewKey(profile.Key);
        if (profile.SelfSigned)
        {
            var request = key is ECDsa ecdsa
                ? new CertificateRequest(profile.Subject, ecdsa, HashAlgorithmName.SHA256)
                : new CertificateRequest(profile.Subject, (RSA)key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            return new TestIdentity(Extend(request, profile).CreateSelfSigned(profile.NotBefore, profile.NotAfter));
        }

        using var bare = IssueFor(key is ECDsa own ? new PublicKey(own) : new PublicKey((RSA)key), profile);
        var certificate = key is ECDsa joined ? bare.CopyWithPrivateKey(joined) : bare.CopyWithPrivateKey((RSA)key);
        return new TestIdentity(certificate, [.. PathAbove(profile.Issuer ?? Intermediate)]);
    }

    /// <summary>A certificate for a public key of any kind; <see cref="TestProfile.Key"/> is not looked at.</summary>
    public static X509Certificate2 IssueFor(PublicKey key, TestProfile profile)
    {
        var issuer = profile.Issuer ?? Intermediate;
        using var issuerKey = issuer.OpenKey();
        var signer = profile.Signer ?? (issuerKey is ECDsa ecdsa ? X509SignatureGenerator.CreateForECDsa(ecdsa) : X509SignatureGenerator.CreateForRSA((RSA)issuerKey, RSASignaturePadding.Pkcs1));
        var request = Extend(new CertificateRequest(new X500DistinguishedName(profile.Subject), key, HashAlgorithmName.SHA256), profile);
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(issuer.Certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));

        var serial = RandomNumberGenerator.GetBytes(12);
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40);
        return request.Create(issuer.Certificate.SubjectName, signer, profile.NotBefore, profile.NotAfter, serial);
    }

    /// <summary>Writes the root as <c>root.crt</c> for programs that read PEM files.</summary>
    public static string WriteRoot(string folder)
    {
        var path = Path.Combine(folder, "root.crt");
        File.WriteAllText(path, Root.Certificate.ExportCertificatePem() + "\n");
        return path;
    }

    private static TestIdentity ServerWith(TestKey key) => Once($"server {key}", () => Issue(new() { Subject = $"CN=Kippu test server {key}", Key = key }));

    private static TestIdentity ClientWith(TestKey key) => Once($"client {key}", () => Issue(ClientProfile($"CN=Kippu test client {key}", key)));

    private static TestProfile ClientProfile(string subject, TestKey key) =>
        new() { Subject = subject, Key = key, Names = ["client.example"], ExtendedKeyUsages = [TestProfile.ClientAuth] };

    private static TestIdentity Authority(string subject, TestIdentity? issuer) => Issue(new()
    {
        Subject = subject,
        Names = [],
        ExtendedKeyUsages = [],
        KeyUsage = X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign,
        NotBefore = Now.AddYears(-2),
        NotAfter = Now.AddYears(10),
        Issuer = issuer,
        SelfSigned = issuer is null,
        IsAuthority = true,
    });

    /// <summary>The issuer and what stands above it, without the root.</summary>
    private static IEnumerable<X509Certificate2> PathAbove(TestIdentity issuer) =>
        issuer.Certificate.Subject == issuer.Certificate.Issuer ? [] : issuer.Intermediates.Prepend(X509CertificateLoader.LoadCertificate(issuer.Certificate.RawData));

    private static CertificateRequest Extend(CertificateRequest request, TestProfile profile)
    {
        foreach (var extension in ExtensionsOf(profile).Concat(profile.Extensions).Append(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false)))
        {
            request.CertificateExtensions.Add(extension);
        }

        return request;
    }

    private static IEnumerable<X509Extension> ExtensionsOf(TestProfile profile)
    {
        yield return new X509BasicConstraintsExtension(profile.IsAuthority, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true);
        if (profile.KeyUsage is { } usage)
        {
            yield return new X509KeyUsageExtension(usage, critical: true);
        }

        if (profile.ExtendedKeyUsages.Length > 0)
        {
            yield return new X509EnhancedKeyUsageExtension([.. profile.ExtendedKeyUsages.Select(usage => new Oid(usage))], critical: false);
        }

        if (profile.Names.Length > 0)
        {
            yield return NamesExtension(profile.Names);
        }
    }

    private static X509Extension NamesExtension(string[] names)
    {
        var builder = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address))
            {
                builder.AddIpAddress(address);
            }
            else
            {
                builder.AddDnsName(name);
            }
        }

        return builder.Build();
    }

    private static AsymmetricAlgorithm NewKey(TestKey key) => key switch
    {
        TestKey.EcdsaP256 => ECDsa.Create(ECCurve.NamedCurves.nistP256),
        TestKey.EcdsaP384 => ECDsa.Create(ECCurve.NamedCurves.nistP384),
        TestKey.EcdsaP521 => ECDsa.Create(ECCurve.NamedCurves.nistP521),
        TestKey.Rsa2048 => RSA.Create(2048),
        _ => throw new ArgumentOutOfRangeException(nameof(key), key, null),
    };

    private static TestIdentity Once(string name, Func<TestIdentity> make) => s_made.GetOrAdd(name, _ => new Lazy<TestIdentity>(make)).Value;
}
