using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kippu.Bench.Scenarios;

/// <summary>The certificates of a run: a CA, and under it an ECDSA P-256 and an RSA-2048 leaf for <c>*.bench.example</c>.</summary>
internal sealed class Identity : IDisposable
{
    private Identity(X509Certificate2 ca, X509Certificate2 ecdsa, X509Certificate2 rsa, string host)
    {
        Ca = ca;
        EcdsaCertificate = ecdsa;
        RsaCertificate = rsa;
        Host = host;
        Ecdsa = TlsCredential.FromCertificate(ecdsa);
        Rsa = TlsCredential.FromCertificate(rsa);
    }

    public X509Certificate2 Ca { get; }

    public X509Certificate2 EcdsaCertificate { get; }

    public X509Certificate2 RsaCertificate { get; }

    public TlsCredential Ecdsa { get; }

    public TlsCredential Rsa { get; }

    /// <summary>The name that clients verify.</summary>
    public string Host { get; }

    /// <summary>From the files that the environment names (<c>BENCH_CERT</c> and so on).</summary>
    public static Identity FromEnvironment() => new(
        X509CertificateLoader.LoadCertificateFromFile(Variable("BENCH_CA")),
        X509Certificate2.CreateFromPemFile(Variable("BENCH_CERT"), Variable("BENCH_KEY")),
        X509Certificate2.CreateFromPemFile(Variable("BENCH_RSA_CERT"), Variable("BENCH_RSA_KEY")),
        Variable("BENCH_HOST"));

    /// <summary>Fresh ones.</summary>
    public static Identity Create()
    {
        var from = DateTimeOffset.UtcNow.AddDays(-1);
        var until = from.AddDays(30);
        using var caKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var caRequest = new CertificateRequest("CN=Kippu bench CA", caKey, HashAlgorithmName.SHA256);
        caRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        caRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        var ca = caRequest.CreateSelfSigned(from, until);

        using var ecdsaKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var ecdsa = Issue(ca, new CertificateRequest("CN=www.bench.example", ecdsaKey, HashAlgorithmName.SHA256), from, until);
        using var rsaKey = RSA.Create(2048);
        using var rsa = Issue(ca, new CertificateRequest("CN=www.bench.example", rsaKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), from, until);
        return new Identity(ca, ecdsa.CopyWithPrivateKey(ecdsaKey), rsa.CopyWithPrivateKey(rsaKey), "www.bench.example");
    }

    public void Dispose()
    {
        Ecdsa.Dispose();
        Rsa.Dispose();
        Ca.Dispose();
        EcdsaCertificate.Dispose();
        RsaCertificate.Dispose();
    }

    private static X509Certificate2 Issue(X509Certificate2 ca, CertificateRequest request, DateTimeOffset from, DateTimeOffset until)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("*.bench.example");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using var caKey = ca.GetECDsaPrivateKey()!;
        return request.Create(ca.SubjectName, X509SignatureGenerator.CreateForECDsa(caKey), from, until.AddHours(-1), RandomNumberGenerator.GetBytes(8));
    }

    private static string Variable(string name) =>
        Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"the environment variable {name} is not set");
}
