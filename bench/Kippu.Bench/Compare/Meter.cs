using System.Diagnostics;
using Kippu.Bench.Measure;

namespace Kippu.Bench.Compare;

/// <summary>Runs one stack for a while and says what it used.</summary>
internal static class Meter
{
    private const double MB = 1e6;

    /// <summary>
    /// Handshakes. The server's microseconds are the thread's CPU in its turns; the client's are all that the process used besides, because a client may verify a
    /// certificate on another thread.
    /// </summary>
    public static Sample Handshakes(StreamLink link, double seconds)
    {
        var turns = new Turns();
        long n = 0, resumed = 0, otherNs = 0, otherBytes = 0;
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        var process = CpuClock.ProcessNs();
        for (var clock = Stopwatch.StartNew(); clock.Elapsed.TotalSeconds < seconds; n++)
        {
            var pair = link.Connect(turns);
            var (checking, checkingBytes) = (CpuClock.ThreadNs(), GC.GetAllocatedBytesForCurrentThread());
            resumed += link.Check(pair) ? 1 : 0;
            otherBytes += GC.GetAllocatedBytesForCurrentThread() - checkingBytes;
            otherNs += CpuClock.ThreadNs() - checking;
            StreamLink.Close(pair, turns);
        }

        var clientNs = CpuClock.ProcessNs() - process - otherNs - turns.AllReadsNs - turns.ServerNs;
        var allBytes = GC.GetTotalAllocatedBytes(precise: true) - bytes - otherBytes;
        return new Sample
        {
            ServerUs = turns.ServerNs / 1e3 / n,
            ClientUs = clientNs / 1e3 / n,
            ServerBytes = (double)turns.ServerBytes / n,
            AllBytes = (double)allBytes / n,
            ResumedShare = (double)resumed / n,
        };
    }

    /// <summary>Records of one length, server to client, over a connection that stands.</summary>
    public static Sample Bulk(StreamLink link, (Stream Server, Stream Client) pair, int length, double seconds)
    {
        var batch = length == 64 ? 512 : 16;
        byte[] record = new byte[length], sink = new byte[length];
        var turns = new Turns();
        long records = 0;
        for (var clock = Stopwatch.StartNew(); clock.Elapsed.TotalSeconds < seconds; records += batch)
        {
            link.Transfer(pair, record, sink, batch, turns);
        }

        return new Sample
        {
            SendMBPerSecond = records * length / MB / (turns.ServerNs / 1e9),
            ReceiveMBPerSecond = records * length / MB / (turns.ClientNs / 1e9),
            BytesPerRecord = (double)(turns.ServerBytes + turns.ClientBytes) / records,
        };
    }

    /// <summary>
    /// The private bytes of this process per idle connection on the server's side: each client is gone before the next one comes. Each connection has carried a
    /// byte each way.
    /// </summary>
    public static double IdleBytes(StreamLink link, int connections)
    {
        var servers = new Stream[connections];
        for (var i = 0; i < 200; i++)
        {
            Connect(link).Dispose();
        }

        var before = Runtime.PrivateBytes();
        for (var i = 0; i < connections; i++)
        {
            servers[i] = Connect(link);
        }

        var bytes = (double)(Runtime.PrivateBytes() - before) / connections;
        GC.KeepAlive(servers);
        GC.KeepAlive(link);
        return bytes;
    }

    private static Stream Connect(StreamLink link)
    {
        var pair = link.Connect(new Turns());
        link.SendByteToServer(pair);
        pair.Client.Dispose();
        return pair.Server;
    }
}
