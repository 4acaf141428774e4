using System.Collections.Concurrent;

namespace Kippu.Crypto;

/// <summary>
/// Pinned arrays for <see cref="SecretBytes"/>, used again: the pinned heap is collected with the oldest generation only, so a server that allocated a
/// few of them per handshake would force a full collection every ten thousand handshakes.
/// </summary>
/// <remarks>
/// Thread-safe. Each thread keeps a few for itself, so that handshakes on many cores do not meet here; the others are for all. Bounded: what comes back above
/// the bound is left to the garbage collector.
/// </remarks>
internal static class PinnedMemory
{
    /// <summary>Enough for every secret of a handshake: 48 bytes of master secret, at most 88 of key block, 66 of a P-521 agreement.</summary>
    private const int PooledLength = 96;

    private const int MaxIdle = 1024;

    /// <summary>As many as one handshake has at a time.</summary>
    private const int MaxNear = 8;

    private static readonly ConcurrentQueue<byte[]> s_idle = new();
    private static int s_idleCount;

    [ThreadStatic]
    private static byte[][]? t_near;

    [ThreadStatic]
    private static int t_nearCount;

    /// <summary>At least <paramref name="length"/> bytes, all zero.</summary>
    public static byte[] Rent(int length)
    {
        if (length > PooledLength)
        {
            return GC.AllocateArray<byte>(length, pinned: true);
        }

        if (t_nearCount > 0)
        {
            return t_near![--t_nearCount];
        }

        if (s_idle.TryDequeue(out var array))
        {
            Interlocked.Decrement(ref s_idleCount);
            return array;
        }

        return GC.AllocateArray<byte>(PooledLength, pinned: true);
    }

    /// <param name="array">Cleared by the caller, who keeps no reference to it.</param>
    public static void Return(byte[] array)
    {
        if (array.Length != PooledLength)
        {
            return;
        }

        var near = t_near ??= new byte[MaxNear][];
        if (t_nearCount < MaxNear)
        {
            near[t_nearCount++] = array;
        }
        else if (Interlocked.Increment(ref s_idleCount) <= MaxIdle)
        {
            s_idle.Enqueue(array);
        }
        else
        {
            Interlocked.Decrement(ref s_idleCount);
        }
    }
}
