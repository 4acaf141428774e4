using System.Buffers;
using System.Security.Cryptography;

namespace Kippu.Fleet;

/// <summary>Text of a ring on its way, which may hold secrets: pinned memory of a fixed size, cleared at the end. A stream for those who write to one.</summary>
internal sealed class SecretBuffer(int capacity) : IBufferWriter<byte>, IDisposable
{
    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(capacity, pinned: true);
    private int _written;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _written);

    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, _written);

    /// <summary>All of the ring, its secrets in the clear.</summary>
    public static SecretBuffer Of(TicketKeyRing ring)
    {
        var buffer = new SecretBuffer(RingSize.Of(ring.Keys.Count));
        try
        {
            using var stream = new MemoryStream(buffer._bytes);
            ring.Save(stream);
            buffer._written = (int)stream.Position;
            return buffer;
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _bytes.Length - _written);
        _written += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0) => _bytes.AsMemory(_written, Room(sizeHint));

    public Span<byte> GetSpan(int sizeHint = 0) => _bytes.AsSpan(_written, Room(sizeHint));

    public void Dispose() => CryptographicOperations.ZeroMemory(_bytes);

    private int Room(int sizeHint)
    {
        var room = _bytes.Length - _written;
        return sizeHint <= room ? room : throw new RingUnavailableException(RingProblem.Malformed, $"longer than {_bytes.Length} bytes");
    }
}
