namespace Kippu.InteropTests.Ours;

/// <summary>What became of one connection at our server.</summary>
/// <param name="Info">What was negotiated; null if the handshake failed.</param>
/// <param name="ClientSubject">The subject of the client's certificate.</param>
/// <param name="Failure">What ended it too early.</param>
internal sealed record HostedConnection(TlsConnectionInfo? Info, string? ClientSubject, Exception? Failure);
