using System.Net.Security;
using Kippu.Alerts;

namespace Kippu.Wire;

/// <summary>
/// The protocol names of ALPN (RFC 7301 §3.1), seen through the bytes of the wire. They were checked when the list was made, so walking them cannot fail.
/// <code>
/// opaque ProtocolName&lt;1..2^8-1&gt;;
/// struct { ProtocolName protocol_name_list&lt;2..2^16-1&gt; } ProtocolNameList;
/// </code>
/// </summary>
internal readonly struct ProtocolNameList
{
    private readonly ReadOnlyMemory<byte> _raw;

    private ProtocolNameList(ReadOnlyMemory<byte> raw, int count)
    {
        _raw = raw;
        Count = count;
    }

    public int Count { get; }

    /// <summary>The content of protocol_name_list, without its length.</summary>
    public ReadOnlySpan<byte> Raw => _raw.Span;

    /// <summary>The names in <paramref name="raw"/>, the content of protocol_name_list without its length.</summary>
    /// <exception cref="TlsFaultException">A name is empty or cut off, or there is none.</exception>
    public static ProtocolNameList Parse(ReadOnlyMemory<byte> raw)
    {
        var reader = new TlsReader(raw.Span);
        var count = 0;
        while (!reader.IsEmpty)
        {
            // RFC 7301 §3.1: "Empty strings MUST NOT be included and byte strings MUST NOT be truncated."
            reader.ReadVector8("protocol_name", min: 1);
            count++;
        }

        return count > 0
            ? new ProtocolNameList(raw, count)
            : throw new TlsFaultException(TlsFault.MalformedMessage, "protocol_name_list: it names no protocol");
    }

    /// <summary>A list of our own, in order of preference. It has at least one name.</summary>
    public static ProtocolNameList Of(IEnumerable<SslApplicationProtocol> protocols)
    {
        using var buffer = new WireBuffer(64);
        var writer = new TlsWriter(buffer);
        var count = 0;
        foreach (var protocol in protocols)
        {
            if (protocol.Protocol.IsEmpty)
            {
                throw new ArgumentException("an application protocol without a name cannot be offered", nameof(protocols));
            }

            writer.WriteVector8(protocol.Protocol.Span);
            count++;
        }

        return count > 0 ? new ProtocolNameList(buffer.Written.ToArray(), count) : throw new ArgumentException("no application protocol", nameof(protocols));
    }

    public bool Contains(ReadOnlySpan<byte> name)
    {
        foreach (var candidate in this)
        {
            if (PublicBytes.AreEqual(candidate.Span, name))
            {
                return true;
            }
        }

        return false;
    }

    public Enumerator GetEnumerator() => new(_raw);

    internal struct Enumerator(ReadOnlyMemory<byte> raw)
    {
        private ReadOnlyMemory<byte> _rest = raw;

        public ReadOnlyMemory<byte> Current { get; private set; }

        public bool MoveNext()
        {
            if (_rest.IsEmpty)
            {
                return false;
            }

            int length = _rest.Span[0];
            Current = _rest.Slice(1, length);
            _rest = _rest[(1 + length)..];
            return true;
        }
    }
}
