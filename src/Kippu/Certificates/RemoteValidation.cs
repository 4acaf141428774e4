using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kippu.Certificates;

/// <summary>
/// How the options of <see cref="SslStream"/> have certificates verified, in the words of <see cref="CertificateVerificationOptions"/>.
/// </summary>
internal sealed class RemoteValidation
{
    private static readonly Oid s_serverAuth = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid s_clientAuth = new("1.3.6.1.5.5.7.3.2");

    private readonly RemoteCertificateValidationCallback _callback;
    private readonly X509ChainPolicy _policy;

    private RemoteValidation(RemoteCertificateValidationCallback callback, X509ChainPolicy policy)
    {
        _callback = callback;
        _policy = policy;
    }

    /// <summary>For a server, which verifies clients.</summary>
    /// <param name="policy">The member CertificateChainPolicy; where it is set, <paramref name="revocation"/> does not count, as in SslStream.</param>
    /// <param name="revocation">The member CertificateRevocationCheckMode.</param>
    /// <param name="callback">The member RemoteCertificateValidationCallback.</param>
    /// <exception cref="NotSupportedException">The policy demands what cannot be honoured; the message begins with the member's name.</exception>
    public static CertificateVerificationOptions TranslateForServer(X509ChainPolicy? policy, X509RevocationMode revocation, RemoteCertificateValidationCallback? callback) =>
        Translate(policy, revocation, callback, s_clientAuth);

    /// <summary>For a client, which verifies servers; see <see cref="TranslateForServer"/>.</summary>
    public static CertificateVerificationOptions TranslateForClient(X509ChainPolicy? policy, X509RevocationMode revocation, RemoteCertificateValidationCallback? callback) =>
        Translate(policy, revocation, callback, s_serverAuth);

    private static CertificateVerificationOptions Translate(X509ChainPolicy? policy, X509RevocationMode revocation, RemoteCertificateValidationCallback? callback, Oid usage)
    {
        var chainPolicy = policy?.Clone() ?? new X509ChainPolicy { RevocationMode = revocation, RevocationFlag = X509RevocationFlag.ExcludeRoot, DisableCertificateDownloads = true };
        CheckHonoured(chainPolicy, usage);
        if (chainPolicy.ApplicationPolicy.Count == 0)
        {
            chainPolicy.ApplicationPolicy.Add(usage);
        }

        var options = new CertificateVerificationOptions
        {
            CustomTrustRoots = chainPolicy.TrustMode == X509ChainTrustMode.CustomRootTrust ? chainPolicy.CustomTrustStore : null,
            ExtraIntermediates = chainPolicy.ExtraStore.Count > 0 ? chainPolicy.ExtraStore : null,
            RevocationMode = chainPolicy.RevocationMode,
            RevocationFlag = chainPolicy.RevocationFlag,
            VerificationFlags = chainPolicy.VerificationFlags,
            AllowDownloads = !chainPolicy.DisableCertificateDownloads,
            Callback = callback is null ? null : new RemoteValidation(callback, chainPolicy).AskAsync,
        };
        if (chainPolicy.UrlRetrievalTimeout > TimeSpan.Zero)
        {
            options.DownloadTimeout = chainPolicy.UrlRetrievalTimeout;
        }

        return options;
    }

    private static void CheckHonoured(X509ChainPolicy policy, Oid usage)
    {
        if (!policy.VerificationTimeIgnored)
        {
            throw new NotSupportedException("CertificateChainPolicy.VerificationTime: the time of verification is that of the TimeProvider; set VerificationTimeIgnored");
        }

        if (policy.CertificatePolicy.Count > 0)
        {
            throw new NotSupportedException("CertificateChainPolicy.CertificatePolicy: certificate policies are not checked; check them in a callback");
        }

        if (policy.ApplicationPolicy.Cast<Oid>().FirstOrDefault(demanded => demanded.Value != usage.Value) is { } other)
        {
            throw new NotSupportedException($"CertificateChainPolicy.ApplicationPolicy: only {usage.Value} is checked, not {other.Value}; check it in a callback");
        }
    }

    /// <summary>The callback gets a chain of its own, as it expects it: it may look at its elements, or build it again.</summary>
    private ValueTask<bool> AskAsync(CertificateVerificationContext context, CancellationToken cancellationToken)
    {
        using var chain = new X509Chain { ChainPolicy = _policy.Clone() };
        foreach (var certificate in context.Chain.Skip(1))
        {
            chain.ChainPolicy.ExtraStore.Add(certificate);
        }

        chain.Build(context.Leaf);
        return ValueTask.FromResult(_callback(context, context.Leaf, chain, ErrorsOf(context)));
    }

    private static SslPolicyErrors ErrorsOf(CertificateVerificationContext context)
    {
        var errors = SslPolicyErrors.None;
        foreach (var fault in context.Faults)
        {
            errors |= fault == TlsFault.CertificateNameMismatch ? SslPolicyErrors.RemoteCertificateNameMismatch : SslPolicyErrors.RemoteCertificateChainErrors;
        }

        return errors;
    }
}
