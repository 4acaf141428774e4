using System.Security.Cryptography.X509Certificates;

namespace Kippu;

/// <summary>What an application's verification callback is told about the peer's certificate.</summary>
/// <remarks>The certificates of <see cref="Chain"/> may be disposed once the callback's task has ended; clone what is to be kept.</remarks>
public sealed class CertificateVerificationContext
{
    internal CertificateVerificationContext(X509Certificate2 leaf, IReadOnlyList<X509Certificate2> chain, string? hostName, bool peerIsServer, IReadOnlyList<TlsFault> faults, string detail)
    {
        Leaf = leaf;
        Chain = chain;
        HostName = hostName;
        PeerIsServer = peerIsServer;
        Faults = faults;
        Detail = detail;
    }

    /// <summary>The peer's own certificate.</summary>
    public X509Certificate2 Leaf { get; }

    /// <summary>The chain that was built, the leaf first; it may end before a root if none was found.</summary>
    public IReadOnlyList<X509Certificate2> Chain { get; }

    /// <summary>The name or IP address that the certificate was checked against; null for a client's certificate.</summary>
    public string? HostName { get; }

    /// <summary>True on a client, where the peer is a server.</summary>
    public bool PeerIsServer { get; }

    /// <summary>True if the library itself accepts the certificate.</summary>
    public bool IsAccepted => Faults.Count == 0;

    /// <summary>Everything that the library found wrong, the gravest first; empty if nothing.</summary>
    public IReadOnlyList<TlsFault> Faults { get; }

    /// <summary>The same in words for a person, with what to do next; empty if nothing is wrong.</summary>
    public string Detail { get; }

    /// <summary>The OCSPResponse in DER that the server stapled, of which nothing has been verified; null if there is none. See <see cref="CertificateVerificationOptions.RequestOcspResponse"/>.</summary>
    public byte[]? OcspResponse { get; internal set; }

    /// <summary>
    /// The SignedCertificateTimestampList that the server sent, of which nothing has been verified; null if there is none. See
    /// <see cref="CertificateVerificationOptions.RequestSignedCertificateTimestamps"/>.
    /// </summary>
    public byte[]? SignedCertificateTimestamps { get; internal set; }
}
