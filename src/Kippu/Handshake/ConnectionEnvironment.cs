namespace Kippu.Handshake;

/// <summary>What a connection of either role has from its options alike: the clock, who watches and who logs keys, and the record limit that it announces.</summary>
internal sealed record ConnectionEnvironment(TimeProvider Time, IHandshakeObserver? Observer, Action<string>? KeyLog, int? RecordSizeLimit);
