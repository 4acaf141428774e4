using System.IO.Pipelines;

namespace Kippu.Transport;

/// <summary>A pipe as a store of plaintext: without limits and threads, so that nothing ever waits in it.</summary>
internal static class PipeStore
{
    public static Pipe Create(int minimumSegmentSize) => new(new PipeOptions(
        readerScheduler: PipeScheduler.Inline,
        writerScheduler: PipeScheduler.Inline,
        pauseWriterThreshold: 0,
        minimumSegmentSize: minimumSegmentSize,
        useSynchronizationContext: false));

    /// <summary>Makes what was written readable.</summary>
    public static void Commit(this PipeWriter writer)
    {
        var flush = writer.FlushAsync();
        if (!flush.IsCompleted)
        {
            throw new InvalidOperationException("a pipe without limits has made its writer wait");
        }
    }
}
