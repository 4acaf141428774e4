using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kippu.Cli.Tls;

/// <summary>A certificate authority that lives as long as the command, for servers that were given no certificate.</summary>
internal sealed class SelfMadeAuthority : IDisposable
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1"; // id-kp-serverAuth, RFC 5280 §4.2.1.12

    private static readonly TimeSpan s_skew = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_validity = TimeSpan.FromDays(30);

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly DateTimeOffset _now;

    public SelfMadeAuthority(DateTimeOffset now)
    {
        _now = now;

        // A name of its own: of two roots with one name a chain engine says that the key is wrong, or less.
        var request = new CertificateRequest(CommonName($"Kippu, made for this run ({Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(3))})"), _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        Certificate = request.CreateSelfSigned(now - s_skew, now + s_validity + s_skew);
    }

    /// <summary>What clients must trust.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>A certificate for a server of these names and addresses, with a key of its own (ECDSA P-256).</summary>
    public TlsCredential Issue(params ReadOnlySpan<string> names)
    {
        using var certificate = IssueCertificate(names);
        return TlsCredential.FromCertificate(certificate);
    }

    /// <summary>The same, to be put into files. Whoever has it disposes it.</summary>
    public X509Certificate2 IssueCertificate(params ReadOnlySpan<string> names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(CommonName(names[0]), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], critical: false));
        request.CertificateExtensions.Add(NamesExtension(names));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Certificate, true, false));
        using var certificate = request.Create(Certificate, _now - s_skew, _now + s_validity, RandomNumberGenerator.GetBytes(16));
        return certificate.CopyWithPrivateKey(key);
    }

    public void Dispose()
    {
        Certificate.Dispose();
        _key.Dispose();
    }

    private static X500DistinguishedName CommonName(string name)
    {
        var builder = new X500DistinguishedNameBuilder();
        builder.AddCommonName(name);
        return builder.Build();
    }

    private static X509Extension NamesExtension(ReadOnlySpan<string> names)
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
}
