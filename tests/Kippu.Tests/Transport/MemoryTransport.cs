using System.IO.Pipelines;

namespace Kippu.Tests.Transport;

/// <summary>Two ends joined in memory. Whoever waits goes on on the thread of whoever ends the wait, so that a test knows when things have happened.</summary>
internal static class MemoryTransport
{
    /// <param name="capacity">Bytes on their way in each direction before a writer has to wait; 0: no limit.</param>
    public static (MemoryEnd Client, MemoryEnd Server) Create(int capacity = 0)
    {
        var options = new PipeOptions(
            readerScheduler: PipeScheduler.Inline,
            writerScheduler: PipeScheduler.Inline,
            pauseWriterThreshold: capacity,
            resumeWriterThreshold: capacity / 2,
            useSynchronizationContext: false);
        var (up, down) = (new Pipe(options), new Pipe(options));
        return (new MemoryEnd(down.Reader, up.Writer), new MemoryEnd(up.Reader, down.Writer));
    }

    /// <summary>The same as streams.</summary>
    public static (DuplexStream Client, DuplexStream Server) CreateStreams(int capacity = 0)
    {
        var (client, server) = Create(capacity);
        return (new DuplexStream(client), new DuplexStream(server));
    }
}
