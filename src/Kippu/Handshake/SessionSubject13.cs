using Kippu.Crypto;
using Kippu.Resumption;
using Kippu.Wire;

namespace Kippu.Handshake;

/// <summary>What all sessions that come of one TLS 1.3 connection have in common; each ticket has a secret of its own.</summary>
internal sealed record SessionSubject13
{
    public required CipherSuite Suite { get; init; }

    public required string? ServerName { get; init; }

    public required byte[] ApplicationProtocol { get; init; }

    public required DateTimeOffset OriginalHandshake { get; init; }

    public required byte[]? PeerCertificate { get; init; }

    public IReadOnlyList<byte[]> PeerChain { get; init; } = [];

    public required PeerVerification PeerVerification { get; init; }

    /// <param name="secret">The PSK; the state owns it from here on.</param>
    /// <param name="ageAdd">ticket_age_add.</param>
    /// <param name="maxEarlyData">max_early_data_size; 0: none.</param>
    public SessionState NewState(SecretBytes secret, uint ageAdd, uint maxEarlyData) => new()
    {
        Version = TlsVersion.Tls13,
        Suite = Suite,
        Secret = secret,
        ServerName = ServerName,
        ApplicationProtocol = ApplicationProtocol,
        OriginalHandshake = OriginalHandshake,
        AgeAdd = ageAdd,
        MaxEarlyData = maxEarlyData,
        PeerCertificate = PeerCertificate,
        PeerChain = PeerChain,
        PeerVerification = PeerVerification,
    };
}
