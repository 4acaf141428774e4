namespace Kippu.Bench.Streams;

/// <summary>Bytes on their way from one side to the other.</summary>
internal sealed class MemoryPipe
{
    private byte[] _data = new byte[1 << 20];
    private int _read;

    /// <summary>All bytes written since <see cref="Clear"/>, read or not.</summary>
    public int Written { get; private set; }

    public bool IsEmpty => _read == Written;

    /// <summary>Everything written since <see cref="Clear"/>.</summary>
    public ReadOnlySpan<byte> Everything => _data.AsSpan(0, Written);

    /// <summary>What was not read yet; see <see cref="Consume"/>.</summary>
    public ReadOnlySpan<byte> Unread => _data.AsSpan(_read, Written - _read);

    /// <summary>Room to write to; see <see cref="Commit"/>.</summary>
    public Span<byte> Room => _data.AsSpan(Written);

    public void Clear() => _read = Written = 0;

    public void Consume(int count) => _read += count;

    public void Commit(int count) => Written += count;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (Written + bytes.Length > _data.Length)
        {
            Array.Resize(ref _data, 2 * (Written + bytes.Length));
        }

        bytes.CopyTo(_data.AsSpan(Written));
        Written += bytes.Length;
    }

    public int Read(Span<byte> target)
    {
        var n = Math.Min(target.Length, Written - _read);
        _data.AsSpan(_read, n).CopyTo(target);
        _read += n;
        return n;
    }
}
