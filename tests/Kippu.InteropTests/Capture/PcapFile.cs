using System.Buffers.Binary;
using System.Net.Sockets;

namespace Kippu.InteropTests.Capture;

/// <summary>
/// Writes TCP connections as a capture file (pcap, LINKTYPE_RAW), for tshark: the payloads are the wire's, the headers around them are made here. Every server is
/// at port 443, so that tshark takes what it says for TLS. Thread-safe.
/// </summary>
internal sealed class PcapFile : IDisposable
{
    public const int ServerPort = 443;
    private const int FirstClientPort = 50000;
    private const int MaxSegment = 1400;
    private const int HeadersLength = 40;
    private const byte Fin = 1, Syn = 2, Psh = 8, Ack = 16;
    private const uint Loopback = 0x7F000001;

    private readonly Lock _lock = new();
    private readonly FileStream _file;
    private readonly List<Flow> _flows = [];

    public PcapFile(string path)
    {
        Path = path;
        _file = File.Create(path);
        Span<byte> header = stackalloc byte[24];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0xA1B2C3D4);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 4);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], 65535);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], 101);
        _file.Write(header);
    }

    public string Path { get; }

    /// <summary>A connection was opened. Its number is that of tshark's <c>tcp.stream</c>.</summary>
    public int Open()
    {
        lock (_lock)
        {
            var number = _flows.Count;
            _flows.Add(new Flow());
            Packet(number, fromClient: true, Syn, []);
            Packet(number, fromClient: false, Syn | Ack, []);
            Packet(number, fromClient: true, Ack, []);
            return number;
        }
    }

    public void Data(int connection, bool fromClient, ReadOnlySpan<byte> data)
    {
        lock (_lock)
        {
            while (!data.IsEmpty)
            {
                var segment = data[..Math.Min(data.Length, MaxSegment)];
                Packet(connection, fromClient, Psh | Ack, segment);
                data = data[segment.Length..];
            }
        }
    }

    public void End(int connection, bool fromClient)
    {
        lock (_lock)
        {
            Packet(connection, fromClient, Fin | Ack, []);
        }
    }

    /// <summary>What was written so far can be read by another program afterwards.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            _file.Flush();
        }
    }

    public void Dispose() => _file.Dispose();

    private void Packet(int connection, bool fromClient, byte flags, ReadOnlySpan<byte> payload)
    {
        var flow = _flows[connection];
        var packet = new byte[16 + HeadersLength + payload.Length];
        RecordHeader(packet, HeadersLength + payload.Length);
        var ip = packet.AsSpan(16);
        IpHeader(ip, HeadersLength + payload.Length);
        TcpHeader(ip[20..], flow, fromClient, FirstClientPort + connection, flags);
        payload.CopyTo(ip[HeadersLength..]);
        var length = (uint)payload.Length + ((flags & (Syn | Fin)) != 0 ? 1u : 0);
        if (fromClient)
        {
            flow.ClientNext += length;
        }
        else
        {
            flow.ServerNext += length;
        }

        _file.Write(packet);
    }

    private static void RecordHeader(Span<byte> header, int length)
    {
        var now = DateTimeOffset.UtcNow;
        BinaryPrimitives.WriteUInt32LittleEndian(header, (uint)now.ToUnixTimeSeconds());
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], (uint)((now.Ticks / 10) % 1_000_000));
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], (uint)length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[12..], (uint)length);
    }

    private static void IpHeader(Span<byte> ip, int length)
    {
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)length);
        ip[8] = 64;
        ip[9] = (byte)ProtocolType.Tcp;
        BinaryPrimitives.WriteUInt32BigEndian(ip[12..], Loopback);
        BinaryPrimitives.WriteUInt32BigEndian(ip[16..], Loopback);
    }

    private static void TcpHeader(Span<byte> tcp, Flow flow, bool fromClient, int clientPort, byte flags)
    {
        BinaryPrimitives.WriteUInt16BigEndian(tcp, (ushort)(fromClient ? clientPort : ServerPort));
        BinaryPrimitives.WriteUInt16BigEndian(tcp[2..], (ushort)(fromClient ? ServerPort : clientPort));
        BinaryPrimitives.WriteUInt32BigEndian(tcp[4..], fromClient ? flow.ClientNext : flow.ServerNext);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[8..], (flags & Ack) == 0 ? 0 : fromClient ? flow.ServerNext : flow.ClientNext);
        tcp[12] = 5 << 4;
        tcp[13] = flags;
        BinaryPrimitives.WriteUInt16BigEndian(tcp[14..], 65535);
    }

    private sealed class Flow
    {
        public uint ClientNext { get; set; } = 1000;

        public uint ServerNext { get; set; } = 5000;
    }
}
