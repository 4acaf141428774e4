using Kippu.Wire;

namespace Kippu.Handshake;

/// <summary>What a server agreed to from the hello's extensions, whether the handshake will be full or abbreviated. Immutable; holds nothing of the hello's memory.</summary>
internal sealed record Terms12
{
    public required byte[] ClientRandom { get; init; }

    /// <summary>The session ID of the hello, echoed when a session is resumed (RFC 5077 §3.4).</summary>
    public required byte[] SessionId { get; init; }

    public required string? ServerName { get; init; }

    public required byte[]? ApplicationProtocol { get; init; }

    public required bool ExtendedMasterSecret { get; init; }

    /// <summary>The client speaks RFC 5746, by the extension or by the signalling suite.</summary>
    public required bool SecureRenegotiation { get; init; }

    /// <summary>The client sent ec_point_formats, so it gets ours.</summary>
    public required bool PointFormats { get; init; }

    /// <summary>The client sent the SessionTicket extension, empty or not.</summary>
    public required bool TicketExtension { get; init; }

    /// <summary>The client asks for a stapled OCSP response (RFC 6066 §8).</summary>
    public required bool StatusRequest { get; init; }

    /// <summary>The client asks for signed certificate timestamps (RFC 6962 §3.3.1).</summary>
    public required bool SignedCertificateTimestamps { get; init; }

    /// <summary>The client sent record_size_limit, so it gets ours if we have one.</summary>
    public required ushort? PeerRecordLimit { get; init; }
}
