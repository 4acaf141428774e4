using Kippu.Wire;

namespace Kippu.Certificates;

/// <summary>Chooses the credential, and the scheme that it signs with.</summary>
internal static class CredentialSelector
{
    private const byte RsaSign = 1;    // RFC 5246 §7.4.4
    private const byte EcdsaSign = 64; // RFC 8422 §5.5

    /// <summary>
    /// The first credential that fits, and the first of our schemes that both it and the peer know; null if none fits. Depends on nothing but its
    /// arguments, and allocates nothing.
    /// </summary>
    /// <remarks>
    /// RFC 8446 §4.4.2.2 (RFC 5246 §7.4.2 has the same): "All certificates provided by the server MUST be signed by a signature algorithm advertised by the client if it is
    /// able to provide such a chain". If it is not, "then it SHOULD continue the handshake by sending the client a certificate chain of its choice".
    /// </remarks>
    public static TlsCredential? Select(ReadOnlySpan<TlsCredential> candidates, in CredentialQuery query, out SignatureScheme scheme) =>
        Select(candidates, query, anyChain: false, out scheme) ?? Select(candidates, query, anyChain: true, out scheme);

    private static TlsCredential? Select(ReadOnlySpan<TlsCredential> candidates, in CredentialQuery query, bool anyChain, out SignatureScheme scheme)
    {
        var schemes = query.PeerCertificateSchemes ?? query.PeerSchemes;
        foreach (var candidate in candidates)
        {
            if ((anyChain || candidate.ChainSignatures.AreTakenBy(schemes)) && Fits(candidate, query) && TryChooseScheme(candidate, query, out scheme))
            {
                return candidate;
            }
        }

        scheme = default;
        return null;
    }

    private static bool Fits(TlsCredential credential, in CredentialQuery query)
    {
        if (query.Authentication != SuiteAuthentication.Any && query.Authentication != credential.Authentication)
        {
            return false;
        }

        // RFC 8422 §5.1: "The server MUST consider the extensions in both cases": the curve of the certificate's key as well as that of the key exchange.
        // TLS 1.3 says the curve in the scheme, and supported_groups speaks of the key exchange only (RFC 8446 §4.2.7).
        if (query.Version == TlsVersion.Tls12 && credential.Curve is { } curve && query.PeerGroups is { } groups && !groups.Contains((ushort)curve))
        {
            return false;
        }

        var type = credential.Authentication == SuiteAuthentication.Ecdsa ? EcdsaSign : RsaSign;
        return (query.CertificateTypes is not { } types || types.Span.Contains(type))
            && (query.Issuers is not { } issuers || credential.IsIssuedByAnyOf(issuers));
    }

    /// <summary>
    /// In TLS 1.2 an ECDSA scheme does not bind the curve, so P-384 may sign over SHA-256; but first comes the hash that is as strong as the curve, which is
    /// the pair that TLS 1.3 demands.
    /// </summary>
    private static bool TryChooseScheme(TlsCredential credential, in CredentialQuery query, out SignatureScheme scheme) =>
        (credential is { Curve: not null, SignatureSchemes: null } && TryChooseScheme(credential, TlsVersion.Tls13, query, out scheme))
        || TryChooseScheme(credential, query.Version, query, out scheme);

    private static bool TryChooseScheme(TlsCredential credential, TlsVersion version, in CredentialQuery query, out SignatureScheme scheme)
    {
        foreach (var own in credential.Preferences(query.OwnSchemes))
        {
            if (credential.CanSign((ushort)own, version) && query.PeerSchemes.Contains((ushort)own))
            {
                scheme = own;
                return true;
            }
        }

        scheme = default;
        return false;
    }
}
