using Kippu.Wire;

namespace Kippu.Certificates;

/// <summary>What a credential must be able to do: the peer's wishes, as they came, and ours.</summary>
internal readonly struct CredentialQuery
{
    public required TlsVersion Version { get; init; }

    /// <summary>What the cipher suite demands of a server's key; <see cref="SuiteAuthentication.Any"/> for a client's, and in TLS 1.3.</summary>
    public required SuiteAuthentication Authentication { get; init; }

    /// <summary>
    /// signature_algorithms, of the hello or of the CertificateRequest. Empty where a hello had none: RFC 5246 §7.4.1.4.1 then means SHA-1, which we do not sign.
    /// </summary>
    public required UInt16List PeerSchemes { get; init; }

    /// <summary>The schemes that we are ready to sign with, in our order of preference, unless the credential has preferences of its own.</summary>
    public required ReadOnlyMemory<SignatureScheme> OwnSchemes { get; init; }

    /// <summary>signature_algorithms_cert; null where the peer sent none, and <see cref="PeerSchemes"/> speaks for certificates too (RFC 8446 §4.2.3).</summary>
    public UInt16List? PeerCertificateSchemes { get; init; }

    /// <summary>supported_groups of the hello; null if it had none, and for a client's credential.</summary>
    public UInt16List? PeerGroups { get; init; }

    /// <summary>certificate_types of a CertificateRequest (RFC 5246 §7.4.4); null otherwise.</summary>
    public ReadOnlyMemory<byte>? CertificateTypes { get; init; }

    /// <summary>certificate_authorities of a CertificateRequest, names in DER; null or empty: any.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>>? Issuers { get; init; }
}
