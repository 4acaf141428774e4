namespace Kippu.Wire;

/// <summary>
/// <see cref="TlsReader"/> over memory: what it reads are slices that may be kept, so a parsed message copies nothing. The owner of the memory keeps it alive
/// for as long as the message is used.
/// </summary>
internal ref struct MemoryReader(ReadOnlyMemory<byte> data)
{
    private readonly ReadOnlyMemory<byte> _data = data;
    private TlsReader _reader = new(data.Span);

    public readonly bool IsEmpty => _reader.IsEmpty;

    /// <summary>How many bytes have been read.</summary>
    public readonly int Position => _data.Length - _reader.Remaining;

    public byte ReadUInt8(string field) => _reader.ReadUInt8(field);

    public ushort ReadUInt16(string field) => _reader.ReadUInt16(field);

    public uint ReadUInt32(string field) => _reader.ReadUInt32(field);

    public ReadOnlyMemory<byte> ReadBytes(int count, string field) => Slice(_reader.ReadBytes(count, field).Length);

    public ReadOnlyMemory<byte> ReadVector8(string field, int min = 0, int max = byte.MaxValue) => Slice(_reader.ReadVector8(field, min, max).Length);

    public ReadOnlyMemory<byte> ReadVector16(string field, int min = 0, int max = ushort.MaxValue) => Slice(_reader.ReadVector16(field, min, max).Length);

    public ReadOnlyMemory<byte> ReadVector24(string field, int min = 0, int max = 0xFFFFFF) => Slice(_reader.ReadVector24(field, min, max).Length);

    public readonly void ExpectEnd(string structure) => _reader.ExpectEnd(structure);

    /// <summary>The last <paramref name="length"/> bytes that the reader took, as memory.</summary>
    private readonly ReadOnlyMemory<byte> Slice(int length) => _data.Slice(Position - length, length);
}
