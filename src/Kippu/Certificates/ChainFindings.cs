using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kippu.Wire;

namespace Kippu.Certificates;

/// <summary>Puts what the platform's chain engine says into our closed list of faults, and into words that say what to do next.</summary>
internal static class ChainFindings
{
    private const X509ChainStatusFlags Untrusted = X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.ExplicitDistrust;
    private const X509ChainStatusFlags RevocationUnknown = X509ChainStatusFlags.RevocationStatusUnknown | X509ChainStatusFlags.OfflineRevocation;
    private const X509ChainStatusFlags Named = Untrusted | RevocationUnknown | X509ChainStatusFlags.NotTimeValid | X509ChainStatusFlags.Revoked | X509ChainStatusFlags.NotValidForUsage;

    /// <summary>Each flag of the options, and what it makes the engine overlook: it reports those all the same.</summary>
    private static readonly (X509VerificationFlags Flag, X509ChainStatusFlags Overlooked)[] s_overlooked =
    [
        (X509VerificationFlags.IgnoreNotTimeValid, X509ChainStatusFlags.NotTimeValid),
        (X509VerificationFlags.IgnoreCtlNotTimeValid, X509ChainStatusFlags.CtlNotTimeValid),
        (X509VerificationFlags.IgnoreNotTimeNested, X509ChainStatusFlags.NotTimeNested),
        (X509VerificationFlags.IgnoreInvalidBasicConstraints, X509ChainStatusFlags.InvalidBasicConstraints),
        (X509VerificationFlags.AllowUnknownCertificateAuthority, X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain),
        (X509VerificationFlags.IgnoreWrongUsage, X509ChainStatusFlags.NotValidForUsage),
        (X509VerificationFlags.IgnoreInvalidName, X509ChainStatusFlags.InvalidNameConstraints),
        (X509VerificationFlags.IgnoreInvalidPolicy, X509ChainStatusFlags.InvalidPolicyConstraints | X509ChainStatusFlags.NoIssuanceChainPolicy),
        (X509VerificationFlags.IgnoreEndRevocationUnknown, RevocationUnknown),
        (X509VerificationFlags.IgnoreCtlSignerRevocationUnknown, RevocationUnknown),
        (X509VerificationFlags.IgnoreCertificateAuthorityRevocationUnknown, RevocationUnknown),
        (X509VerificationFlags.IgnoreRootRevocationUnknown, RevocationUnknown),
    ];

    /// <summary>What is wrong with a chain that the engine did not accept: never nothing.</summary>
    public static void Collect(X509Chain chain, DateTimeOffset now, List<VerificationFinding> findings)
    {
        var before = findings.Count;
        var overlooked = Overlooked(chain.ChainPolicy.VerificationFlags);
        foreach (var element in chain.ChainElements)
        {
            foreach (var status in element.ChainElementStatus)
            {
                Collect(element.Certificate, status, status.Status & ~overlooked, now, findings, chain.ChainPolicy.CustomTrustStore);
            }
        }

        if (chain.ChainStatus.Any(status => (status.Status & ~overlooked & X509ChainStatusFlags.NotValidForUsage) != 0))
        {
            findings.Add(VerificationFinding.Unfit(WhyUnfit(chain)));
        }

        if (findings.Count == before)
        {
            var whole = string.Join(", ", chain.ChainStatus.Select(status => $"{status.StatusInformation.Trim()} ({status.Status})"));
            findings.Add(VerificationFinding.Bad($"the chain does not verify: {(whole.Length > 0 ? whole : "the platform does not say why")}"));
        }
    }

    public static string Name(X509Certificate2 certificate) =>
        HostNames.Printable(certificate.Subject is { Length: > 0 } subject ? subject : $"with serial number {certificate.SerialNumber}");

