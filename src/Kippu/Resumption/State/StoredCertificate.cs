using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kippu.Wire;

namespace Kippu.Resumption;

/// <summary>A certificate that comes from a file: nobody has parsed it in this process.</summary>
internal static class StoredCertificate
{
    /// <summary>True if it is one DER-encoded certificate and nothing more.</summary>
    public static bool IsReadable(byte[] der)
    {
        if (!DerFraming.IsSequence(der))
        {
            return false;
        }

        try
        {
            X509CertificateLoader.LoadCertificate(der).Dispose();
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
