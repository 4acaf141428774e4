using System.Runtime.InteropServices;

namespace Kippu.Cli.Fleet;

/// <summary>Stops a process where it stands, and lets it go on: what .NET cannot do.</summary>
internal static partial class ProcessSignal
{
    private static readonly bool s_isBsd = OperatingSystem.IsMacOS() || OperatingSystem.IsFreeBSD();

    public static bool IsSupported => !OperatingSystem.IsWindows();

    public static void Stop(int process) => Send(process, s_isBsd ? 17 : 19);

    public static void Continue(int process) => Send(process, s_isBsd ? 19 : 18);

    private static void Send(int process, int signal)
    {
        if (IsSupported)
        {
            _ = Kill(process, signal);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int process, int signal);
}
