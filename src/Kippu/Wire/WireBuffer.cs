using System.Buffers;
using System.Security.Cryptography;

namespace Kippu.Wire;

/// <summary>A growing buffer of rented memory that <see cref="TlsWriter"/> writes to. What it held is cleared when it grows and when it is disposed.</summary>
/// <remarks>Not thread-safe. One owner, who disposes it.</remarks>
internal sealed class WireBuffer : IDisposable
{
    private byte[] _array;

    public WireBuffer(int capacity = 512) => _array = ArrayPool<byte>.Shared.Rent(capacity);

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _array.AsSpan(0, Length);

    public ReadOnlyMemory<byte> WrittenMemory => _array.AsMemory(0, Length);

    /// <summary>The written bytes from <paramref name="start"/> on, to be patched in place.</summary>
    public Span<byte> Patch(int start, int length) => _array.AsSpan(0, Length).Slice(start, length);

    /// <summary>Room for <paramref name="count"/> more bytes, counted as written at once.</summary>
    public Span<byte> Reserve(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (_array.Length - Length < count)
        {
            Grow(checked(Length + count));
        }

        var span = _array.AsSpan(Length, count);
        Length += count;
        return span;
    }

    /// <summary>Forgets and clears what was written; the memory is kept.</summary>
    public void Clear()
    {
        CryptographicOperations.ZeroMemory(_array.AsSpan(0, Length));
        Length = 0;
    }

    /// <summary>Takes back the last bytes, down to <paramref name="length"/>.</summary>
    public void Truncate(int length)
    {
        CryptographicOperations.ZeroMemory(_array.AsSpan(length, Length - length));
        Length = length;
    }

    public void Dispose()
    {
        if (_array.Length > 0)
        {
            Clear();
            ArrayPool<byte>.Shared.Return(_array);
            _array = [];
        }
    }

    private void Grow(int capacity)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(capacity, _array.Length * 2));
        Written.CopyTo(larger);
        CryptographicOperations.ZeroMemory(_array.AsSpan(0, Length));
        if (_array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_array);
        }

        _array = larger;
    }
}
