using Kippu.Certificates;
using Kippu.Wire;
using Kippu.Wire.Messages;

namespace Kippu.Handshake;

/// <summary>What the client answers to a CertificateRequest: a credential that fits, or an empty Certificate.</summary>
internal sealed class ClientAuthentication12
{
    private ClientAuthentication12(TlsCredential? credential, SignatureScheme scheme)
    {
        Credential = credential;
        Scheme = scheme;
    }

    public TlsCredential? Credential { get; }

    public SignatureScheme Scheme { get; }

    /// <summary>RFC 5246 §7.4.6: the certificate must fit the request's types, signature algorithms and authorities; with none that does, an empty one is sent.</summary>
    public static ClientAuthentication12 Choose(CertificateRequest12 request, ClientPolicy policy)
    {
        var query = new CredentialQuery
        {
            Version = TlsVersion.Tls12,
            Authentication = SuiteAuthentication.Any,
            PeerSchemes = request.SignatureAlgorithms,
            OwnSchemes = policy.SignatureSchemes,
            CertificateTypes = request.CertificateTypes,
            Issuers = request.CertificateAuthorities,
        };
        var credential = CredentialSelector.Select(policy.Credentials, query, out var scheme);
        return new ClientAuthentication12(credential, scheme);
    }

    public CertificateMessage12 Certificate() => new() { Certificates = Credential?.Chain ?? [] };
}
