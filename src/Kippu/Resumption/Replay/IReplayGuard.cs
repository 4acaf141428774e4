namespace Kippu;

/// <summary>
/// Single use within a window (RFC 8446 §8.2, client hello recording): says of a first flight whether it is seen for the first time. Shared by a fleet it
/// makes 0-RTT safe from replay across nodes.
/// </summary>
/// <remarks>Implementations must be thread-safe. An exception counts as "seen before": the early data is refused, the resumption goes on.</remarks>
public interface IReplayGuard
{
    /// <summary>Remembers <paramref name="key"/> until <paramref name="expires"/>.</summary>
    /// <param name="key">32 bytes that stand for the client's first flight: an HMAC of its verified binder.</param>
    /// <param name="expires">The end of the window; the key need not be remembered longer.</param>
    /// <param name="cancellationToken">The connection has been given up.</param>
    /// <returns>True the first time, false ever after; false also if the guard cannot know.</returns>
    ValueTask<bool> TryUseAsync(ReadOnlyMemory<byte> key, DateTimeOffset expires, CancellationToken cancellationToken);
}
