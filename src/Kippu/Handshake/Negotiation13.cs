using Kippu.Alerts;
using Kippu.Certificates;
using Kippu.Resumption;
using Kippu.Wire;
using Kippu.Wire.Messages;

namespace Kippu.Handshake;

/// <summary>The server's choices from a ClientHello of TLS 1.3, as pure functions: hello and policy in, terms or a fault out.</summary>
internal static class Negotiation13
{
    /// <summary>psk_dhe_ke (RFC 8446 §4.2.9). psk_ke, without a key exchange of its own, is never used.</summary>
    private const byte PskWithDhe = 1;

    public static Terms13 Accept(ClientHello hello, HostPolicy host) => new()
    {
        ClientRandom = hello.Random.ToArray(),
        SessionId = hello.SessionId.ToArray(),
        ServerName = hello.ServerName,
        ApplicationProtocol = Negotiation12.ChooseApplicationProtocol(hello, host.ApplicationProtocols),
        PeerRecordLimit = hello.RecordSizeLimit,
        TicketRequest = hello.TicketRequest,
        StatusRequest = hello.StatusRequest,
        SignedCertificateTimestamps = hello.SignedCertificateTimestamps,
        CanResume = hello.PskKeyExchangeModes is { } modes && modes.Span.Contains(PskWithDhe),
    };

    /// <summary>The first suite of ours that the client offers, with the hash of the session that is resumed, if there is one.</summary>
    public static CipherSuite ChooseSuite(ClientHello hello, ServerPolicy policy, SessionState? resumed)
    {
        foreach (var suite in policy.CipherSuites)
        {
            if (suite.Version == TlsVersion.Tls13 && hello.CipherSuites.Contains((ushort)suite.Id) && (resumed is null || resumed.Suite.Hash == suite.Hash))
            {
                return suite;
            }
        }

        throw new TlsFaultException(TlsFault.NoCommonCipherSuite, "cipher_suites: no suite of TLS 1.3 in common");
    }

    /// <summary>
    /// The group of the key exchange: the first of ours that the client sent a share of, since that saves a round trip; if there is none, the first that it
    /// supports, and a HelloRetryRequest asks for the share.
    /// </summary>
    public static (NamedGroup Group, ReadOnlyMemory<byte>? Share) ChooseGroup(ClientHello hello, ServerPolicy policy)
    {
        if (hello.KeyShares is { } shares)
        {
            foreach (var group in policy.Groups)
            {
                if (shares.TryFind((ushort)group, out var share))
                {
                    return (group, share.KeyExchange);
                }
            }
        }

        foreach (var group in policy.Groups)
        {
            if (hello.SupportedGroups is { } supported && supported.Contains((ushort)group))
            {
                return (group, null);
            }
        }

        throw new TlsFaultException(TlsFault.NoCommonGroup, "supported_groups: no group in common");
    }

    /// <summary>The credential of a full handshake and the scheme it signs with.</summary>
    public static (TlsCredential Credential, SignatureScheme Scheme) ChooseCredential(ClientHello hello, ServerPolicy policy, HostPolicy host)
    {
        // RFC 8446 §9.2: without signature_algorithms the server cannot authenticate by certificate, and "MUST abort the handshake with a "missing_extension" alert".
        var schemes = hello.SignatureAlgorithms
            ?? throw new TlsFaultException(TlsFault.MissingExtension, "signature_algorithms: it is not there, and no session is resumed");
        var query = new CredentialQuery
        {
            Version = TlsVersion.Tls13,
            Authentication = SuiteAuthentication.Any,
            PeerSchemes = schemes,
            PeerCertificateSchemes = hello.SignatureAlgorithmsCert,
            OwnSchemes = policy.SignatureSchemes,
        };
        var credential = CredentialSelector.Select(host.Credentials.Find(hello.ServerName, out _), query, out var scheme)
            ?? throw new TlsFaultException(TlsFault.NoCommonSignatureScheme, "signature_algorithms: no certificate of this server fits");
        return (credential, scheme);
    }
}
