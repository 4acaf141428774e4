using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kippu.Certificates;

/// <summary>
/// What of the verification options decides whether a session accepted under them may be resumed: the plain values that go into a session's scope on the
/// server, and into the key of the client's store. Two machines with the same configuration have the same values, whatever their certificate stores hold.
/// </summary>
internal sealed class VerificationPolicy
{
    /// <summary>The most bytes of names that a request lists: the message has room for 65,535 and its lengths (RFC 5246 §7.4.4), and no client reads that many.</summary>
    private const int MaxAuthorityNames = 32 * 1024;

    public VerificationPolicy(CertificateVerificationOptions options)
    {
        AnchorDigests = options.CustomTrustRoots?.Select(root => (ReadOnlyMemory<byte>)SHA256.HashData(root.RawDataMemory.Span)).ToList();
        AuthorityNames = NamesOf(options.CustomTrustRoots ?? []);
        Verification = Describe(options);
        HasCustomVerification = options.Callback is not null;
        CustomVerificationId = options.CallbackId;
    }

    /// <summary>SHA-256 of each custom trust root, in the order of the options; null means the roots of the operating system (the literal "system" in a digest).</summary>
    public IReadOnlyCollection<ReadOnlyMemory<byte>>? AnchorDigests { get; }

    /// <summary>
    /// The subjects of the custom trust roots, DER, for certificate_authorities; empty for the roots of the operating system, and wherever they would be too
    /// many. RFC 5246 §7.4.4: "If the certificate_authorities list is empty, then the client MAY send any certificate".
    /// </summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> AuthorityNames { get; }

    /// <summary>How revocation is checked, and what the chain engine is to overlook, as words that tell one way from another: "NoCheck", "Online EntireChain", "NoCheck overlooks 0x1".</summary>
    public string Verification { get; }

    public bool HasCustomVerification { get; }

    /// <summary>Null with <see cref="HasCustomVerification"/>: nobody can say whether the callback would accept the certificate again, so the session is not resumed.</summary>
    public string? CustomVerificationId { get; }

    private static ReadOnlyMemory<byte>[] NamesOf(X509Certificate2Collection roots)
    {
        ReadOnlyMemory<byte>[] names = [.. roots.Select(root => (ReadOnlyMemory<byte>)root.SubjectName.RawData)];
        return names.Sum(name => sizeof(ushort) + name.Length) <= MaxAuthorityNames ? names : [];
    }

    /// <summary>The flags as a number: their names may change with the framework.</summary>
    private static string Describe(CertificateVerificationOptions options)
    {
        var mode = options.RevocationMode == X509RevocationMode.NoCheck ? "NoCheck" : $"{options.RevocationMode} {options.RevocationFlag}";
        return options.VerificationFlags == X509VerificationFlags.NoFlag
            ? mode : string.Create(CultureInfo.InvariantCulture, $"{mode} overlooks 0x{(int)options.VerificationFlags:X}");
    }
}
