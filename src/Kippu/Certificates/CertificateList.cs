using System.Security.Cryptography.X509Certificates;

namespace Kippu.Certificates;

/// <summary>Certificates that are needed for a while only, and go together.</summary>
internal sealed class CertificateList : IDisposable
{
    public X509Certificate2Collection Items { get; } = [];

    public void Dispose()
    {
        foreach (var certificate in Items)
        {
            certificate.Dispose();
        }
    }
}
