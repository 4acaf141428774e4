using System.Buffers;
using System.Security.Cryptography;

namespace Kippu.Transport;

/// <summary>Plaintext that the reader has not asked for yet. Rented while it holds something, and cleared.</summary>
/// <remarks>A mutable struct: keep it in a field that is not read-only.</remarks>
internal struct PlaintextBuffer
{
    private byte[]? _array;
    private int _start;
    private int _end;

    public readonly int HeldBytes => _array?.Length ?? 0;

    public readonly bool IsEmpty => _start == _end;

    private readonly Span<byte> Held => _array.AsSpan(_start, _end - _start);

    /// <summary>Room for one record, behind what is held.</summary>
    public Span<byte> Prepare(int size)
    {
        if (_array is null)
        {
            _array = ArrayPool<byte>.Shared.Rent(size);
        }
        else if (_array.Length - _end < size)
        {
            MakeRoom(size);
        }

        return _array.AsSpan(_end, size);
    }

    /// <summary>So much of what was prepared is in use. A record that turned out to hold no data leaves nothing behind.</summary>
    public void Filled(int count)
    {
        _end += count;
        if (IsEmpty)
        {
            Release();
        }
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

    /// <summary>Into a larger array: what was read of the old one goes with it.</summary>
    private void MakeRoom(int size)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Held.Length + size, 2 * Held.Length));
        var length = Held.Length;
        Held.CopyTo(larger);
        Release();
        _array = larger;
        _end = length;
    }
}
