using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kippu.Tests;

/// <summary>A certificate of the test PKI with its private key and the intermediates above it.</summary>
internal sealed class TestIdentity(X509Certificate2 certificate, params X509Certificate2[] intermediates)
{
    private readonly Lazy<TlsCredential> _credential = new(() => TlsCredential.FromCertificate(certificate, intermediates));

    /// <summary>With its private key.</summary>
    public X509Certificate2 Certificate { get; } = certificate;

    public IReadOnlyList<X509Certificate2> Intermediates { get; } = intermediates;

    /// <summary>Shared by all tests: do not dispose it, do not change it.</summary>
    public TlsCredential Credential => _credential.Value;

    /// <summary>The chain as a peer would send it: DER, the leaf first, without the root.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Chain => [Certificate.RawData, .. Intermediates.Select(intermediate => (ReadOnlyMemory<byte>)intermediate.RawData)];

    /// <summary>The chain in PEM, the leaf first.</summary>
    public string CertificatePem => string.Concat(Intermediates.Prepend(Certificate).Select(certificate => certificate.ExportCertificatePem() + "\n"));

    /// <summary>The private key in PEM (PKCS#8).</summary>
    public string KeyPem
    {
        get
        {
            using var key = OpenKey();
            return key.ExportPkcs8PrivateKeyPem() + "\n";
        }
    }

    /// <summary>A credential of the test's own, which it may name and dispose.</summary>
    public TlsCredential NewCredential(params string[] serverNames)
    {
        var credential = TlsCredential.FromCertificate(Certificate, Intermediates);
        if (serverNames.Length > 0)
        {
            credential.ServerNames = serverNames;
        }

        return credential;
    }

    /// <summary>The private key, as an object of the caller's own.</summary>
    public AsymmetricAlgorithm OpenKey() => (AsymmetricAlgorithm?)Certificate.GetECDsaPrivateKey() ?? Certificate.GetRSAPrivateKey()!;

    /// <summary>Writes <c>NAME.crt</c> (the chain) and <c>NAME.key</c> for programs that read PEM files.</summary>
    public (string CertificatePath, string KeyPath) WritePem(string folder, string name)
    {
        var paths = (CertificatePath: Path.Combine(folder, name + ".crt"), KeyPath: Path.Combine(folder, name + ".key"));
        File.WriteAllText(paths.CertificatePath, CertificatePem);
        File.WriteAllText(paths.KeyPath, KeyPem);
        return paths;
    }
}
