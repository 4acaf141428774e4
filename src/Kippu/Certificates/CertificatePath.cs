using System.Security.Cryptography.X509Certificates;
using Kippu.Wire;

namespace Kippu.Certificates;

/// <summary>Puts the certificates that were given with a leaf into the order in which TLS sends them.</summary>
internal static class CertificatePath
{
    /// <summary>
    /// The leaf, then the certificate that issued it, and so on, as far as <paramref name="others"/> go.
    /// RFC 5246 §7.4.2: "Each following certificate MUST directly certify the one preceding it", and the root "MAY be omitted": it is, since who does not have
    /// it already would not trust it. What does not belong to the path is left out.
    /// </summary>
    public static IReadOnlyList<X509Certificate2> From(X509Certificate2 leaf, IEnumerable<X509Certificate2> others)
    {
        var path = new List<X509Certificate2> { leaf };
        var left = others.ToList();
        while (left.Find(candidate => Issued(candidate, path[^1])) is { } issuer)
        {
            left.Remove(issuer);
            if (IsRoot(issuer))
            {
                break;
            }

            path.Add(issuer);
        }

        return path;
    }

    private static bool Issued(X509Certificate2 issuer, X509Certificate2 subject) =>
        !PublicBytes.AreEqual(issuer.RawDataMemory.Span, subject.RawDataMemory.Span) && FitsAsIssuer(issuer, subject);

    /// <summary>By its key where that is named, not by its name alone: an authority issues to its own name when it renews its key (RFC 5280 §3.2), and that certificate is needed.</summary>
    private static bool IsRoot(X509Certificate2 certificate) => FitsAsIssuer(certificate, certificate);

    private static bool FitsAsIssuer(X509Certificate2 issuer, X509Certificate2 subject)
    {
        if (!PublicBytes.AreEqual(issuer.SubjectName.RawData, subject.IssuerName.RawData))
        {
            return false;
        }

        // Two authorities may bear one name (a renewed key): the key identifiers tell them apart where they are present.
        var wanted = subject.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().FirstOrDefault()?.KeyIdentifier;
        var had = issuer.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault()?.SubjectKeyIdentifierBytes;
        return wanted is null || had is null || PublicBytes.AreEqual(wanted.Value.Span, had.Value.Span);
    }
}
