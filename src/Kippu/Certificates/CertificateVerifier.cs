using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kippu.Alerts;
using Kippu.Wire;

namespace Kippu.Certificates;

/// <summary>
/// Verifies the certificates of peers under one policy: chain, time, usage, revocation, name. It blocks (on the chain engine, and on the network where the
/// options ask for it), so it is called away from the thread that does I/O. Thread-safe; one per server or client.
/// </summary>
internal sealed class CertificateVerifier
{
    /// <summary>More than any real chain has; building paths through many certificates is work that a stranger could make us do.</summary>
    private const int MaxCertificates = 10;
    private const int MaxTotalLength = 100 * 1024;

    private static readonly Oid s_serverAuth = new("1.3.6.1.5.5.7.3.1", "serverAuth");
    private static readonly Oid s_clientAuth = new("1.3.6.1.5.5.7.3.2", "clientAuth");

    private readonly CertificateVerificationOptions _options;
    private readonly AcceptedChains? _accepted;

    /// <exception cref="ArgumentException">An option cannot be meant as it stands.</exception>
    public CertificateVerifier(CertificateVerificationOptions options)
    {
        _options = Copy(options);
        Policy = new VerificationPolicy(_options);
        var mayReuse = _options.ReuseAcceptanceFor > TimeSpan.Zero && _options.Callback is null && _options.RevocationMode == X509RevocationMode.NoCheck;
        _accepted = mayReuse ? new AcceptedChains(_options.ReuseAcceptanceFor) : null;
    }

    public VerificationPolicy Policy { get; }

    public bool RequestsOcspResponse => _options.RequestOcspResponse;

    public bool RequestsSignedCertificateTimestamps => _options.RequestSignedCertificateTimestamps;

    public Func<CertificateVerificationContext, CancellationToken, ValueTask<bool>>? Callback => _options.Callback;

    /// <param name="chainDer">The certificates as the peer sent them, the leaf first.</param>
    /// <param name="host">The name or IP address that was asked for; null for a client's certificate, or where the application checks the name itself.</param>
    /// <param name="peerIsServer">True on a client.</param>
    /// <param name="now">The time at which the certificates must be valid.</param>
    public CertificateVerdict Verify(IReadOnlyList<ReadOnlyMemory<byte>> chainDer, string? host, bool peerIsServer, DateTimeOffset now)
    {
        if (Oversized(chainDer) is { } refusal)
        {
            return refusal;
        }

        if (_accepted is null)
        {
            return Build(chainDer, host, peerIsServer, now, out _);
        }

        var key = AcceptedChains.KeyOf(chainDer, host, peerIsServer);
        if (_accepted.Find(key, now) is { } known)
        {
            return CertificateVerdict.Accept(known, null);
        }

        var verdict = Build(chainDer, host, peerIsServer, now, out var validUntil);
        if (verdict.Accepted)
        {
            _accepted.Add(key, verdict.Leaf!, now, validUntil);
        }

        return verdict;
    }

    private static CertificateVerdict? Oversized(IReadOnlyList<ReadOnlyMemory<byte>> chain)
    {
        if (chain.Count == 0)
        {
            return CertificateVerdict.Refuse(TlsFault.CertificateMissing, "certificate: the peer sent none");
        }

        if (chain.Count > MaxCertificates)
        {
            return CertificateVerdict.Refuse(TlsFault.BadCertificate, $"certificate: the chain has {chain.Count} certificates, more than the {MaxCertificates} that are accepted");
        }

        var total = chain.Sum(certificate => certificate.Length);
        return total > MaxTotalLength
            ? CertificateVerdict.Refuse(TlsFault.BadCertificate, $"certificate: the chain has {total} bytes, more than the {MaxTotalLength} that are accepted")
            : null;
    }

    private CertificateVerdict Build(IReadOnlyList<ReadOnlyMemory<byte>> chainDer, string? host, bool peerIsServer, DateTimeOffset now, out DateTimeOffset validUntil)
    {
        validUntil = now;
        using var sent = new CertificateList();
        foreach (var der in chainDer)
        {
            if (!TryLoad(der, out var certificate))
            {
                return CertificateVerdict.Refuse(TlsFault.BadCertificate, $"certificate: number {sent.Items.Count + 1} of the chain is not a DER-encoded X.509 certificate");
            }

            sent.Items.Add(certificate);
        }

        try
        {
            // A key that no signature can be checked with: nothing else matters, and nobody can overrule it.
            PeerKey.FromCertificate(chainDer[0]).Dispose();
            return Judge(sent.Items, host, peerIsServer, now, out validUntil);
        }
        catch (TlsFaultException e)
        {
            return CertificateVerdict.Refuse(e.Fault, e.Message);
        }
        catch (CryptographicException e)
        {
            // The platform decodes a field of a certificate when it is asked for it, so what is malformed may show anywhere.
            return CertificateVerdict.Refuse(TlsFault.BadCertificate, $"certificate: the chain cannot be processed ({e.Message})");
        }
    }

