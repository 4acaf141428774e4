using System.Buffers;
using Xunit;

namespace Kippu.Tests.KeySchedule;

/// <summary>The array that the next one to rent on this thread will get: what was done to it can be seen afterwards.</summary>
internal static class SharedArray
{
    public static byte[] Of(int length)
    {
        var array = ArrayPool<byte>.Shared.Rent(length);
        Array.Clear(array);
        ArrayPool<byte>.Shared.Return(array);
        return array;
    }

    public static void AssertCleared(byte[] array)
    {
        Assert.False(array.AsSpan().ContainsAnyExcept((byte)0));
        var next = ArrayPool<byte>.Shared.Rent(array.Length);
        Assert.Same(array, next);
        ArrayPool<byte>.Shared.Return(next);
    }
}
