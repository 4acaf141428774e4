using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Kippu.Handshake;
using Kippu.Wire;

namespace Kippu;

/// <summary>What the options of <see cref="SslStream"/> have in common for both roles. Whatever cannot be honoured is refused by the member's name.</summary>
internal static class SslOptions
{
    public static NotSupportedException Refused(string member, string reason) => new($"{member}: {reason}");

    public static void CheckProtocols(SslProtocols enabled)
    {
        const SslProtocols Possible = SslProtocols.Tls12 | SslProtocols.Tls13;
        if ((enabled & ~Possible) != 0)
        {
            throw Refused("EnabledSslProtocols", $"{enabled & ~Possible} is not spoken");
        }

        if (enabled != SslProtocols.None && !enabled.HasFlag(SslProtocols.Tls12))
        {
            throw Refused("EnabledSslProtocols", "TLS 1.2 is what is spoken, and it is not among them");
        }
    }

    public static void CheckEncryption(EncryptionPolicy policy)
    {
        if (policy != EncryptionPolicy.RequireEncryption)
        {
            throw Refused("EncryptionPolicy", "there is no connection without encryption");
        }
    }

    public static void AddProtocols(IEnumerable<SslApplicationProtocol>? from, IList<SslApplicationProtocol> to)
    {
        foreach (var protocol in from ?? [])
        {
            to.Add(protocol);
        }
    }

    /// <summary>A policy says what is allowed: those of it that are spoken, in its order.</summary>
    public static void AddSuites(CipherSuitesPolicy? policy, IList<TlsCipherSuite> to)
    {
        if (policy is null)
        {
            return;
        }

#pragma warning disable CA1416 // Where a policy cannot be read it cannot be made either.
        foreach (var suite in policy.AllowedCipherSuites)
#pragma warning restore CA1416
        {
            if (CipherSuite.Find((ushort)suite) is { Version: TlsVersion.Tls12 })
            {
                to.Add(suite);
            }
        }

        if (to.Count == 0)
        {
            throw Refused("CipherSuitesPolicy", "none of its suites is spoken");
        }
    }

    public static void AddSchemes(bool allowPss, bool allowPkcs1, IList<SignatureScheme> to)
    {
        if (allowPss && allowPkcs1)
        {
            return;
        }

        foreach (var scheme in Preferences.SignatureSchemes([]))
        {
            if (IsPss(scheme) ? allowPss : !IsPkcs1(scheme) || allowPkcs1)
            {
                to.Add(scheme);
            }
        }
    }

    public static TlsCredential Credential(SslStreamCertificateContext context, string member) =>
        Credential(context.TargetCertificate, context.IntermediateCertificates, member);

    /// <summary>With the intermediates that the machine's stores hold, as SslStream sends them; nothing is downloaded.</summary>
    public static TlsCredential Credential(X509Certificate certificate, string member)
    {
        if (certificate is not X509Certificate2 { HasPrivateKey: true } withKey)
        {
            throw Refused(member, "the certificate has no private key; give an X509Certificate2 that has");
        }

        return Credential(withKey, SslStreamCertificateContext.Create(withKey, additionalCertificates: null, offline: true).IntermediateCertificates, member);
    }

    private static TlsCredential Credential(X509Certificate2 certificate, IEnumerable<X509Certificate2> intermediates, string member) =>
        certificate.HasPrivateKey ? TlsCredential.FromCertificate(certificate, intermediates) : throw Refused(member, "the certificate has no private key");

    private static bool IsPss(SignatureScheme scheme) => scheme is SignatureScheme.RsaPssRsaeSha256 or SignatureScheme.RsaPssRsaeSha384 or SignatureScheme.RsaPssRsaeSha512;

    private static bool IsPkcs1(SignatureScheme scheme) => scheme is SignatureScheme.RsaPkcs1Sha256 or SignatureScheme.RsaPkcs1Sha384 or SignatureScheme.RsaPkcs1Sha512;
}