    private CertificateVerdict Judge(X509Certificate2Collection sent, string? host, bool peerIsServer, DateTimeOffset now, out DateTimeOffset validUntil)
    {
        var leaf = sent[0];
        var findings = new List<VerificationFinding>();
        LeafFindings.CheckKeyUsage(leaf, findings);
        if (host is not null)
        {
            LeafFindings.CheckName(leaf, host, findings);
        }

        using var built = new CertificateList();
        BuildChain(leaf, sent, peerIsServer, now, built, findings);
        validUntil = built.Items.Min(certificate => new DateTimeOffset(certificate.NotAfter));
        var verdict = Conclude(leaf, built, host, peerIsServer, findings);
        sent.RemoveAt(0); // the leaf goes with the verdict
        return verdict;
    }

    /// <summary>Turns what was found into a verdict; if the application is to be asked, the chain goes with it.</summary>
    private CertificateVerdict Conclude(X509Certificate2 leaf, CertificateList chain, string? host, bool peerIsServer, List<VerificationFinding> findings)
    {
        var ordered = findings.OrderBy(finding => finding.Rank).ToList();
        var detail = string.Join("; besides, ", ordered.Select(finding => finding.Detail).Distinct());
        CertificateVerificationContext? question = null;
        if (_options.Callback is not null)
        {
            question = new CertificateVerificationContext(leaf, [.. chain.Items], host, peerIsServer, [.. ordered.Select(finding => finding.Fault).Distinct()], detail);
            chain.Items.Clear();
        }

        return ordered.Count == 0 ? CertificateVerdict.Accept(leaf, question) : CertificateVerdict.Refuse(ordered[0].Fault, detail, leaf, question);
    }

    /// <summary>Runs the platform's chain engine.</summary>
    private void BuildChain(X509Certificate2 leaf, X509Certificate2Collection sent, bool peerIsServer, DateTimeOffset now, CertificateList built, List<VerificationFinding> findings)
    {
        using var chain = new X509Chain();
        Configure(chain.ChainPolicy, sent, peerIsServer, now);
        var isGood = chain.Build(leaf);
        foreach (var element in chain.ChainElements)
        {
            built.Items.Add(ReferenceEquals(element.Certificate, leaf) ? new X509Certificate2(leaf) : element.Certificate);
        }

        if (!isGood)
        {
            ChainFindings.Collect(chain, now, findings);
        }

        LeafFindings.CheckSignatures(chain, findings);
    }

    private void Configure(X509ChainPolicy policy, X509Certificate2Collection sent, bool peerIsServer, DateTimeOffset now)
    {
        policy.VerificationTime = now.LocalDateTime;
        policy.ApplicationPolicy.Add(peerIsServer ? s_serverAuth : s_clientAuth);
        policy.RevocationMode = _options.RevocationMode;
        policy.RevocationFlag = _options.RevocationFlag;
        policy.VerificationFlags = _options.VerificationFlags;
        policy.DisableCertificateDownloads = !_options.AllowDownloads;
        policy.UrlRetrievalTimeout = _options.DownloadTimeout;
        policy.ExtraStore.AddRange(sent);
        if (_options.ExtraIntermediates is { } extra)
        {
            policy.ExtraStore.AddRange(extra);
        }

        if (_options.CustomTrustRoots is { } roots)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(roots);
        }
    }

    private static bool TryLoad(ReadOnlyMemory<byte> der, [NotNullWhen(true)] out X509Certificate2? certificate)
    {
        certificate = null;
        if (!DerFraming.IsSequence(der.Span))
        {
            return false;
        }

        try
        {
            certificate = X509CertificateLoader.LoadCertificate(der.Span);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static CertificateVerificationOptions Copy(CertificateVerificationOptions options)
    {
        if (options.CustomTrustRoots is { Count: 0 })
        {
            throw new ArgumentException("CustomTrustRoots is empty, so that no certificate could ever be accepted: put the roots to trust into it, or set it to null for those of the operating system.", nameof(options));
        }

        if (options.CallbackId is not null && options.Callback is null)
        {
            throw new ArgumentException("CallbackId is set, but there is no Callback that it could be the id of.", nameof(options));
        }

        return new CertificateVerificationOptions
        {
            CustomTrustRoots = options.CustomTrustRoots is { } roots ? [.. roots] : null,
            ExtraIntermediates = options.ExtraIntermediates is { } extra ? [.. extra] : null,
            RevocationMode = options.RevocationMode,
            RevocationFlag = options.RevocationFlag,
            AllowDownloads = options.AllowDownloads,
            DownloadTimeout = options.DownloadTimeout,
            RequestOcspResponse = options.RequestOcspResponse,
            RequestSignedCertificateTimestamps = options.RequestSignedCertificateTimestamps,
            VerificationFlags = options.VerificationFlags,
            ReuseAcceptanceFor = options.ReuseAcceptanceFor,
            Callback = options.Callback,
            CallbackId = options.CallbackId,
        };
    }
}
