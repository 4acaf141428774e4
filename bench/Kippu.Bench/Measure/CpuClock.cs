using System.Runtime.InteropServices;

namespace Kippu.Bench.Measure;

/// <summary>The kernel's CPU clocks and the C heap's own account, from libc. Linux only, like the comparison itself.</summary>
internal static unsafe class CpuClock
{
    private const int Process = 2;
    private const int Thread = 3;

    /// <summary>CPU time of the calling thread in nanoseconds.</summary>
    public static long ThreadNs() => Read(Thread);

    /// <summary>CPU time of all threads of the process in nanoseconds.</summary>
    public static long ProcessNs() => Read(Process);

    /// <summary>Bytes of malloc in use: what native libraries hold.</summary>
    public static long NativeHeap()
    {
        var info = mallinfo2();
        return (long)(info.Uordblks + info.Hblkhd);
    }

    /// <summary>Gives freed native memory back to the kernel, so that it does not count as used.</summary>
    public static void TrimNativeHeap() => _ = malloc_trim(0);

    private static long Read(int clock)
    {
        Timespec t;
        _ = clock_gettime(clock, &t);
        return (t.Seconds * 1_000_000_000) + t.Nanoseconds;
    }

    [DllImport("libc.so.6"), SuppressGCTransition, DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int clock_gettime(int clock, Timespec* time);

    [DllImport("libc.so.6"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern MallInfo mallinfo2();

    [DllImport("libc.so.6"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int malloc_trim(nuint keep);

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct MallInfo
    {
        public nuint Arena, Ordblks, Smblks, Hblks, Hblkhd, Usmblks, Fsmblks, Uordblks, Fordblks, Keepcost;
    }
}
