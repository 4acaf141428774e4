using System.Net.Security;
using Kippu.Alerts;
using Kippu.Certificates;
using Kippu.Wire;
using Kippu.Wire.Messages;

namespace Kippu.Handshake;

/// <summary>The server's choices from a ClientHello, as pure functions: hello and policy in, terms or a fault out.</summary>
internal static class Negotiation12
{
    private const ushort EmptyRenegotiationInfoScsv = 0x00FF;

    /// <summary>What holds for a full and for an abbreviated handshake alike.</summary>
    public static Terms12 Accept(ClientHello hello, ServerPolicy policy, HostPolicy host)
    {
        // RFC 5746 §3.6: "the server MUST then verify that the length of the "renegotiated_connection" field is zero, and if it is not, MUST abort the handshake".
        if (hello.RenegotiationInfo is { IsEmpty: false })
        {
            throw new TlsFaultException(TlsFault.RenegotiationMismatch, "renegotiation_info: must be empty in an initial handshake");
        }

        if (policy.RequireExtendedMasterSecret && !hello.ExtendedMasterSecret)
        {
            throw new TlsFaultException(TlsFault.ExtendedMasterSecretRequired, "the client does not send extended_master_secret, which this server requires");
        }

        return new Terms12
        {
            ClientRandom = hello.Random.ToArray(),
            SessionId = hello.SessionId.ToArray(),
            ServerName = hello.ServerName,
            ApplicationProtocol = ChooseApplicationProtocol(hello, host.ApplicationProtocols),
            ExtendedMasterSecret = hello.ExtendedMasterSecret,
            SecureRenegotiation = hello.RenegotiationInfo is not null || hello.CipherSuites.Contains(EmptyRenegotiationInfoScsv),
            PointFormats = hello.EcPointFormats is not null,
            TicketExtension = hello.SessionTicket is not null,
            StatusRequest = hello.StatusRequest,
            SignedCertificateTimestamps = hello.SignedCertificateTimestamps,
            PeerRecordLimit = hello.RecordSizeLimit,
        };
    }

    /// <summary>Suite, group, credential and signature scheme of a full handshake, by the server's preference.</summary>
    public static KeyExchange12 ChooseKeyExchange(ClientHello hello, ServerPolicy policy, HostPolicy host)
    {
        var group = ChooseGroup(hello, policy)
            ?? throw new TlsFaultException(TlsFault.NoCommonGroup, "supported_groups: no group in common");
        var candidates = host.Credentials.Find(hello.ServerName, out _);
        var schemesDiffer = false;
        foreach (var suite in policy.CipherSuites)
        {
            if (suite.Version != TlsVersion.Tls12 || !hello.CipherSuites.Contains((ushort)suite.Id))
            {
                continue;
            }

            var query = new CredentialQuery
            {
                Version = TlsVersion.Tls12,
                Authentication = suite.Authentication,
                PeerSchemes = hello.SignatureAlgorithms ?? default,
                PeerCertificateSchemes = hello.SignatureAlgorithmsCert,
                OwnSchemes = policy.SignatureSchemes,
                PeerGroups = hello.SupportedGroups,
            };
            var credential = CredentialSelector.Select(candidates, query, out var scheme);
            if (credential is not null)
            {
                return new KeyExchange12(suite, group, credential, scheme);
            }

            schemesDiffer = true;
        }

        throw schemesDiffer
            ? new TlsFaultException(TlsFault.NoCommonSignatureScheme, "no certificate of this server fits the client's cipher suites, signature_algorithms and supported_groups")
            : new TlsFaultException(TlsFault.NoCommonCipherSuite, "cipher_suites: no suite in common");
    }

    private static NamedGroup? ChooseGroup(ClientHello hello, ServerPolicy policy)
    {
        foreach (var group in policy.Groups)
        {
            if (group == NamedGroup.X25519MLKem768)
            {
                continue; // It is of TLS 1.3 alone.
            }

            // A share of X25519MLKEM768 does not fit a ServerKeyExchange: it is for TLS 1.3 only.
            if (group == NamedGroup.X25519MLKem768)
            {
                continue;
            }

            // RFC 8422 §4: a client that offers ECC suites without the extension leaves the choice to the server; P-256 is what everybody has.
            if (hello.SupportedGroups is { } offered ? offered.Contains((ushort)group) : group == NamedGroup.Secp256r1)
            {
                return group;
            }
        }

        return null;
    }

    /// <summary>RFC 7301 §3.2: the first of ours that the client offers.</summary>
    public static byte[]? ChooseApplicationProtocol(ClientHello hello, IReadOnlyList<SslApplicationProtocol> ours)
    {
        if (ours.Count == 0 || hello.ApplicationProtocols is not { } offered)
        {
            return null;
        }

        foreach (var protocol in ours)
        {
            if (offered.Contains(protocol.Protocol.Span))
            {
                return protocol.Protocol.ToArray();
            }
        }

        // RFC 7301 §3.2: "In the event that the server supports no protocols that the client advertises, then the server SHALL respond with a fatal
        // "no_application_protocol" alert."
        throw new TlsFaultException(TlsFault.NoApplicationProtocol, "application_layer_protocol_negotiation: no protocol in common");
    }
}
