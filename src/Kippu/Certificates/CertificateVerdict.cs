using System.Security.Cryptography.X509Certificates;

namespace Kippu;

/// <summary>What came of verifying a peer's certificate. Immutable.</summary>
/// <remarks>
/// <see cref="Leaf"/> passes to whoever keeps the verdict (the connection shows it to the application). <see cref="Dispose"/> lets the rest of the chain go,
/// once the callback has been asked.
/// </remarks>
public sealed class CertificateVerdict : IDisposable
{
    private CertificateVerdict(PeerFault? fault, string detail, X509Certificate2? leaf, CertificateVerdictContext? question, bool overruled)
    {
        Fault = fault;
        Detail = detail;
        Leaf = leaf;
        Question = question;
        IsOverruled = overruled;
    }

    /// <summary>True if the certificate is good enough for the connection to go on.</summary>
    public bool Accepted => Fault is null;

    /// <summary>Why it was refused; null if it was accepted.</summary>
    public PeerFault? Fault { get; }

    /// <summary>What was wrong and what to do next; empty if nothing was wrong.</summary>
    public string Detail { get; }

    /// <summary>The peer's certificate; null if it could not be parsed, or none came.</summary>
    public X509Certificate2? Leaf { get; }

    /// <summary>What to ask the application's callback; null if there is no callback, or nothing that it could be asked about.</summary>
    public CertificateVerdictContext? Question { get; }

    /// <summary>True if the certificate is accepted by the callback's answer only.</summary>
    public bool IsOverruled { get; }

    /// <summary>The verdict after the application's callback has answered <see cref="Question"/>.</summary>
    /// <remarks>A refusal keeps the library's own fault where there was one: it says more than "the application refused".</remarks>
    public CertificateVerdict WithAnswer(bool accepted)
    {
        if (accepted)
        {
            return Accepted ? this : new CertificateVerdict(null, Detail, Leaf, Question, overruled: true);
        }

        return Accepted
            ? new CertificateVerdict(PeerFault.CertificateRejected, "the application's verification callback refused the certificate, which the library accepts", Leaf, Question, overruled: false)
            : this;
    }

    /// <summary>Disposes the chain behind the leaf; the leaf is the connection's.</summary>
    public void Dispose()
    {
        foreach (var certificate in Question?.Chain ?? [])
        {
            if (!ReferenceEquals(certificate, Leaf))
            {
                certificate.Dispose();
            }
        }
    }

    internal static CertificateVerdict Accept(X509Certificate2 leaf, CertificateVerdictContext? question) => new(null, "", leaf, question, overruled: false);

    internal static CertificateVerdict Refuse(PeerFault fault, string detail, X509Certificate2? leaf = null, CertificateVerdictContext? question = null) =>
        new(fault, detail, leaf, question, overruled: false);
}
