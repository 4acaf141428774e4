using System.Diagnostics;
using System.Globalization;
using Kippu.Bench.Scenarios;

namespace Kippu.Bench.Compare;

/// <summary>Kippu's TlsStream and SslStream in one process, over the same pair of streams in memory.</summary>
internal static class CompareCommand
{
    private const string OpenSslConfiguration = "OPENSSL_CONF";
    private const string IdleOf = "--idle-of";

    /// <summary>How often each stack's idle connections are measured, each time in a process of its own.</summary>
    private const int IdleRounds = 3;

    public static int Run(string[] args)
    {
        // libssl reads its configuration once a process, so it has to be there before the process starts.
        var configuration = Path.Combine(AppContext.BaseDirectory, "openssl-x25519.cnf");
        if (Environment.GetEnvironmentVariable(OpenSslConfiguration) != configuration)
        {
            using var self = Start(configuration, ["compare", .. args], captured: false);
            self.WaitForExit();
            return self.ExitCode;
        }

        if (args is [IdleOf, var stack, var connections])
        {
            Console.WriteLine(MeasureIdle(stack, int.Parse(connections, CultureInfo.InvariantCulture)).ToString("R", CultureInfo.InvariantCulture));
            return 0;
        }

        if (CompareOptions.Parse(args) is not { } options)
        {
            Console.Error.WriteLine($"usage: Kippu.Bench compare {CompareOptions.Usage}");
            return 2;
        }

        return Compare(options, configuration);
    }

    private static int Compare(CompareOptions options, string configuration)
    {
        var load = LoadAverage();
        using var identity = Identity.Create();
        var comparison = new Comparison(options, identity);
        comparison.Run();
        for (var round = 0; round < IdleRounds; round++)
        {
            Console.Error.WriteLine($"idle connections, {round + 1} of {IdleRounds}");
            comparison.AddIdle(round, () => IdleInChild("kippu", options, configuration), () => IdleInChild("sslstream", options, configuration));
        }

        Console.WriteLine($"""
            # Kippu and SslStream

            {options.Rounds} interleaved rounds of {options.Seconds} s; medians. One process, the same pair of streams in memory, both runtimes warm. Server: the thread's CPU
            inside the server's calls, less what the clock itself costs; client: all else. SslStream at its best: one shared SslStreamCertificateContext, the same chain and name
            verified by both clients, its tickets really resumed; for renewed tickets and session IDs, which it does not have, its ordinary ticket stands in.
            .NET {Environment.Version}, {Environment.ProcessorCount} cores, load average (1 min) {load} before, {LoadAverage()} after.
            """);
        ComparisonReport.Write(comparison.Samples, Console.Out);
        if (comparison.Faults.Count == 0)
        {
            return 0;
        }

        Console.WriteLine();
        Console.WriteLine("!!! VOID: " + string.Join("; ", comparison.Faults));
        return 2;
    }

    private static double MeasureIdle(string stack, int connections)
    {
        using var identity = Identity.Create();
        var scenario = Case.Handshakes[0].Kippu;
        IStreamStack chosen = stack == "kippu" ? new KippuStack(scenario, identity) : new SslStreamStack(scenario, identity);
        return Meter.IdleBytes(new StreamLink(chosen), connections);
    }

    private static double IdleInChild(string stack, CompareOptions options, string configuration)
    {
        using var child = Start(configuration, ["compare", IdleOf, stack, options.IdleConnections.ToString(CultureInfo.InvariantCulture)], captured: true);
        var output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return child.ExitCode == 0
            ? double.Parse(output, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"the idle connections of {stack} could not be measured: exit code {child.ExitCode}");
    }

    private static Process Start(string configuration, string[] args, bool captured)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false, RedirectStandardOutput = captured };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(CompareCommand).Assembly.Location);
        }

        foreach (var arg in args)
        {
            start.ArgumentList.Add(arg);
        }

        start.Environment[OpenSslConfiguration] = configuration;
        return Process.Start(start)!;
    }

    private static string LoadAverage() => File.ReadAllText("/proc/loadavg").Split(' ')[0];
}