    private static void Collect(
        X509Certificate2 certificate, X509ChainStatus status, X509ChainStatusFlags flags, DateTimeOffset now, List<VerificationFinding> findings, X509Certificate2Collection roots)
    {
        var name = Name(certificate);
        if ((flags & Untrusted) != 0)
        {
            findings.Add(VerificationFinding.Untrusted(WhyUntrusted(certificate, name, flags, roots)));
        }

        if ((flags & X509ChainStatusFlags.NotTimeValid) != 0)
        {
            findings.Add(VerificationFinding.OutOfTime(WhyOutOfTime(certificate, name, now)));
        }

        if ((flags & X509ChainStatusFlags.Revoked) != 0)
        {
            findings.Add(VerificationFinding.Revoked($"the certificate {name} was revoked by its issuer: the peer needs a new one"));
        }

        if ((flags & RevocationUnknown) != 0)
        {
            findings.Add(VerificationFinding.RevocationUnknown(
                $"whether the certificate {name} is revoked could not be learnt: make its CRL or OCSP responder reachable, or set RevocationMode to NoCheck"));
        }

        if ((flags & ~Named) != 0)
        {
            findings.Add(VerificationFinding.Bad($"the certificate {name} does not verify: {status.StatusInformation.Trim()} ({flags & ~Named})"));
        }
    }

    private static string WhyUntrusted(X509Certificate2 certificate, string name, X509ChainStatusFlags flags, X509Certificate2Collection roots)
    {
        if ((flags & X509ChainStatusFlags.PartialChain) != 0)
        {
            if (roots.Any(root => PublicBytes.AreEqual(root.SubjectName.RawData, certificate.IssuerName.RawData)))
            {
                return $"a root of the name {HostNames.Printable(certificate.Issuer)} is trusted, but it is another one: its key did not sign {name}. Trust the root that did";
            }

            return $"no certificate of the issuer {HostNames.Printable(certificate.Issuer)} of {name} was found: "
                + "if that is the root, trust it (CustomTrustRoots, or the system's store); if it is an intermediate, the peer should send it with its own";
        }

        return (flags & X509ChainStatusFlags.ExplicitDistrust) != 0
            ? $"the certificate {name} is explicitly distrusted on this machine"
            : $"the chain ends at the self-signed certificate {name}, which is not among the trusted roots: add it to them (CustomTrustRoots, or the system's store) if it is to be trusted";
    }

    /// <summary>The engine blames the whole chain; the culprit is the lowest certificate whose extended key usages leave this one out, or else some key usage.</summary>
    private static string WhyUnfit(X509Chain chain)
    {
        var purpose = chain.ChainPolicy.ApplicationPolicy[0];
        foreach (var element in chain.ChainElements)
        {
            var usages = element.Certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().SelectMany(extension => extension.EnhancedKeyUsages.Cast<Oid>()).ToList();
            if (usages.Count > 0 && usages.TrueForAll(usage => usage.Value != purpose.Value))
            {
                return $"the extended key usages of the certificate {Name(element.Certificate)} do not include {purpose.FriendlyName} ({purpose.Value}): have one issued for that";
            }
        }

        var blamed = chain.ChainElements.FirstOrDefault(element => element.ChainElementStatus.Any(status => (status.Status & X509ChainStatusFlags.NotValidForUsage) != 0));
        return $"the key usage of the certificate {Name((blamed ?? chain.ChainElements[0]).Certificate)} does not allow what it is used for in this chain";
    }

    private static string WhyOutOfTime(X509Certificate2 certificate, string name, DateTimeOffset now)
    {
        var from = certificate.NotBefore.ToUniversalTime();
        var to = certificate.NotAfter.ToUniversalTime();
        return now.UtcDateTime < from
            ? $"the certificate {name} is not valid before {from:u}, and it is {now.UtcDateTime:u} here: check the clocks of both machines"
            : $"the certificate {name} expired on {to:u}, and it is {now.UtcDateTime:u} here: renew it, or check this machine's clock";
    }

    private static X509ChainStatusFlags Overlooked(X509VerificationFlags flags)
    {
        var overlooked = X509ChainStatusFlags.NoError;
        foreach (var (flag, status) in s_overlooked)
        {
            overlooked |= (flags & flag) != 0 ? status : 0;
        }

        return overlooked;
    }
}
