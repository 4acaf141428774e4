using Kippu.Crypto;
using Kippu.Wire;

namespace Kippu.Resumption;

/// <summary>
/// A session that can be resumed: one type for both versions of TLS, and for tickets, session IDs and the client's store alike. RFC 5077's ticket and
/// RFC 8446's identity are two envelopes of it.
/// </summary>
/// <remarks>Immutable apart from dispose. It owns its secret.</remarks>
internal sealed class SessionState : IDisposable
{
    public required TlsVersion Version { get; init; }

    public required CipherSuite Suite { get; init; }

    /// <summary>TLS 1.2: the master secret, 48 bytes. TLS 1.3: the PSK, as long as the suite's hash.</summary>
    public required SecretBytes Secret { get; init; }

    /// <summary>TLS 1.2: the master secret was derived as in RFC 7627.</summary>
    public bool ExtendedMasterSecret { get; init; }

    /// <summary>Exactly as it was in the hello of the original handshake (RFC 6066 §3); null if there was none.</summary>
    public string? ServerName { get; init; }

    /// <summary>What ALPN chose; empty if nothing.</summary>
    public byte[] ApplicationProtocol { get; init; } = [];

    /// <summary>When the full handshake took place; renewal never changes it.</summary>
    public required DateTimeOffset OriginalHandshake { get; init; }

    /// <summary>When this ticket or session ID was issued. <see cref="TicketService"/> sets it in what it seals.</summary>
    public DateTimeOffset Issued { get; init; }

    /// <summary>The lifetime that was advertised with it, in whole milliseconds. <see cref="TicketService"/> sets it in what it seals.</summary>
    public TimeSpan Lifetime { get; init; }

    /// <summary>TLS 1.3: ticket_age_add (RFC 8446 §4.6.1).</summary>
    public uint AgeAdd { get; init; }

    /// <summary>TLS 1.3: max_early_data_size (RFC 8446 §4.6.1).</summary>
    public uint MaxEarlyData { get; init; }

    /// <summary>The scope under which the session was sealed; empty on a client, and before sealing.</summary>
    public byte[] ScopeDigest { get; init; } = [];

    /// <summary>The peer's certificate, DER; null if it showed none.</summary>
    public byte[]? PeerCertificate { get; init; }

    /// <summary>The certificates that the peer sent after its own, DER. Left out of a ticket when they are too long.</summary>
    public IReadOnlyList<byte[]> PeerChain { get; init; } = [];

    public PeerVerification PeerVerification { get; init; }

    /// <summary>What the application wants to find again.</summary>
    public byte[] ApplicationData { get; init; } = [];

    /// <summary>The same session with a copy of the secret, for another owner.</summary>
    public SessionState Clone() => new()
    {
        Version = Version,
        Suite = Suite,
        Secret = SecretBytes.CopyOf(Secret.Span),
        ExtendedMasterSecret = ExtendedMasterSecret,
        ServerName = ServerName,
        ApplicationProtocol = ApplicationProtocol,
        OriginalHandshake = OriginalHandshake,
        Issued = Issued,
        Lifetime = Lifetime,
        AgeAdd = AgeAdd,
        MaxEarlyData = MaxEarlyData,
        ScopeDigest = ScopeDigest,
        PeerCertificate = PeerCertificate,
        PeerChain = PeerChain,
        PeerVerification = PeerVerification,
        ApplicationData = ApplicationData,
    };

    public void Dispose() => Secret.Dispose();

    public override string ToString() => $"{Version} {Suite} {ServerName}";
}
