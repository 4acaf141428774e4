using Xunit;

namespace Kippu.Tests.Transport;

/// <summary>What a piece of code allocates on this thread, once everything is warm.</summary>
internal static class Allocation
{
#if DEBUG
    /// <summary>Without optimisation the compiler makes an object of every asynchronous method's state.</summary>
    public const int Allowed = 10_000;
#else
    public const int Allowed = 0;
#endif

    public static void AssertNone(Action round) => Assert.InRange(PerRound(round), 0, Allowed);

    /// <summary>The least of several rounds: the pools of the runtime are filled by the first ones, and other tests may empty them.</summary>
    public static long PerRound(Action round)
    {
        for (var i = 0; i < 50; i++)
        {
            round();
        }

        var least = long.MaxValue;
        for (var i = 0; i < 50; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            round();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    /// <summary>The result of what must not wait.</summary>
    public static T Now<T>(ValueTask<T> task) => task.IsCompletedSuccessfully ? task.Result : throw new InvalidOperationException("it waits");

    public static void Now(ValueTask task)
    {
        if (!task.IsCompletedSuccessfully)
        {
            throw new InvalidOperationException("it waits");
        }

        task.GetAwaiter().GetResult();
    }
}
