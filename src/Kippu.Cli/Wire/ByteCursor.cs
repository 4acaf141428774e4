using System.Buffers.Binary;

namespace Kippu.Cli.Wire;

/// <summary>Reads the presentation language of TLS from bytes of any origin. What is not there reads as empty and makes <see cref="IsSound"/> false; it never throws.</summary>
internal struct ByteCursor(ReadOnlyMemory<byte> bytes)
{
    private ReadOnlyMemory<byte> _rest = bytes;
    private bool _failed;

    public readonly bool IsSound => !_failed;

    public readonly bool IsEmpty => _rest.IsEmpty;

    public ReadOnlyMemory<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            _failed = true;
            _rest = default;
            return default;
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    public uint TakeUInt(int bytes)
    {
        Span<byte> word = stackalloc byte[sizeof(uint)];
        word.Clear();
        Take(bytes).Span.CopyTo(word[(sizeof(uint) - bytes)..]);
        return _failed ? 0 : BinaryPrimitives.ReadUInt32BigEndian(word);
    }

    /// <summary>The number with which these bytes begin; null if they are too short.</summary>
    public readonly uint? First(int bytes)
    {
        var copy = this;
        var number = copy.TakeUInt(bytes);
        return copy.IsSound ? number : null;
    }

    /// <summary>A vector whose length stands in so many bytes before it.</summary>
    public ReadOnlyMemory<byte> TakeVector(int lengthBytes) => Take((int)TakeUInt(lengthBytes));
}
