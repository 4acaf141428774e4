using System.Diagnostics;

namespace Kippu.Fleet;

/// <summary>
/// The right to change one file, for one process of this machine at a time: a file beside it, locked (flock). The system gives it back when a process dies, so
/// nobody has to clean up; the file stays, because who removes it might remove another's.
/// </summary>
internal static class FileLock
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(10);

    /// <exception cref="IOException">It cannot be had: another process has held it for 10 seconds, or the directory cannot be written.</exception>
    public static async ValueTask<IDisposable> TakeAsync(string path, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return AtomicFile.OpenExclusively($"{path}.lock");
            }
            catch (IOException e) when (IsHeldByAnother(e) && Stopwatch.GetElapsedTime(began) < s_patience)
            {
                // It is held for the time of a read and a write. This is another process's time, and no clock that a test moves.
                await Task.Delay(s_pause, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The platform has no type of its own for a sharing violation; all others that can come here have one.</summary>
    private static bool IsHeldByAnother(IOException e) => e.GetType() == typeof(IOException);
}
