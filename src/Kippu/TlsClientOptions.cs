using System.Net.Security;
using System.Security.Authentication;

namespace Kippu;

/// <summary>Everything a <see cref="TlsClient"/> is made of.</summary>
/// <remarks>Plain data, validated and copied by <see cref="TlsClient(TlsClientOptions)"/>; later changes have no effect. Not thread-safe.</remarks>
public sealed partial class TlsClientOptions
{
    /// <summary>Client certificates with their keys, in order of preference; one that fits the server's request is sent. Empty (the default): an empty Certificate is sent.</summary>
    public IList<TlsCredential> Credentials { get; } = [];

    /// <summary>How the server's certificate is verified. The host name that is checked is <see cref="TlsTarget.Host"/>.</summary>
    public CertificateVerificationOptions ServerVerification { get; set; } = new();

    /// <summary>Application protocols in order of preference (RFC 7301), 1 to 255 bytes each. Empty (the default): ALPN is not offered.</summary>
    public IList<SslApplicationProtocol> ApplicationProtocols { get; } = [];

    /// <summary>Protocol versions. <see cref="SslProtocols.None"/> (the default): TLS 1.3 and TLS 1.2.</summary>
    public SslProtocols Protocols { get; set; } = SslProtocols.None;

    /// <summary>
    /// Offers early data (0-RTT) where a session allows it: what is given as <see cref="ClientEarlyData"/>, or written by <see cref="TlsConnection.WriteEarlyData"/>, can be
    /// replayed by an attacker, and must be written again if it is refused. Default: false.
    /// </summary>
    public bool EnableEarlyData { get; set; }

    /// <summary>Cipher suites in order of preference. Empty (the default): all that are implemented, AES first where the processor has AES instructions, else ChaCha20.</summary>
    public IList<TlsCipherSuite> CipherSuites { get; } = [];

    /// <summary>Groups in order of preference. Empty (the default): X25519MLKEM768 (TLS 1.3) and X25519 where they are available, P-256, P-384, P-521.</summary>
    public IList<NamedGroup> Groups { get; } = [];

    /// <summary>Signature schemes that are accepted, in order of preference. Empty (the default): all that are implemented.</summary>
    public IList<SignatureScheme> SignatureSchemes { get; } = [];

    /// <summary>Asks for tickets and offers those it holds (RFC 5077, RFC 8446 §4.6.1). Default: true.</summary>
    /// <remarks>A verification callback without <see cref="CertificateVerificationOptions.CallbackId"/> turns this and <see cref="UseSessionIds"/> off: no session is kept.</remarks>
    public bool UseTickets { get; set; } = true;

    /// <summary>Offers sessions by session ID where it holds no ticket for them (RFC 5246 §7.4.1.2). Default: true.</summary>
    public bool UseSessionIds { get; set; } = true;

    /// <summary>Where sessions are kept. Null (the default): the <see cref="TlsClient"/> makes its own. Share one to resume across clients; export it to resume across processes.</summary>
    public ClientSessionStore? SessionStore { get; set; }

    /// <summary>Refuses servers without extended_master_secret (RFC 7627). Default: false.</summary>
    public bool RequireExtendedMasterSecret { get; set; }

    /// <summary>The largest record plaintext this side wants to receive, announced as record_size_limit (RFC 8449): 64 to 16384 bytes. Null (the default): not announced.</summary>
    public int? RecordSizeLimit { get; set; }

    /// <summary>How long a handshake may take in <c>TlsStream</c> and <c>TlsDuplexPipe</c>. Default: 10 seconds; at most 49 days. <see cref="Timeout.InfiniteTimeSpan"/> turns it off.</summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Sees every handshake message, alert and ChangeCipherSpec. Null (the default) costs nothing.</summary>
    public IHandshakeObserver? Observer { get; set; }

    /// <summary>
    /// Called with lines of the NSS key log format (SSLKEYLOGFILE), without a line end. They decrypt the traffic: for debugging only. May be called from several
    /// threads at once. Null (the default): nothing is logged.
    /// </summary>
    public Action<string>? KeyLog { get; set; }

    /// <summary>The clock. Default: <see cref="TimeProvider.System"/>.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;
}
