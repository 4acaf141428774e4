using System.IO.Pipelines;

namespace Kippu.Tests.Transport;

/// <summary>One end of a <see cref="MemoryTransport"/>.</summary>
internal sealed class MemoryEnd(PipeReader input, PipeWriter output) : IDuplexPipe
{
    public PipeReader Input { get; } = input;

    public PipeWriter Output { get; } = output;
}
