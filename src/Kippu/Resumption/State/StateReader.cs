using System.Buffers.Binary;

namespace Kippu.Resumption;

/// <summary>
/// Reads a state without ever throwing: a ticket that makes no sense is ordinary life. Once it has overrun it gives zeros and empty spans, and
/// <see cref="IsSound"/> is false; the caller asks once at the end.
/// </summary>
internal ref struct StateReader(ReadOnlySpan<byte> data)
{
    private ReadOnlySpan<byte> _rest = data;

    /// <summary>Nothing has overrun, and no length was out of its bounds.</summary>
    public bool IsSound { get; private set; } = true;

    public readonly bool IsEmpty => _rest.IsEmpty;

    public byte ReadUInt8() => Take(1, out var bytes) ? bytes[0] : (byte)0;

    public ushort ReadUInt16() => Take(2, out var bytes) ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : (ushort)0;

    public uint ReadUInt32() => Take(4, out var bytes) ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : 0;

    public ulong ReadUInt64() => Take(8, out var bytes) ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : 0;

    public ReadOnlySpan<byte> ReadVector8() => ReadBytes(ReadUInt8());

    public ReadOnlySpan<byte> ReadVector16() => ReadBytes(ReadUInt16());

    public ReadOnlySpan<byte> ReadVector24() => ReadBytes((ReadUInt8() << 16) | ReadUInt16());

    /// <summary>A value that the format does not allow.</summary>
    public void Fail() => IsSound = false;

    private ReadOnlySpan<byte> ReadBytes(int count) => Take(count, out var bytes) ? bytes : default;

    private bool Take(int count, out ReadOnlySpan<byte> bytes)
    {
        if (!IsSound || count > _rest.Length)
        {
            IsSound = false;
            bytes = default;
            return false;
        }

        bytes = _rest[..count];
        _rest = _rest[count..];
        return true;
    }
}
