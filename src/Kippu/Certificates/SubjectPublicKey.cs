using System.Formats.Asn1;
using Kippu.Alerts;
using Kippu.Wire;

namespace Kippu.Certificates;

/// <summary>
/// The public key in a certificate, found by walking the DER down to subjectPublicKeyInfo (RFC 5280 §4.1) and no further: a whole X.509 parse costs more than
/// the signature that the key is needed for.
/// </summary>
internal readonly struct SubjectPublicKey
{
    private const string RsaEncryption = "1.2.840.113549.1.1.1";
    private const string RsaPss = "1.2.840.113549.1.1.10";
    private const string EcPublicKey = "1.2.840.10045.2.1";

    private SubjectPublicKey(ReadOnlyMemory<byte> info, SuiteAuthentication authentication, NamedGroup? curve)
    {
        Info = info;
        Authentication = authentication;
        Curve = curve;
    }

    /// <summary>The SubjectPublicKeyInfo in DER, a slice of the certificate.</summary>
    public ReadOnlyMemory<byte> Info { get; }

    /// <summary>Which suites of TLS 1.2 the key can authenticate: <see cref="SuiteAuthentication.Ecdsa"/> or <see cref="SuiteAuthentication.Rsa"/>.</summary>
    public SuiteAuthentication Authentication { get; }

    /// <summary>The curve of an ECDSA key; null for RSA.</summary>
    public NamedGroup? Curve { get; }

    /// <exception cref="TlsFaultException">BadCertificate: not DER; UnsupportedCertificate: a key of another kind than this library knows.</exception>
    public static SubjectPublicKey Of(ReadOnlyMemory<byte> certificate)
    {
        try
        {
            return FromInfo(FindInfo(certificate));
        }
        catch (AsnContentException e)
        {
            throw new TlsFaultException(TlsFault.BadCertificate, "certificate: it is not a DER-encoded X.509 certificate", e);
        }
    }

    private static ReadOnlyMemory<byte> FindInfo(ReadOnlyMemory<byte> certificate)
    {
        var outer = new AsnReader(certificate, AsnEncodingRules.DER);
        var body = outer.ReadSequence().ReadSequence();
        outer.ThrowIfNotEmpty();

        var version = new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true);
        if (body.PeekTag() == version)
        {
            body.ReadEncodedValue();
        }

        body.ReadIntegerBytes(); // serialNumber
        body.ReadSequence();     // signature
        body.ReadSequence();     // issuer
        body.ReadSequence();     // validity
        body.ReadSequence();     // subject
        return body.ReadEncodedValue();
    }

    private static SubjectPublicKey FromInfo(ReadOnlyMemory<byte> info)
    {
        var algorithm = new AsnReader(info, AsnEncodingRules.DER).ReadSequence().ReadSequence();
        var kind = algorithm.ReadObjectIdentifier();
        return kind switch
        {
            RsaEncryption => new SubjectPublicKey(info, SuiteAuthentication.Rsa, null),
            EcPublicKey => new SubjectPublicKey(info, SuiteAuthentication.Ecdsa, ReadCurve(algorithm)),
            RsaPss => throw Unsupported("its key is bound to RSASSA-PSS; use an rsaEncryption key, which signs RSASSA-PSS too"),
            _ => throw Unsupported($"its key is of the algorithm {kind}; use ECDSA on P-256, P-384 or P-521, or RSA"),
        };
    }

    private static NamedGroup ReadCurve(AsnReader parameters)
    {
        // RFC 8422 §5.1.1 deprecates explicitly described curves; RFC 5480 §2.1.1 allows named ones only.
        if (!parameters.HasData || parameters.PeekTag() != Asn1Tag.ObjectIdentifier)
        {
            throw Unsupported("its ECDSA key does not name its curve; use P-256, P-384 or P-521 by name");
        }

        var curve = parameters.ReadObjectIdentifier();
        return curve switch
        {
            "1.2.840.10045.3.1.7" => NamedGroup.Secp256r1,
            "1.3.132.0.34" => NamedGroup.Secp384r1,
            "1.3.132.0.35" => NamedGroup.Secp521r1,
            _ => throw Unsupported($"its ECDSA key is on the curve {curve}; use P-256, P-384 or P-521"),
        };
    }

    private static TlsFaultException Unsupported(string why) => new(TlsFault.UnsupportedCertificate, $"certificate: {why}");
}
