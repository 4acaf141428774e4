using System.Diagnostics;

namespace Kippu.Bench.Measure;

/// <summary>A warm runtime before anything is measured, and a collected one before memory is.</summary>
internal static class Runtime
{
    /// <summary>Repeats an action until other threads, the tiered compiler's above all, have used next to no CPU for a while.</summary>
    public static void UntilQuiet(Action once, double limitSeconds)
    {
        var quiet = 0;
        for (var whole = Stopwatch.StartNew(); quiet < 3 && whole.Elapsed.TotalSeconds < limitSeconds;)
        {
            var (process, thread) = (CpuClock.ProcessNs(), CpuClock.ThreadNs());
            for (var window = Stopwatch.StartNew(); window.Elapsed.TotalSeconds < 0.2;)
            {
                once();
            }

            (process, thread) = (CpuClock.ProcessNs() - process, CpuClock.ThreadNs() - thread);
            quiet = process < thread * 1.02 ? quiet + 1 : 0;
        }
    }

    /// <summary>Bytes in use after a collection: managed ones and those of malloc.</summary>
    public static (long Managed, long Native) Heap()
    {
        Collect();
        return (GC.GetTotalMemory(forceFullCollection: true), CpuClock.NativeHeap());
    }

    /// <summary>The memory that belongs to this process alone, from the kernel, once everything free was given back.</summary>
    public static long PrivateBytes()
    {
        Collect();
        CpuClock.TrimNativeHeap();
        long kilobytes = 0;
        foreach (var line in File.ReadLines("/proc/self/smaps_rollup"))
        {
            if (line.StartsWith("Private_Dirty:", StringComparison.Ordinal) || line.StartsWith("Swap:", StringComparison.Ordinal))
            {
                kilobytes += long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture);
            }
        }

        return kilobytes * 1024;
    }

    private static void Collect()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
    }
}
