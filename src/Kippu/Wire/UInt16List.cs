using System.Buffers.Binary;
using Kippu.Alerts;

namespace Kippu.Wire;

/// <summary>A list of two-byte values (suites, groups, signature schemes, versions), seen through the bytes of the wire: parsing it allocates nothing.</summary>
internal readonly struct UInt16List
{
    private readonly ReadOnlyMemory<byte> _raw;

    /// <summary>A view on <paramref name="raw"/>, whose length is even.</summary>
    public UInt16List(ReadOnlyMemory<byte> raw)
    {
        if ((raw.Length & 1) != 0)
        {
            throw new ArgumentException("a list of two-byte values has an even length", nameof(raw));
        }

        _raw = raw;
    }

    public int Count => _raw.Length / sizeof(ushort);

    public bool IsEmpty => _raw.IsEmpty;

    /// <summary>The values as they stand on the wire.</summary>
    public ReadOnlySpan<byte> Raw => _raw.Span;

    public ushort this[int index] => BinaryPrimitives.ReadUInt16BigEndian(_raw.Span.Slice(index * sizeof(ushort), sizeof(ushort)));

    /// <summary>A view on what a peer sent as <paramref name="field"/>.</summary>
    /// <exception cref="TlsFaultException">The length is odd.</exception>
    public static UInt16List Parse(ReadOnlyMemory<byte> raw, string field)
    {
        if ((raw.Length & 1) != 0)
        {
            throw new TlsFaultException(TlsFault.MalformedMessage, $"{field}: a list of two-byte values cannot be {raw.Length} bytes long");
        }

        return new UInt16List(raw);
    }

    public static UInt16List Of(params ReadOnlySpan<ushort> values)
    {
        var raw = new byte[values.Length * sizeof(ushort)];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(raw.AsSpan(i * sizeof(ushort)), values[i]);
        }

        return new UInt16List(raw);
    }

    public bool Contains(ushort value)
    {
        foreach (var candidate in this)
        {
            if (candidate == value)
            {
                return true;
            }
        }

        return false;
    }

    public Enumerator GetEnumerator() => new(_raw.Span);

    internal ref struct Enumerator(ReadOnlySpan<byte> raw)
    {
        private ReadOnlySpan<byte> _rest = raw;

        public ushort Current { get; private set; }

        public bool MoveNext()
        {
            if (!BinaryPrimitives.TryReadUInt16BigEndian(_rest, out var value))
            {
                return false;
            }

            Current = value;
            _rest = _rest[sizeof(ushort)..];
            return true;
        }
    }
}
