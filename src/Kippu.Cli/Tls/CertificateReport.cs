using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kippu.Cli.Tls;

/// <summary>A certificate, as far as a report tells of it.</summary>
internal sealed record CertificateReport(string Subject, string Issuer, DateTimeOffset NotAfter, string Sha256)
{
    public static CertificateReport Of(X509Certificate2 certificate) => new(
        certificate.Subject,
        certificate.Issuer,
        new DateTimeOffset(certificate.NotAfter.ToUniversalTime()),
        Convert.ToHexStringLower(certificate.GetCertHash(HashAlgorithmName.SHA256)));
}
