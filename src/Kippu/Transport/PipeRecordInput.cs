using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Kippu.Transport;

/// <summary>
/// The read half of a connection over a pipe: records are opened where they lie, and only one that is spread over segments is put together first.
/// One user at a time; what was not consumed stays in the pipe, and counts there.
/// </summary>
internal sealed class PipeRecordInput(PipeReader transport, TlsConnection connection)
{
    private ReadOnlySequence<byte> _unread;
    private bool _isHolding;
    private bool _needsMore;

    /// <summary>Whether what is held is part of a record.</summary>
    public bool HasPartial => !_unread.IsEmpty;

    /// <summary>One step with what has come.</summary>
    /// <param name="plaintext">Gets application data, or early data; null while neither may be taken.</param>
    public TlsReadResult Step(IBufferWriter<byte>? plaintext)
    {
        var needed = 0;
        while (true)
        {
            var first = _unread.FirstSpan;
            var result = first.Length >= needed ? Read(first, plaintext) : ReadAcross(needed, plaintext);
            _needsMore = result.Status == TlsReadStatus.NeedsInput;
            if (!_needsMore || result.Required > _unread.Length)
            {
                return result;
            }

            needed = result.Required;
        }
    }

    /// <summary>Waits for the transport, so that <paramref name="required"/> bytes can be there.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<PipeFill> FillAsync(int required, CancellationToken cancellationToken)
    {
        Release();
        return Hold(await transport.ReadAtLeastAsync(required, cancellationToken).ConfigureAwait(false), required);
    }

    /// <summary>Takes what the transport has, without waiting; null if that is nothing new.</summary>
    public PipeFill? TryFill(int required)
    {
        Release();
        return transport.TryRead(out var result) ? Hold(result, required) : null;
    }

    /// <summary>Gives what was not consumed back to the pipe.</summary>
    public void Release()
    {
        if (_isHolding)
        {
            _isHolding = false;
            var (start, end) = (_unread.Start, _unread.End);
            _unread = default;
            transport.AdvanceTo(start, _needsMore ? end : start);
        }
    }

    private PipeFill Hold(in ReadResult result, int required)
    {
        _unread = result.Buffer;
        _isHolding = true;
        if (result.IsCompleted && _unread.Length < required)
        {
            return PipeFill.Ended;
        }

        return result.IsCanceled ? PipeFill.Canceled : PipeFill.Input;
    }

    private TlsReadResult Read(ReadOnlySpan<byte> source, IBufferWriter<byte>? plaintext)
    {
        var result = connection.Read(source, default);
        var consumed = result.Consumed;
        if (result.Status == TlsReadStatus.DestinationTooSmall && plaintext is not null)
        {
            result = connection.Read(source[consumed..], plaintext.GetSpan(result.Required));
            plaintext.Advance(result.Written);
            consumed += result.Consumed;
        }

        _unread = _unread.Slice(consumed);
        return result;
    }

    private TlsReadResult ReadAcross(int length, IBufferWriter<byte>? plaintext)
    {
        var record = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            _unread.Slice(0, length).CopyTo(record);
            return Read(record.AsSpan(0, length), plaintext);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(record);
        }
    }
}
