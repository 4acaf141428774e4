using System.Globalization;
using Kippu.Bench.Measure;
using Kippu.Bench.Scenarios;

namespace Kippu.Bench.Peers;

/// <summary>Kippu as one stack among others: cases and certificates from the environment (<c>BENCH_*</c>), one JSON object a line.</summary>
internal static class PeersCommand
{
    public static int Run()
    {
        var cases = (Environment.GetEnvironmentVariable("BENCH_CASES") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);
        var seconds = double.Parse(Environment.GetEnvironmentVariable("BENCH_SECONDS") ?? "0.5", CultureInfo.InvariantCulture);
        using var identity = Identity.FromEnvironment();
        var runner = new CaseRunner(identity, seconds);
        runner.WarmUp();
        foreach (var name in cases)
        {
            runner.Run(name);
        }

        return 0;
    }
}
