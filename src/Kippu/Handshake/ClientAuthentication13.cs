using Kippu.Certificates;
using Kippu.Wire;
using Kippu.Wire.Messages;

namespace Kippu.Handshake;

/// <summary>What the client answers to a CertificateRequest of TLS 1.3: a credential that fits, or an empty Certificate (RFC 8446 §4.4.2).</summary>
internal sealed class ClientAuthentication13
{
    private ClientAuthentication13(TlsCredential? credential, SignatureScheme scheme)
    {
        Credential = credential;
        Scheme = scheme;
    }

    public TlsCredential? Credential { get; }

    public SignatureScheme Scheme { get; }

    public static ClientAuthentication13 Choose(CertificateRequest13 request, ClientPolicy policy)
    {
        var query = new CredentialQuery
        {
            Version = TlsVersion.Tls13,
            Authentication = SuiteAuthentication.Any,
            PeerSchemes = request.SignatureAlgorithms,
            PeerCertificateSchemes = request.SignatureAlgorithmsCert,
            OwnSchemes = policy.SignatureSchemes,
            Issuers = request.CertificateAuthorities,
        };
        var credential = CredentialSelector.Select(policy.Credentials, query, out var scheme);
        return new ClientAuthentication13(credential, scheme);
    }

    public CertificateMessage13 Certificate() => new()
    {
        Entries = [.. (Credential?.Chain ?? []).Select(der => new CertificateEntry { Certificate = der })],
    };
}
