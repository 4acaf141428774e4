using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kippu.Wire;

namespace Kippu.Certificates;

/// <summary>
/// What of the verification options decides whether a session accepted under them may be resumed: the plain values that go into a session's scope on the
/// server, and into the key of the client's store. Two machines with the same configuration have the same values, whatever their certificate stores hold.
/// </summary>
internal sealed class VerificationPolicy
{
    public VerificationPolicy(CertificateVerificationOptions options)
    {
        AnchorDigests = options.CustomTrustRoots is { } roots ? Digest(roots) : null;
        RevocationMode = options.RevocationMode;
        PolicyId = Describe(options);
        IsResumable = options.Callback is null || options.CallbackId is not null;
    }

    /// <summary>SHA-256 of each custom trust root, sorted, each once; null means the roots of the operating system (the literal "system" in a digest).</summary>
    public IReadOnlyList<byte[]>? AnchorDigests { get; }

    public X509RevocationMode RevocationMode { get; }

    /// <summary>The callback's id, and what else makes the policy laxer or stricter than the default; empty for the default without a callback.</summary>
    public string PolicyId { get; }

    /// <summary>False if there is a callback without an id: nobody can say whether it would accept the certificate again, so the session is not resumed.</summary>
    public bool IsResumable { get; }

    private static List<byte[]> Digest(X509Certificate2Collection roots)
    {
        var digests = roots.Select(root => SHA256.HashData(root.RawDataMemory.Span)).ToList();
        digests.Sort((left, right) => PublicBytes.Compare(left, right));
        for (var i = digests.Count - 1; i > 0; i--)
        {
            if (PublicBytes.AreEqual(digests[i], digests[i - 1]))
            {
                digests.RemoveAt(i);
            }
        }

        return digests;
    }

    /// <summary>Numbers, not names, of the flags: a name may change with the framework. The id stands last, so that none can imitate a flag.</summary>
    private static string Describe(CertificateVerificationOptions options)
    {
        var flags = options.VerificationFlags == X509VerificationFlags.NoFlag ? "" : $"flags={(int)options.VerificationFlags};";
        var revocation = options.RevocationMode == X509RevocationMode.NoCheck || options.RevocationFlag == X509RevocationFlag.ExcludeRoot
            ? "" : $"revocation={(int)options.RevocationFlag};";
        var callback = options.Callback is null ? "" : $"callback={options.CallbackId}";
        return flags + revocation + callback;
    }
}
