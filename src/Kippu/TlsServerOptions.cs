using System.Net.Security;
using System.Security.Authentication;

namespace Kippu;

/// <summary>Everything a <see cref="TlsServer"/> is made of. The inherited members are the policy of the default host.</summary>
/// <remarks>Plain data, validated and copied by <see cref="TlsServer(TlsServerOptions)"/>; later changes have no effect. Not thread-safe.</remarks>
public sealed partial class TlsServerOptions : TlsHostOptions
{
    /// <summary>
    /// Policies of other virtual hosts by server name: <c>www.example.com</c>, or <c>*.example.com</c> for one label; international names in either form. A name that matches
    /// none, and a client that sends none, gets the default host. A <see cref="TlsServerOptions"/> is refused as a value: most of it would mean nothing there.
    /// </summary>
    public IDictionary<string, TlsHostOptions> Hosts { get; } = new Dictionary<string, TlsHostOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Chooses the host for each connection instead of <see cref="Hosts"/>; may be slow. It returns a host made by <see cref="TlsServer.CreateHost"/> of the
    /// server that asks, or null for the default host.
    /// </summary>
    public Func<ClientHelloInfo, CancellationToken, ValueTask<TlsHost?>>? HostSelector { get; set; }

    /// <summary>A server_name that no host answers to ends the handshake with unrecognized_name (RFC 6066 §3). Default: false, the default host serves it. Not with a <see cref="HostSelector"/>.</summary>
    public bool RejectUnknownServerNames { get; set; }

    /// <summary>Protocol versions. <see cref="SslProtocols.None"/> (the default): TLS 1.3 and TLS 1.2.</summary>
    public SslProtocols Protocols { get; set; } = SslProtocols.None;

    /// <summary>0-RTT in TLS 1.3: off by default.</summary>
    public EarlyDataOptions EarlyData { get; set; } = new();

    /// <summary>Cipher suites in order of preference. Empty (the default): all that are implemented, AES first where the processor has AES instructions, else ChaCha20.</summary>
    public IList<TlsCipherSuite> CipherSuites { get; } = [];

    /// <summary>Groups in order of preference. Empty (the default): X25519MLKEM768 (TLS 1.3) and X25519 where they are available, P-256, P-384, P-521.</summary>
    public IList<NamedGroup> Groups { get; } = [];

    /// <summary>Signature schemes, for signing and for verifying client certificates, in order of preference. Empty (the default): all that are implemented.</summary>
    public IList<SignatureScheme> SignatureSchemes { get; } = [];

    /// <summary>Session tickets (RFC 5077): on by default, with a ring of this process alone.</summary>
    public TicketOptions Tickets { get; set; } = new();

    /// <summary>Sessions kept on the server and named by session ID (RFC 5246 §7.4.1.2). Null (the default): none are kept.</summary>
    public ISessionCache? SessionCache { get; set; }

    /// <summary>Refuses peers without extended_master_secret (RFC 7627). Default: false.</summary>
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
