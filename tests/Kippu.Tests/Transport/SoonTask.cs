namespace Kippu.Tests.Transport;

/// <summary>A test that hangs is worse than one that fails.</summary>
internal static class SoonTask
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    public static Task Soon(this Task task) => task.WaitAsync(s_limit);

    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(s_limit);

    public static Task Soon(this ValueTask task) => task.AsTask().WaitAsync(s_limit);

    public static Task<T> Soon<T>(this ValueTask<T> task) => task.AsTask().WaitAsync(s_limit);
}
