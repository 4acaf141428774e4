using System.Net.Security;
using System.Security.Authentication;
using Kippu.Resumption;
using Kippu.Wire;

namespace Kippu;

/// <summary>What a ticket holds, as <see cref="TicketInspector"/> tells it: everything but the secret.</summary>
/// <remarks>Immutable and thread-safe. It says nothing of whether a server would accept the ticket now: that is a matter of its policy and of the hello.</remarks>
public sealed class TicketContents
{
    internal TicketContents(SessionState state, TicketKeyId key, string secretFingerprint)
    {
        Key = key;
        Protocol = state.Version == TlsVersion.Tls13 ? SslProtocols.Tls13 : SslProtocols.Tls12;
        CipherSuite = state.Suite.Id;
        ExtendedMasterSecret = state.ExtendedMasterSecret;
        ServerName = state.ServerName;
        ApplicationProtocol = state.ApplicationProtocol.Length == 0 ? default : new SslApplicationProtocol(state.ApplicationProtocol);
        OriginalHandshake = state.OriginalHandshake;
        Issued = state.Issued;
        Lifetime = state.Lifetime;
        ClientCertificate = state.PeerCertificate;
        SecretFingerprint = secretFingerprint;
    }

    /// <summary>The ring key that sealed it.</summary>
    public TicketKeyId Key { get; }

    /// <summary>The version of TLS that it is for.</summary>
    public SslProtocols Protocol { get; }

    /// <summary>The cipher suite of the session.</summary>
    public TlsCipherSuite CipherSuite { get; }

    /// <summary>The master secret is bound to its handshake (RFC 7627). Always false for TLS 1.3, which needs no such thing.</summary>
    public bool ExtendedMasterSecret { get; }

    /// <summary>The server_name of the original handshake; null if there was none.</summary>
    public string? ServerName { get; }

    /// <summary>The application protocol; default if none was negotiated.</summary>
    public SslApplicationProtocol ApplicationProtocol { get; }

    /// <summary>When the full handshake took place. Renewal never changes it.</summary>
    public DateTimeOffset OriginalHandshake { get; }

    /// <summary>When this ticket was issued.</summary>
    public DateTimeOffset Issued { get; }

    /// <summary>The lifetime that was advertised with it.</summary>
    public TimeSpan Lifetime { get; }

    /// <summary>The client's certificate, DER; empty if it showed none.</summary>
    public ReadOnlyMemory<byte> ClientCertificate { get; }

    /// <summary>
    /// Stands for the session's secret where two tickets are compared: 16 hexadecimal digits of a hash of it. Equal secrets have equal fingerprints;
    /// the secret, 48 random bytes (TLS 1.3: 32 or 48), does not follow from it.
    /// </summary>
    public string SecretFingerprint { get; }
}
