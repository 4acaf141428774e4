using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Order;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Kippu.Bench.Micro;

/// <summary>The rooms by themselves, with BenchmarkDotNet; its own options follow, <c>--filter '*Ticket*'</c> for instance.</summary>
internal static class MicroCommand
{
    public static int Run(string[] args)
    {
        var quick = args.Contains("--quick");
        var job = (quick ? Job.ShortRun : Job.Default).WithToolchain(InProcessEmitToolchain.Instance);
        var config = ManualConfig.Create(DefaultConfig.Instance)
            .AddJob(job)
            .AddDiagnoser(MemoryDiagnoser.Default)
            .WithOrderer(new DefaultOrderer(SummaryOrderPolicy.Declared))
            .HideColumns(Column.Job, Column.Toolchain, Column.RatioSD)
            .WithOptions(ConfigOptions.JoinSummary | ConfigOptions.DisableLogFile)
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "kippu-bench"));
        string[] rest = [.. args.Where(argument => argument != "--quick")];
        BenchmarkSwitcher.FromAssembly(typeof(MicroCommand).Assembly).Run(rest.Length == 0 ? ["--filter", "*"] : rest, config);
        return 0;
    }
}
