using Kippu.Alerts;

namespace Kippu.Wire.Messages;

/// <summary>How many certificates a list may hold. Said while it is parsed: each of them costs far more than the few bytes that an empty one takes.</summary>
internal static class CertificateCount
{
    /// <summary>More than any real chain has.</summary>
    public const int Most = 10;

    /// <param name="alreadyRead">How many there are before the next one.</param>
    /// <exception cref="TlsFaultException"><see cref="TlsFault.BadCertificate"/>.</exception>
    public static void Check(int alreadyRead)
    {
        if (alreadyRead == Most)
        {
            throw new TlsFaultException(TlsFault.BadCertificate, $"certificate_list: more than {Most} certificates");
        }
    }
}
