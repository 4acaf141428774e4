using System.IO.Pipelines;

namespace Kippu.Tests.Transport;

/// <summary>Puts what is written into a pipe in small pieces, each in a segment of its own.</summary>
internal sealed class FragmentingWriter(PipeWriter inner, int size) : PipeWriter
{
    public override async ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        for (; source.Length > 0; source = source[Math.Min(size, source.Length)..])
        {
            var piece = source.Span[..Math.Min(size, source.Length)];

            // More than the rest of the segment before: a new one.
            piece.CopyTo(inner.GetSpan(16));
            inner.Advance(piece.Length);
        }

        return await inner.FlushAsync(cancellationToken);
    }

    public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

    public override void Advance(int bytes) => inner.Advance(bytes);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => inner.FlushAsync(cancellationToken);

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);
}
