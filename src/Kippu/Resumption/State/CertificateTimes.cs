using System.Formats.Asn1;

namespace Kippu.Resumption;

/// <summary>
/// The validity of a certificate, read from its DER alone: some microseconds where a whole certificate object costs 187. Only for certificates that were
/// verified when the session was made.
/// </summary>
internal static class CertificateTimes
{
    /// <summary>False if the certificate cannot be read that far; never throws.</summary>
    public static bool TryRead(byte[] der, out DateTimeOffset notBefore, out DateTimeOffset notAfter)
    {
        try
        {
            // RFC 5280 §4.1: Certificate ::= SEQUENCE { TBSCertificate ::= SEQUENCE { [0] version, serialNumber, signature, issuer, validity ...
            var tbs = new AsnReader(der, AsnEncodingRules.DER).ReadSequence().ReadSequence();
            var version = new Asn1Tag(TagClass.ContextSpecific, 0);
            if (tbs.PeekTag().HasSameClassAndValue(version))
            {
                tbs.ReadEncodedValue();
            }

            tbs.ReadEncodedValue();
            tbs.ReadEncodedValue();
            tbs.ReadEncodedValue();
            var validity = tbs.ReadSequence();
            notBefore = ReadTime(validity);
            notAfter = ReadTime(validity);
            return true;
        }
        catch (AsnContentException)
        {
            notBefore = default;
            notAfter = default;
            return false;
        }
    }

    private static DateTimeOffset ReadTime(AsnReader validity) =>
        validity.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime) ? validity.ReadUtcTime() : validity.ReadGeneralizedTime();
}
