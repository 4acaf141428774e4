namespace Kippu.Handshake;

/// <summary>What both roles take from outside: the clock and who listens.</summary>
internal sealed record ConnectionEnvironment(TimeProvider Time, IHandshakeObserver? Observer, Action<string>? KeyLog, int? RecordSizeLimit);
