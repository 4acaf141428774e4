using Kippu.Crypto;
using Xunit;

namespace Kippu.Tests.Crypto;

/// <summary>They look at memory after it was given back: nobody else may have it meanwhile.</summary>
[CollectionDefinition(nameof(ClearedMemoryGroup), DisableParallelization = true)]
public sealed class ClearedMemoryGroup;

[Collection(nameof(ClearedMemoryGroup))]
public sealed class SecretBytesTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(48)]
    [InlineData(96)]
    [InlineData(97)]
    [InlineData(500)]
    public void It_begins_as_zeros_of_its_length(int length)
    {
        using var secret = new SecretBytes(length);

        Assert.Equal(length, secret.Length);
        Assert.Equal(length, secret.Span.Length);
        Assert.False(secret.Span.ContainsAnyExcept((byte)0));
    }

    [Theory]
    [InlineData(48)]
    [InlineData(500)]
    public void It_is_cleared_on_dispose(int length)
    {
        var secret = SecretBytes.CopyOf(Enumerable.Repeat((byte)0x5A, length).ToArray());
        var memory = secret.Span;
        Assert.False(memory.ContainsAnyExcept((byte)0x5A));

        secret.Dispose();

        Assert.False(memory.ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void It_is_of_no_use_after_dispose()
    {
        var secret = new SecretBytes(8);
        secret.Dispose();

        Assert.Throws<ObjectDisposedException>(() => secret.Span.Length);
    }

    [Fact]
    public void Disposing_twice_gives_the_memory_back_once()
    {
        var secret = new SecretBytes(8);
        secret.Dispose();
        secret.Dispose();

        using var one = new SecretBytes(8);
        using var other = new SecretBytes(8);
        one.Span.Fill(1);
        Assert.False(other.Span.ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void It_prints_its_length_only()
    {
        using var secret = SecretBytes.CopyOf("secret"u8);

        Assert.Equal("SecretBytes(6)", secret.ToString());
    }

    [Fact]
    public unsafe void The_collector_does_not_move_it()
    {
        using var secret = new SecretBytes(32);
        nint before;
        fixed (byte* p = secret.Span)
        {
            before = (nint)p;
        }

        GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);

        fixed (byte* p = secret.Span)
        {
            Assert.Equal(before, (nint)p);
        }
    }
}
