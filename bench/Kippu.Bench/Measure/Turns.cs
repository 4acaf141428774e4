namespace Kippu.Bench.Measure;

/// <summary>
/// Whose turn it is, and what CPU time and managed memory each side has used in its turns. A look at the clock is a system call, dear beside a short
/// handshake: looks are counted, and what they cost is taken off.
/// </summary>
internal sealed class Turns
{
    private long _lastNs;
    private long _lastBytes;
    private long _serverNs;
    private long _clientNs;
    private long _serverReads;
    private long _clientReads;
    private long _starts;

    /// <summary>What one look at the clock costs, in nanoseconds.</summary>
    public static double ClockCost { get; private set; }

    public double ServerNs => _serverNs - (_serverReads * ClockCost);

    public double ClientNs => _clientNs - (_clientReads * ClockCost);

    public double AllReadsNs => (_serverReads + _clientReads + _starts) * ClockCost;

    public long ServerBytes { get; private set; }

    public long ClientBytes { get; private set; }

    /// <summary>Measures the clock itself; call it once the runtime is warm.</summary>
    public static void Calibrate()
    {
        var turns = new Turns();
        var costs = new double[101];
        for (var i = 0; i < costs.Length; i++)
        {
            var start = CpuClock.ThreadNs();
            for (var j = 0; j < 200; j++)
            {
                turns.Server();
            }

            costs[i] = (CpuClock.ThreadNs() - start) / 201.0;
        }

        Array.Sort(costs);
        ClockCost = costs[costs.Length / 2];
    }

    /// <summary>The time from here on is of the side whose turn ends next.</summary>
    public void Start()
    {
        Next();
        _starts++;
    }

    /// <summary>The server's turn ends.</summary>
    public void Server()
    {
        var (ns, bytes) = Next();
        _serverNs += ns;
        _serverReads++;
        ServerBytes += bytes;
    }

    /// <summary>The client's turn ends.</summary>
    public void Client()
    {
        var (ns, bytes) = Next();
        _clientNs += ns;
        _clientReads++;
        ClientBytes += bytes;
    }

    private (long Ns, long Bytes) Next()
    {
        var (ns, bytes) = (CpuClock.ThreadNs(), GC.GetAllocatedBytesForCurrentThread());
        var (usedNs, usedBytes) = (ns - _lastNs, bytes - _lastBytes);
        (_lastNs, _lastBytes) = (ns, bytes);
        return (usedNs, usedBytes);
    }
}
