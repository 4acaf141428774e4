using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kippu.Certificates;

/// <summary>What TLS demands of the peer's own certificate beyond a chain that verifies.</summary>
internal static class LeafFindings
{
    private static readonly Dictionary<string, string> s_weakSignatures = new()
    {
        ["1.2.840.113549.1.1.2"] = "MD2",
        ["1.2.840.113549.1.1.4"] = "MD5",
        ["1.2.840.113549.1.1.5"] = "SHA-1",
        ["1.3.14.3.2.29"] = "SHA-1",
        ["1.2.840.10045.4.1"] = "SHA-1",
        ["1.2.840.10040.4.3"] = "SHA-1",
    };

    /// <summary>
    /// RFC 5246 §7.4.2: "the digitalSignature bit MUST be set if the key usage extension is present", for every key exchange that this library speaks.
    /// </summary>
    public static void CheckKeyUsage(X509Certificate2 leaf, List<VerificationFinding> findings)
    {
        var usage = leaf.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault();
        if (usage is not null && (usage.KeyUsages & X509KeyUsageFlags.DigitalSignature) == 0)
        {
            findings.Add(VerificationFinding.Unfit(
                $"the key usage of the certificate {ChainFindings.Name(leaf)} is {usage.KeyUsages} and lacks DigitalSignature, which TLS with ephemeral keys needs: have it issued with that bit"));
        }
    }

    /// <summary>
    /// Signatures over MD5 and SHA-1 can be forged. RFC 5246 §7.4.2 lets a peer send only certificates signed by what signature_algorithms offered, and none
    /// of these is ever offered. The anchor at the end of a chain is trusted for itself, not for its signature: by its place, never by its name, since an
    /// authority may issue to its own name (RFC 5280 §3.2, "self-issued"), and anybody may write two equal names.
    /// </summary>
    public static void CheckSignatures(X509Chain built, List<VerificationFinding> findings)
    {
        var isPartial = built.ChainStatus.Any(status => (status.Status & X509ChainStatusFlags.PartialChain) != 0);
        foreach (var element in built.ChainElements.SkipLast(isPartial ? 0 : 1))
        {
            var certificate = element.Certificate;
            if (certificate.SignatureAlgorithm.Value is { } algorithm && s_weakSignatures.TryGetValue(algorithm, out var hash))
            {
                findings.Add(VerificationFinding.Bad($"the certificate {ChainFindings.Name(certificate)} is signed over {hash}, which can be forged: have it issued anew with SHA-256"));
            }
        }
    }

    /// <summary>The subject alternative names only: RFC 6125 §6.4.4's fall-back to the common name is not made.</summary>
    public static void CheckName(X509Certificate2 leaf, string host, List<VerificationFinding> findings)
    {
        try
        {
            if (!leaf.MatchesHostname(HostNames.Normalize(host), allowWildcards: true, allowCommonName: false))
            {
                findings.Add(VerificationFinding.OtherName(WhyOtherName(host, HostNames.Of(leaf))));
            }
        }
        catch (ArgumentException)
        {
            findings.Add(VerificationFinding.OtherName($"'{HostNames.Printable(host)}' is neither a host name nor an IP address, so no certificate can be for it"));
        }
        catch (CryptographicException)
        {
            findings.Add(VerificationFinding.Bad("the subject alternative names of the certificate are malformed"));
        }
    }

    private static string WhyOtherName(string host, IReadOnlyList<string> names)
    {
        if (names.Count == 0)
        {
            return $"the certificate has no subject alternative names, so it is not for {host} (its common name is not looked at): have it issued with the name as a subject alternative name";
        }

        var shown = HostNames.Printable(string.Join(", ", names.Take(5)) + (names.Count > 5 ? $" and {names.Count - 5} more" : ""));
        return $"the certificate is for {shown}, not for {host}: connect by a name that it has, or have it issued for this one";
    }
}
