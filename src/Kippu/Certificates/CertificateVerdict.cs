using System.Security.Cryptography.X509Certificates;
using Kippu.Certificates;

namespace Kippu;

/// <summary>What came of verifying a peer's certificate. Immutable.</summary>
/// <remarks>
/// It owns certificates, together with the verdicts that <see cref="WithAnswer"/> makes of it. <see cref="CertificateQuestion.Answer"/> takes it over: the
/// connection then keeps <see cref="Leaf"/>, which it shows to the application, and the rest goes. A verdict that is not answered with is to be disposed.
/// </remarks>
public sealed class CertificateVerdict : IDisposable
{
    private readonly VerdictCertificates _certificates;

    private CertificateVerdict(TlsFault? fault, string detail, VerdictCertificates certificates, bool overruled)
    {
        Fault = fault;
        Detail = detail;
        _certificates = certificates;
        IsOverruled = overruled;
    }

    /// <summary>True if the certificate is good enough for the connection to go on.</summary>
    public bool Accepted => Fault is null;

    /// <summary>Why it was refused; null if it was accepted.</summary>
    public TlsFault? Fault { get; }

    /// <summary>What was wrong and what to do next; empty if nothing was wrong.</summary>
    public string Detail { get; }

    /// <summary>The peer's certificate; null if it could not be parsed, or none came.</summary>
    public X509Certificate2? Leaf => _certificates.Leaf;

    /// <summary>What to ask the application's callback; null if there is no callback, or nothing that it could be asked about.</summary>
    public CertificateVerificationContext? Question => _certificates.Question;

    /// <summary>True if the certificate is accepted by the callback's answer only.</summary>
    public bool IsOverruled { get; }

    /// <summary>The verdict after the application's callback has answered <see cref="Question"/>.</summary>
    /// <remarks>A refusal keeps the library's own fault where there was one: it says more than "the application refused".</remarks>
    public CertificateVerdict WithAnswer(bool accepted)
    {
        if (accepted)
        {
            return Accepted ? this : new CertificateVerdict(null, Detail, _certificates, overruled: true);
        }

        return Accepted
            ? new CertificateVerdict(TlsFault.CertificateRejected, "the application's verification callback refused the certificate, which the library accepts", _certificates, overruled: false)
            : this;
    }

    /// <summary>Disposes all certificates that nobody has taken over.</summary>
    public void Dispose() => _certificates.Dispose();

    internal static CertificateVerdict Accept(X509Certificate2 leaf, CertificateVerificationContext? question) =>
        new(null, "", new VerdictCertificates(leaf, question), overruled: false);

    internal static CertificateVerdict Refuse(TlsFault fault, string detail, X509Certificate2? leaf = null, CertificateVerificationContext? question = null) =>
        new(fault, detail, new VerdictCertificates(leaf, question), overruled: false);

    /// <summary>The certificates are gone, apart from a leaf that was handed over.</summary>
    internal bool IsDisposed => _certificates.IsDisposed;

    /// <summary>From here on <see cref="Leaf"/> is for the connection to dispose.</summary>
    internal void HandOverLeaf() => _certificates.HandOverLeaf();
}
