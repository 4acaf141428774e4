using System.Net.Security;
using Kippu.Alerts;
using Kippu.Certificates;
using Kippu.Wire;

namespace Kippu.Handshake;

/// <summary>What a client is, validated and immutable; shared by its connections.</summary>
internal sealed class ClientPolicy
{
    public required ConnectionEnvironment Environment { get; init; }

    /// <summary>The highest first.</summary>
    public required IReadOnlyList<TlsVersion> Versions { get; init; }

    public required IReadOnlyList<CipherSuite> CipherSuites { get; init; }

    public required IReadOnlyList<NamedGroup> Groups { get; init; }

    /// <summary>The groups that a share is sent of in the first hello.</summary>
    public required IReadOnlyList<NamedGroup> ShareGroups { get; init; }

    /// <summary>How many tickets are wished for (RFC 9149).</summary>
    public required TicketRequest TicketRequest { get; init; }

    public required bool EnableEarlyData { get; init; }

    public required SignatureScheme[] SignatureSchemes { get; init; }

    public required IReadOnlyList<SslApplicationProtocol> ApplicationProtocols { get; init; }

    public required TlsCredential[] Credentials { get; init; }

    public required CertificateVerifier ServerVerifier { get; init; }

    public required bool UseTickets { get; init; }

    public required bool UseSessionIds { get; init; }

    public required bool RequireExtendedMasterSecret { get; init; }

    public required ClientSessionStore Sessions { get; init; }

    /// <summary>This client's own part of the keys that its sessions are kept under: how it verifies, and who it is.</summary>
    public required byte[] SessionPolicyDigest { get; init; }

    public TimeProvider Time => Environment.Time;

    /// <summary>RFC 7301 §3.1: one of those that were offered, or none.</summary>
    public byte[]? CheckApplicationProtocol(ReadOnlyMemory<byte>? answer)
    {
        if (answer is not { } chosen)
        {
            return null;
        }

        foreach (var offered in ApplicationProtocols)
        {
            if (PublicBytes.AreEqual(offered.Protocol.Span, chosen.Span))
            {
                return chosen.ToArray();
            }
        }

        throw new TlsFaultException(TlsFault.IllegalParameter, "application_layer_protocol_negotiation: the server chose a protocol that was not offered");
    }
}
