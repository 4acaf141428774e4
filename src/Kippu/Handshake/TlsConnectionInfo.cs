using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Kippu;

/// <summary>What was negotiated. Immutable and thread-safe; complete once the handshake is.</summary>
public sealed class TlsConnectionInfo
{
    private X509Certificate2? _parsed;

    internal TlsConnectionInfo(SslProtocols protocol, TlsCipherSuite cipherSuite)
    {
        Protocol = protocol;
        CipherSuite = cipherSuite;
    }

    /// <summary>The protocol version.</summary>
    public SslProtocols Protocol { get; }

    /// <summary>The cipher suite.</summary>
    public TlsCipherSuite CipherSuite { get; }

    /// <summary>The group of the key exchange; null if the handshake was resumed without one (TLS 1.2).</summary>
    public NamedGroup? Group { get; internal init; }

    /// <summary>The scheme of the server's signature; null if the handshake was resumed.</summary>
    public SignatureScheme? SignatureScheme { get; internal init; }

    /// <summary>The scheme of the client's signature; null if the client showed no certificate in this handshake.</summary>
    public SignatureScheme? ClientSignatureScheme { get; internal init; }

    /// <summary>The credential that this side showed in this handshake; null if it showed none, or the handshake was resumed.</summary>
    public TlsCredential? LocalCredential { get; internal init; }

    /// <summary>The application protocol (RFC 7301); default if none was negotiated.</summary>
    public SslApplicationProtocol ApplicationProtocol { get; internal init; }

    /// <summary>The server_name of the hello; null if there was none.</summary>
    public string? ServerName { get; internal init; }

    /// <summary>Whether the master secret is bound to the handshake (RFC 7627).</summary>
    public bool ExtendedMasterSecret { get; internal init; }

    /// <summary>True if a session was resumed; <see cref="Resumption"/> says how.</summary>
    public bool IsResumed => Resumption != ResumptionKind.None;

    /// <summary>How the session was resumed.</summary>
    public ResumptionKind Resumption { get; internal init; }

    /// <summary>Server: why a ticket or a session ID that was offered was not used. <see cref="TicketRefusal.None"/> if it was, or none was offered.</summary>
    public TicketRefusal TicketRefusal { get; internal init; }

    /// <summary>Server: the ring key that opened the ticket, or that the refused ticket names if the ring knows it; otherwise null.</summary>
    public TicketKeyId? TicketKey { get; internal init; }

    /// <summary>Server: the time since the resumed ticket was issued. Null if no ticket was resumed.</summary>
    public TimeSpan? TicketAge { get; internal init; }

    /// <summary>The time since the full handshake that the resumed session comes from. Null if nothing was resumed.</summary>
    public TimeSpan? SessionAge { get; internal init; }

    /// <summary>The client's early data was accepted (0-RTT, RFC 8446 §2.3).</summary>
    public bool EarlyDataAccepted { get; internal init; }

    /// <summary>The server asked for a second ClientHello (HelloRetryRequest, RFC 8446 §2.1).</summary>
    public bool RetriedHello { get; internal init; }

    /// <summary>A ticket (of more than zero bytes) was issued, or received, in this handshake.</summary>
    public bool NewTicket => NewTickets > 0;

    /// <summary>How many tickets were issued, or received, in this handshake; none later than that is counted.</summary>
    public int NewTickets { get; internal init; }

    /// <summary>The lifetime hint of the new ticket (RFC 5077 §3.3). Null if there is no new ticket; zero means "unspecified".</summary>
    public TimeSpan? NewTicketLifetime { get; internal init; }

    /// <summary>
    /// The peer's certificate, verified in this handshake or, after a resumption, in the one that the session comes from. Null if the peer showed none.
    /// Owned by the connection: do not dispose it, and copy it if it must outlive the connection.
    /// </summary>
    public X509Certificate2? PeerCertificate
    {
        get
        {
            // Parsing a certificate costs more than a whole resumed handshake, and few look at it: so it is parsed when somebody does.
            if (VerifiedCertificate is null && _parsed is null && PeerCertificateDer is { } der)
            {
                var parsed = X509CertificateLoader.LoadCertificate(der);
                if (Interlocked.CompareExchange(ref _parsed, parsed, null) is not null)
                {
                    parsed.Dispose();
                }
            }

            return VerifiedCertificate ?? _parsed;
        }
    }

    internal X509Certificate2? VerifiedCertificate { get; init; }

    internal byte[]? PeerCertificateDer { get; init; }

    internal void DisposeCertificate()
    {
        VerifiedCertificate?.Dispose();
        _parsed?.Dispose();
    }
}
