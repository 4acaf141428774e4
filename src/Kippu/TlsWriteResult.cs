namespace Kippu;

/// <summary>What <see cref="TlsConnection.Write"/> did. It is done when all data was consumed and <see cref="TlsConnection.HasPendingOutput"/> is false; otherwise the destination was full.</summary>
/// <param name="Consumed">Bytes of application data that were sealed.</param>
/// <param name="Written">Bytes in the destination, whole records, to be sent to the peer.</param>
public readonly record struct TlsWriteResult(int Consumed, int Written);
