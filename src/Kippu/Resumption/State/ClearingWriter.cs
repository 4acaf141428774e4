using System.Buffers;
using System.Security.Cryptography;

namespace Kippu.Resumption;

/// <summary>What a stranger writes to: rented memory with a limit, cleared at the end.</summary>
internal sealed class ClearingWriter(int limit) : IBufferWriter<byte>, IDisposable
{
    private byte[] _array = ArrayPool<byte>.Shared.Rent(limit);
    private int _written;

    public ReadOnlySpan<byte> Written => _array.AsSpan(0, _written);

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, limit - _written);
        _written += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0) => _array.AsMemory(_written, Room(sizeHint));

    public Span<byte> GetSpan(int sizeHint = 0) => _array.AsSpan(_written, Room(sizeHint));

    public void Dispose()
    {
        if (_array.Length > 0)
        {
            CryptographicOperations.ZeroMemory(_array.AsSpan(0, limit));
            ArrayPool<byte>.Shared.Return(_array);
            _array = [];
            _written = 0;
        }
    }

    private int Room(int sizeHint)
    {
        var room = limit - _written;
        return sizeHint <= room && room > 0 ? room : throw new ArgumentOutOfRangeException(nameof(sizeHint), $"more than {limit} bytes");
    }
}
