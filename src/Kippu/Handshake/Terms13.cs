using Kippu.Wire;

namespace Kippu.Handshake;

/// <summary>What a server of TLS 1.3 agreed to from the hello's extensions. Immutable; holds nothing of the hello's memory.</summary>
internal sealed record Terms13
{
    public required byte[] ClientRandom { get; init; }

    /// <summary>legacy_session_id, echoed; not empty: the client is in middlebox compatibility mode (RFC 8446 appendix D.4).</summary>
    public required byte[] SessionId { get; init; }

    public required string? ServerName { get; init; }

    public required byte[]? ApplicationProtocol { get; init; }

    /// <summary>The client sent record_size_limit, so it gets ours if we have one.</summary>
    public required ushort? PeerRecordLimit { get; init; }

    /// <summary>How many tickets the client would like (RFC 9149).</summary>
    public required TicketRequest? TicketRequest { get; init; }

    /// <summary>The client takes an OCSP response (RFC 8446 §4.4.2.1).</summary>
    public required bool StatusRequest { get; init; }

    /// <summary>The client takes certificate timestamps.</summary>
    public required bool SignedCertificateTimestamps { get; init; }

    /// <summary>The client can resume with psk_dhe_ke, so tickets are of use to it (RFC 8446 §4.2.9).</summary>
    public required bool CanResume { get; init; }
}
