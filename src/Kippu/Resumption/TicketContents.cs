using System.Net.Security;
using System.Security.Authentication;

namespace Kippu;

/// <summary>What a ticket holds, as <see cref="TicketInspector"/> tells it: everything but the secret.</summary>
/// <remarks>Immutable and thread-safe. It says nothing of whether a server would accept the ticket now: that is a matter of its policy and of the hello.</remarks>
public sealed record TicketContents
{
    /// <summary>The ring key that sealed it.</summary>
    public required TicketKeyId Key { get; init; }

    /// <summary>The version of TLS that it is for.</summary>
    public required SslProtocols Protocol { get; init; }

    /// <summary>The cipher suite of the session.</summary>
    public required TlsCipherSuite CipherSuite { get; init; }

    /// <summary>The master secret is bound to its handshake (RFC 7627). Always false for TLS 1.3, which needs no such thing.</summary>
    public bool ExtendedMasterSecret { get; init; }

    /// <summary>The server_name of the original handshake; null if there was none.</summary>
    public string? ServerName { get; init; }

    /// <summary>The application protocol; default if none was negotiated.</summary>
    public SslApplicationProtocol ApplicationProtocol { get; init; }

    /// <summary>When the full handshake took place. Renewal never changes it.</summary>
    public required DateTimeOffset OriginalHandshake { get; init; }

    /// <summary>When this ticket was issued.</summary>
    public required DateTimeOffset Issued { get; init; }

    /// <summary>The lifetime that was advertised with it.</summary>
    public required TimeSpan Lifetime { get; init; }

    /// <summary>The client's certificate, DER; empty if it showed none.</summary>
    public ReadOnlyMemory<byte> ClientCertificate { get; init; }

    /// <summary>
    /// Stands for the session's secret where two tickets are compared: 16 hexadecimal digits of a hash of it. Equal secrets have equal fingerprints;
    /// the secret, 48 random bytes (TLS 1.3: 32 or 48), does not follow from it.
    /// </summary>
    public required string SecretFingerprint { get; init; }
}
