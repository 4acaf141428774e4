using System.Buffers;
using System.Security.Cryptography;

namespace Kippu.Transport;

/// <summary>The rest of a record that was larger than what the reader asked for. Rented while it holds something, and cleared.</summary>
/// <remarks>A mutable struct: keep it in a field that is not read-only.</remarks>
internal struct PlaintextBuffer
{
    private byte[]? _array;
    private int _start;
    private int _end;

    public readonly int HeldBytes => _array?.Length ?? 0;

    public readonly bool IsEmpty => _start == _end;

    /// <summary>Room for one record; only while the buffer is empty.</summary>
    public Span<byte> Prepare(int size)
    {
        _array ??= ArrayPool<byte>.Shared.Rent(size);
        return _array.AsSpan(0, size);
    }

    public void Filled(int count)
    {
        _start = 0;
        _end = count;
    }

    /// <summary>Moves as much as fits.</summary>
    public int MoveTo(Span<byte> destination)
    {
        var count = Math.Min(destination.Length, _end - _start);
        _array.AsSpan(_start, count).CopyTo(destination);
        _start += count;
        if (_start == _end)
        {
            Release();
        }

        return count;
    }

    public void Release()
    {
        if (_array is { } array)
        {
            CryptographicOperations.ZeroMemory(array.AsSpan(0, _end));
            _array = null;
            _start = 0;
            _end = 0;
            ArrayPool<byte>.Shared.Return(array);
        }
    }
}
