namespace Kippu;

/// <summary>What <see cref="TlsConnection.Read"/> did.</summary>
/// <param name="Status">Why it stopped.</param>
/// <param name="Consumed">Bytes of the input that are done with; always whole records.</param>
/// <param name="Written">Bytes of application data in the destination.</param>
/// <param name="Required">See <see cref="TlsReadStatus.NeedsInput"/> and <see cref="TlsReadStatus.DestinationTooSmall"/>; otherwise 0.</param>
public readonly record struct TlsReadResult(TlsReadStatus Status, int Consumed, int Written, int Required);
