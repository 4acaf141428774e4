using Kippu.Alerts;

namespace Kippu.Wire;

/// <summary>
/// The client's key shares (RFC 8446 §4.2.8), seen through the bytes of the wire. They were checked when the list was made, so walking them cannot fail.
/// </summary>
internal readonly struct KeyShareList
{
    private readonly ReadOnlyMemory<byte> _raw;

    private KeyShareList(ReadOnlyMemory<byte> raw, int count)
    {
        _raw = raw;
        Count = count;
    }

    /// <summary>May be zero: the client asks for a HelloRetryRequest then.</summary>
    public int Count { get; }

    /// <summary>The content of client_shares, without its length.</summary>
    public ReadOnlySpan<byte> Raw => _raw.Span;

    /// <summary>The shares in <paramref name="raw"/>, the content of client_shares without its length.</summary>
    /// <exception cref="TlsFaultException">A share is cut off or has no key.</exception>
    public static KeyShareList Parse(ReadOnlyMemory<byte> raw)
    {
        var reader = new MemoryReader(raw);
        var count = 0;
        while (!reader.IsEmpty)
        {
            KeyShareEntry.Read(ref reader);
            count++;
        }

        return new KeyShareList(raw, count);
    }

    /// <summary>Shares of our own, in order of preference.</summary>
    public static KeyShareList Of(params ReadOnlySpan<KeyShareEntry> entries)
    {
        using var buffer = new WireBuffer(64);
        foreach (var entry in entries)
        {
            entry.Write(new TlsWriter(buffer));
        }

        return new KeyShareList(buffer.Written.ToArray(), entries.Length);
    }

    /// <summary>The client's share in this group.</summary>
    public bool TryFind(ushort group, out KeyShareEntry entry)
    {
        foreach (var candidate in this)
        {
            if (candidate.Group == group)
            {
                entry = candidate;
                return true;
            }
        }

        entry = default;
        return false;
    }

    public Enumerator GetEnumerator() => new(_raw);

    internal ref struct Enumerator(ReadOnlyMemory<byte> raw)
    {
        private MemoryReader _reader = new(raw);

        public KeyShareEntry Current { get; private set; }

        public bool MoveNext()
        {
            if (_reader.IsEmpty)
            {
                return false;
            }

            Current = KeyShareEntry.Read(ref _reader);
            return true;
        }
    }
}
