using System.Net.Security;
using Kippu.Certificates;
using Kippu.Resumption;

namespace Kippu.Handshake;

/// <summary>One virtual host, validated: what it shows, what it asks of clients, and the scope of its sessions.</summary>
internal sealed class HostPolicy
{
    /// <summary>Under which its sessions may be resumed.</summary>
    public required SessionScope Scope { get; init; }

    /// <summary>Indexed by server name.</summary>
    public required CredentialSet Credentials { get; init; }

    public required ClientCertificateRequirement ClientCertificate { get; init; }

    public required CertificateVerifier ClientVerifier { get; init; }

    /// <summary>The names of the configured trust anchors, DER: the certificate_authorities of a CertificateRequest. Empty for the system's store, which would be too long.</summary>
    public required IReadOnlyList<ReadOnlyMemory<byte>> AuthorityNames { get; init; }

    public required IReadOnlyList<SslApplicationProtocol> ApplicationProtocols { get; init; }

    public required TicketService Tickets { get; init; }

    /// <summary>Null if no session cache is given.</summary>
    public required SessionIdService? SessionIds { get; init; }
}
