using System.Net.Security;

namespace Kippu;

/// <summary>
/// The policy of one virtual host: its credentials, what it asks of clients, its application protocols and the scope of its sessions.
/// <see cref="TlsServerOptions"/> is itself the policy of the default host.
/// </summary>
/// <remarks>Plain data, read once when the <see cref="TlsServer"/> or <see cref="TlsHost"/> is made; later changes have no effect. Not thread-safe.</remarks>
public class TlsHostOptions
{
    /// <summary>Certificates with their keys, in order of preference. ECDSA and RSA may stand side by side: the peer's signature algorithms decide.</summary>
    public IList<TlsCredential> Credentials { get; } = [];

    /// <summary>Whether a client certificate is asked for. Default: <see cref="ClientCertificateRequirement.None"/>.</summary>
    public ClientCertificateRequirement ClientCertificate { get; set; } = ClientCertificateRequirement.None;

    /// <summary>How client certificates are verified.</summary>
    public CertificateVerificationOptions ClientVerification { get; set; } = new();

    /// <summary>Application protocols in order of the server's preference (RFC 7301), 1 to 255 bytes each. Empty (the default): ALPN is not negotiated.</summary>
    public IList<SslApplicationProtocol> ApplicationProtocols { get; } = [];

    /// <summary>
    /// The name of the application's sessions, part of their scope: two services that share a ring never resume each other's sessions if their names differ.
    /// Null (the default) takes the server's; mandatory on the server when a ring is given.
    /// </summary>
    public string? ScopeName { get; set; }

    /// <summary>A number that is part of the scope: raise it to end the resumption of all earlier sessions after a change of policy that the library cannot see.</summary>
    public int PolicyVersion { get; set; }
}
