using System.Security.Cryptography.X509Certificates;

namespace Kippu.Certificates;

/// <summary>The certificates of a verdict, and of all verdicts that come of it: one owner, until the connection takes the leaf.</summary>
internal sealed class VerdictCertificates(X509Certificate2? leaf, CertificateVerificationContext? question) : IDisposable
{
    private bool _isHandedOver;

    public X509Certificate2? Leaf => leaf;

    public CertificateVerificationContext? Question => question;

    public bool IsDisposed { get; private set; }

    public void HandOverLeaf() => _isHandedOver = true;

    public void Dispose()
    {
        if (IsDisposed)
        {
            return;
        }

        IsDisposed = true;
        if (!_isHandedOver)
        {
            leaf?.Dispose();
        }

        // The chain begins with a handle of its own on the leaf.
        foreach (var certificate in question?.Chain ?? [])
        {
            certificate.Dispose();
        }
    }
}
