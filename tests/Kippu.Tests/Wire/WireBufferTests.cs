using System.Runtime.InteropServices;
using CsCheck;
using Kippu.Wire;
using Xunit;

namespace Kippu.Tests.Wire;

public sealed class WireBufferTests
{
    [Fact]
    public void Growing_keeps_the_content() => Gen.Byte.Array[0, 200].Array[0, 20].Sample(parts =>
    {
        using var buffer = new WireBuffer(1);
        foreach (var part in parts)
        {
            part.CopyTo(buffer.Reserve(part.Length));
        }

        Assert.Equal(parts.SelectMany(part => part), buffer.Written.ToArray());
        Assert.Equal(buffer.Written.ToArray(), buffer.WrittenMemory.ToArray());
    });

    [Fact]
    public void Growing_clears_what_is_left_behind()
    {
        using var buffer = new WireBuffer(16);
        buffer.Reserve(16).Fill(0xAA);
        var before = ArrayOf(buffer);
        buffer.Reserve(before.Length);

        Assert.NotSame(before, ArrayOf(buffer));
        Assert.All(before, value => Assert.Equal(0, value));
    }

    [Fact]
    public void Clearing_forgets_and_wipes_but_keeps_the_memory()
    {
        using var buffer = new WireBuffer(64);
        buffer.Reserve(64).Fill(0xAA);
        var array = ArrayOf(buffer);
        buffer.Clear();

        Assert.Equal(0, buffer.Length);
        Assert.All(array.Take(64), value => Assert.Equal(0, value));
        Assert.Same(array, ArrayOf(buffer, 1));
    }

    [Fact]
    public void Truncating_wipes_what_it_takes_back()
    {
        using var buffer = new WireBuffer(64);
        buffer.Reserve(64).Fill(0xAA);
        buffer.Truncate(10);

        Assert.Equal(10, buffer.Length);
        var array = ArrayOf(buffer);
        Assert.All(array.Take(10), value => Assert.Equal(0xAA, value));
        Assert.All(array.Skip(10).Take(54), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Disposing_wipes_and_may_be_repeated()
    {
        var buffer = new WireBuffer(64);
        buffer.Reserve(64).Fill(0xAA);
        var array = ArrayOf(buffer);
        buffer.Dispose();
        buffer.Dispose();

        Assert.Equal(0, buffer.Length);
        Assert.All(array.Take(64), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Only_what_was_written_can_be_patched()
    {
        using var buffer = new WireBuffer(64);
        buffer.Reserve(4);
        buffer.Patch(2, 2)[0] = 9;

        Assert.Equal([0, 0, 9, 0], Patched(buffer));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Patch(3, 2).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Reserve(-1).Length);
    }

    private static byte[] Patched(WireBuffer buffer)
    {
        buffer.Patch(0, 2).Clear();
        buffer.Patch(3, 1).Clear();
        return buffer.Written.ToArray();
    }

    private static byte[] ArrayOf(WireBuffer buffer, int reserve = 0)
    {
        buffer.Reserve(reserve);
        Assert.True(MemoryMarshal.TryGetArray(buffer.WrittenMemory, out var segment));
        return segment.Array!;
    }
}
