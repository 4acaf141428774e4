using System.Buffers;

namespace Kippu.Transport;

/// <summary>
/// What came from the transport and was not consumed yet. A buffer is rented only while it holds something, or while one read of the transport is under way;
/// it is small until records show that it should be large.
/// </summary>
/// <remarks>A mutable struct: keep it in a field that is not read-only. It holds ciphertext, or handshake messages that anyone may see: it is not cleared.</remarks>
internal struct CiphertextBuffer
{
    /// <summary>An idle connection that waits with a read holds this much.</summary>
    private const int Small = 4 * 1024;

    /// <summary>The step of the pool that takes the largest record (RFC 5246 §6.2.3: 2^14 + 2048 bytes and a header).</summary>
    private const int Large = 32 * 1024;

    private byte[]? _array;
    private int _start;
    private int _end;
    private bool _expectsMuch;
    private bool _wasFull;

    public readonly int HeldBytes => _array?.Length ?? 0;

    public readonly bool IsEmpty => _start == _end;

    /// <summary>Whether a large buffer is about to be rented for a wait of unknown length: then it is better to wait first, without a buffer.</summary>
    public readonly bool ShouldWaitEmpty => IsEmpty && _expectsMuch && !_wasFull;

    public readonly ReadOnlySpan<byte> Unread => _array.AsSpan(_start, _end - _start);

    public void Consume(int count)
    {
        _start += count;
        if (_start == _end)
        {
            Release();
        }
    }

    /// <summary>Room for more, so that <paramref name="required"/> bytes from the first unread one on will fit.</summary>
    public Memory<byte> Prepare(int required)
    {
        if (_array is null)
        {
            _array = Rent(required);
        }
        else if (_array.Length < required)
        {
            var larger = Rent(required);
            Unread.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_array);
            _array = larger;
            MovedToFront();
        }
        else if (_start > 0)
        {
            Unread.CopyTo(_array);
            MovedToFront();
        }

        return _array.AsMemory(_end);
    }

    public void Filled(int count)
    {
        _end += count;
        var full = _end == _array!.Length;
        _expectsMuch = full || _end - _start > Small;
        _wasFull = full && _end > Small;
    }

    /// <summary>Gives the buffer back if a read has brought nothing.</summary>
    public void ReleaseIfEmpty()
    {
        if (IsEmpty)
        {
            Release();
        }
    }

    public void Release()
    {
        if (_array is { } array)
        {
            _array = null;
            _start = 0;
            _end = 0;
            ArrayPool<byte>.Shared.Return(array);
        }
    }

    private readonly byte[] Rent(int required) => ArrayPool<byte>.Shared.Rent(_expectsMuch || required > Small ? Math.Max(Large, required) : Small);

    private void MovedToFront()
    {
        _end -= _start;
        _start = 0;
    }
}
