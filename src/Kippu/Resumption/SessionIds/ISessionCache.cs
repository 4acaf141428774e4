namespace Kippu;

/// <summary>
/// Where a server keeps the sessions that clients name by session ID (RFC 5246 §7.4.1.2): <see cref="MemorySessionCache"/>, or an application's own.
/// </summary>
/// <remarks>
/// <para>Keys are 32 bytes, computed by the library from version, scope and session ID; values are sealed by the library, so a store sees no
/// secret, and cannot alter, exchange or invent a session unnoticed.</para>
/// <para>Implementations must be thread-safe and fast: they are called within a handshake. An exception costs the client a full handshake and never
/// fails it.</para>
/// </remarks>
public interface ISessionCache
{
    /// <summary>Stores a value, in the place of an earlier one. Both spans are to be copied. A cache may refuse or forget any value at any time.</summary>
    /// <param name="key">32 bytes.</param>
    /// <param name="value">The value, at most 17 kB.</param>
    /// <param name="expires">From when on the value is of no use.</param>
#pragma warning disable CA1716 // A word of Visual Basic; it is the usual one here.
    void Set(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, DateTimeOffset expires);
#pragma warning restore CA1716

    /// <summary>Finds a value. It stays in the cache.</summary>
    /// <param name="key">32 bytes.</param>
    /// <param name="value">The value, which nobody changes any more; empty if there is none.</param>
    /// <returns>True if there is one.</returns>
    bool TryGet(ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value);

    /// <summary>Forgets a value, if there is one.</summary>
    void Remove(ReadOnlySpan<byte> key);
}
