using System.Buffers.Binary;

namespace Kippu.Wire;

/// <summary>
/// Writes the presentation language of RFC 5246 §4. <c>using (writer.Vector16())</c> opens a vector whose length is filled in when the scope ends;
/// until then the length reads 0xFF, so that an unfinished vector is never mistaken for a whole one.
/// </summary>
internal readonly ref struct TlsWriter(WireBuffer buffer)
{
    private readonly WireBuffer _buffer = buffer;

    public int Position => _buffer.Length;

    public void WriteUInt8(byte value) => _buffer.Reserve(1)[0] = value;

    public void WriteUInt16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(_buffer.Reserve(2), value);

    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(_buffer.Reserve(4), value);

    public void WriteUInt64(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(_buffer.Reserve(8), value);

    public void WriteBytes(ReadOnlySpan<byte> value) => value.CopyTo(_buffer.Reserve(value.Length));

    public void WriteVector8(ReadOnlySpan<byte> value)
    {
        using (Vector8())
        {
            WriteBytes(value);
        }
    }

    public void WriteVector16(ReadOnlySpan<byte> value)
    {
        using (Vector16())
        {
            WriteBytes(value);
        }
    }

    public void WriteVector24(ReadOnlySpan<byte> value)
    {
        using (Vector24())
        {
            WriteBytes(value);
        }
    }

    /// <summary>Takes back everything behind <paramref name="position"/>.</summary>
    public void Truncate(int position) => _buffer.Truncate(position);

    public VectorScope Vector8() => new(_buffer, 1);

    public VectorScope Vector16() => new(_buffer, 2);

    public VectorScope Vector24() => new(_buffer, 3);

    /// <summary>A vector whose length is written when the scope ends.</summary>
    public readonly ref struct VectorScope
    {
        private readonly WireBuffer _buffer;
        private readonly int _start;
        private readonly int _width;

        internal VectorScope(WireBuffer buffer, int width)
        {
            _buffer = buffer;
            _width = width;
            _start = buffer.Length;
            buffer.Reserve(width).Fill(0xFF);
        }

        /// <summary>Writes the length.</summary>
        /// <exception cref="InvalidOperationException">The content is longer than the length field can say.</exception>
        public void Dispose()
        {
            var length = _buffer.Length - _start - _width;
            if (length >= 1 << (8 * _width))
            {
                throw new InvalidOperationException($"a vector of {length} bytes does not fit a length of {_width} bytes");
            }

            var prefix = _buffer.Patch(_start, _width);
            for (var i = _width - 1; i >= 0; i--)
            {
                prefix[i] = (byte)length;
                length >>= 8;
            }
        }
    }
}
