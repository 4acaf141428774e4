using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Kippu.Bench.Measure;
using Kippu.Bench.Scenarios;

namespace Kippu.Bench.Peers;

/// <summary>Runs the cases of <c>bench-peers</c> and prints their lines.</summary>
internal sealed class CaseRunner(Identity identity, double seconds)
{
    private const int IdleConnections = 2000;
    private const string Full12 = "t12-full-ecdsa-x25519";
    private const string Full13 = "t13-full-ecdsa-x25519";

    private static readonly string s_version = typeof(TlsServer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>All kinds of handshakes until the tiered compiler has finished with their code.</summary>
    public void WarmUp()
    {
        SansIoLink[] links = [Link(Full12), Link("t12-ticket-renew"), Link("t12-sid"), Link(Full13), Link("t13-psk-x25519")];
        Runtime.UntilQuiet(
            () =>
            {
                foreach (var link in links)
                {
                    link.Once();
                }
            },
            limitSeconds: 10);
        Turns.Calibrate();
    }

    /// <summary>Names that it does not know are skipped.</summary>
    public void Run(string name)
    {
        if (Scenario.Find(name) is { } scenario)
        {
            Handshakes(scenario);
            return;
        }

        switch (name)
        {
            case "bulk12-aes128-16k": Bulk(name, Full12, 16384, 16); break;
            case "bulk12-aes128-64": Bulk(name, Full12, 64, 512); break;
            case "bulk13-aes128-16k": Bulk(name, Full13, 16384, 16); break;
            case "bulk13-aes128-64": Bulk(name, Full13, 64, 512); break;
            case "idle12-full": Idle(name, Full12); break;
            case "idle13-full": Idle(name, Full13); break;
            default: Console.Error.WriteLine($"kippu bench: no case {name} here"); break;
        }
    }

    private SansIoLink Link(string name) => new(Scenario.Find(name)!, identity);

    private void Handshakes(Scenario scenario)
    {
        var link = new SansIoLink(scenario, identity);
        Runtime.UntilQuiet(link.Once, limitSeconds: 2);
        var turns = new Turns();
        long n = 0, resumed = 0, toServer = 0, toClient = 0, other = 0;
        var process = CpuClock.ProcessNs();
        for (var clock = Stopwatch.StartNew(); clock.Elapsed.TotalSeconds < seconds; n++)
        {
            var pair = link.Connect(turns);
            var checking = CpuClock.ThreadNs();
            resumed += scenario.Check(pair.Server.Info, pair.Client.Info) ? 1 : 0;
            toServer += link.WireToServer;
            toClient += link.WireToClient;
            other += CpuClock.ThreadNs() - checking;
            SansIoLink.Close(pair, turns);
        }

        var processNs = CpuClock.ProcessNs() - process - other - turns.AllReadsNs;
        var per = 1.0 / n;
        Report(
            scenario.Name,
            ("n", n, "F0"),
            ("resumed_share", resumed * per, "F4"),
            ("server_us", turns.ServerNs / 1e3 * per, "F3"),
            ("client_us", turns.ClientNs / 1e3 * per, "F3"),
            ("process_us", processNs / 1e3 * per, "F3"),
            ("alloc_bytes", (turns.ServerBytes + turns.ClientBytes) * per, "F0"),
            ("alloc_server_bytes", turns.ServerBytes * per, "F0"),
            ("alloc_client_bytes", turns.ClientBytes * per, "F0"),
            ("wire_to_server", toServer * per, "F0"),
            ("wire_to_client", toClient * per, "F0"),
            ("clock_us", Turns.ClockCost / 1e3, "F3"));
    }

    private void Bulk(string name, string scenario, int length, int batch)
    {
        var link = Link(scenario);
        var pair = link.Connect(new Turns());
        var record = new byte[length];
        Runtime.UntilQuiet(() => link.Transfer(pair, record, batch, new Turns()), limitSeconds: 2);
        var turns = new Turns();
        long records = 0;
        for (var clock = Stopwatch.StartNew(); clock.Elapsed.TotalSeconds < seconds; records += batch)
        {
            link.Transfer(pair, record, batch, turns);
        }

        Report(
            name,
            ("record", length, "F0"),
            ("encrypt_mb_s", records * length * 1e3 / turns.ServerNs, "F1"),
            ("decrypt_mb_s", records * length * 1e3 / turns.ClientNs, "F1"),
            ("alloc_bytes_per_record", (double)(turns.ServerBytes + turns.ClientBytes) / records, "F4"));
        SansIoLink.Close(pair, turns);
    }

    private void Idle(string name, string scenario)
    {
        var link = Link(scenario);
        for (var i = 0; i < 100; i++)
        {
            link.Once();
        }

        var servers = new TlsConnection?[IdleConnections];
        var clients = new TlsConnection?[IdleConnections];
        var (managed, native) = Runtime.Heap();
        for (var i = 0; i < IdleConnections; i++)
        {
            var pair = link.Connect(new Turns());
            link.SendByteToServer(pair);
            (servers[i], clients[i]) = pair;
        }

        var (bothManaged, bothNative) = Runtime.Heap();
        for (var i = 0; i < IdleConnections; i++)
        {
            clients[i]!.Dispose();
            clients[i] = null;
        }

        var (leftManaged, leftNative) = Runtime.Heap();
        GC.KeepAlive(link);
        foreach (var server in servers)
        {
            server!.Dispose();
        }

        var serverManaged = (double)(leftManaged - managed) / IdleConnections;
        var serverNative = (double)(leftNative - native) / IdleConnections;
        var both = (double)(bothManaged - managed + bothNative - native) / IdleConnections;
        Report(
            name,
            ("n", IdleConnections, "F0"),
            ("idle_server_bytes", serverManaged + serverNative, "F0"),
            ("idle_server_managed_bytes", serverManaged, "F0"),
            ("idle_server_native_bytes", serverNative, "F0"),
            ("idle_client_bytes", both - serverManaged - serverNative, "F0"));
    }

    private static void Report(string name, params ReadOnlySpan<(string Field, double Value, string Format)> fields)
    {
        var line = $"{{\"stack\": \"kippu\", \"version\": \"{s_version}\", \"case\": \"{name}\"";
        foreach (var (field, value, format) in fields)
        {
            line += $", \"{field}\": {value.ToString(format, CultureInfo.InvariantCulture)}";
        }

        Console.WriteLine(line + "}");
    }
}
