using System.Security.Cryptography.X509Certificates;
using Kippu.Wire;

namespace Kippu.Certificates;

/// <summary>By which algorithms the certificates of a chain are signed, in the terms of signature_algorithms_cert (RFC 8446 §4.2.3).</summary>
internal sealed class ChainSignatures
{
    private static readonly ushort[] s_rsaPss = [0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080b];

    private readonly ushort[][] _certificates;

    private ChainSignatures(ushort[][] certificates) => _certificates = certificates;

    /// <param name="chain">As it is sent. RFC 8446 §4.4.2.2: what is "self-signed or ... expected to be trust anchors" is not validated, and may be signed by anything.</param>
    public static ChainSignatures Of(IEnumerable<X509Certificate2> chain) =>
        new([.. chain.Where(certificate => !PublicBytes.AreEqual(certificate.IssuerName.RawData, certificate.SubjectName.RawData)).Select(SchemesOf)]);

    /// <summary>Whether the peer takes the signature of every certificate.</summary>
    public bool AreTakenBy(UInt16List schemes)
    {
        foreach (var certificate in _certificates)
        {
            var isTaken = false;
            foreach (var scheme in certificate)
            {
                isTaken |= schemes.Contains(scheme);
            }

            if (!isTaken)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The schemes that stand for the algorithm; in a certificate that of ECDSA says nothing of the curve. None for an algorithm that has no scheme here.</summary>
    private static ushort[] SchemesOf(X509Certificate2 certificate) => certificate.SignatureAlgorithm.Value switch
    {
        "1.2.840.113549.1.1.11" => [(ushort)SignatureScheme.RsaPkcs1Sha256],
        "1.2.840.113549.1.1.12" => [(ushort)SignatureScheme.RsaPkcs1Sha384],
        "1.2.840.113549.1.1.13" => [(ushort)SignatureScheme.RsaPkcs1Sha512],
        "1.2.840.113549.1.1.10" => s_rsaPss,
        "1.2.840.10045.4.3.2" => [(ushort)SignatureScheme.EcdsaSecp256r1Sha256],
        "1.2.840.10045.4.3.3" => [(ushort)SignatureScheme.EcdsaSecp384r1Sha384],
        "1.2.840.10045.4.3.4" => [(ushort)SignatureScheme.EcdsaSecp521r1Sha512],
        _ => [],
    };
}
