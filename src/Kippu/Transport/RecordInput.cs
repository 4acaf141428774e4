using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Kippu.Transport;

/// <summary>
/// The read half of a connection over a stream: what came and was not consumed yet, and the rest of a record that the reader had no room for.
/// The steps wait for nothing; filling does, in two ways. One user at a time.
/// </summary>
internal sealed class RecordInput(Stream inner, TlsConnection connection)
{
    private CiphertextBuffer _ciphertext;
    private PlaintextBuffer _plaintext;
    private PlaintextBuffer _earlyData;

    /// <summary>Bytes of buffers that are held at this moment.</summary>
    public int HeldBytes => _ciphertext.HeldBytes + _plaintext.HeldBytes + _earlyData.HeldBytes;

    /// <summary>Whether early data has come that nobody has read.</summary>
    public bool HasEarlyData => !_earlyData.IsEmpty;

    /// <summary>One step of the handshake, with what has come. Early data is kept apart; the connection takes no more of it than was promised.</summary>
    public TlsReadResult StepHandshake()
    {
        var result = connection.Read(_ciphertext.Unread, default);
        _ciphertext.Consume(result.Consumed);
        return result.Status == TlsReadStatus.DestinationTooSmall ? ReadInto(ref _earlyData, result.Required) : result;
    }

    /// <summary>Delivers early data that was kept.</summary>
    public int TakeEarlyData(Span<byte> destination) => _earlyData.MoveTo(destination);

    /// <summary>
    /// Delivers what is there: straight into <paramref name="destination"/> where whole records fit, as many as do. An empty destination is done as soon as
    /// there would be something to deliver.
    /// </summary>
    public ReadStep Read(Span<byte> destination)
    {
        if (!_plaintext.IsEmpty)
        {
            return ReadStep.Done(_plaintext.MoveTo(destination));
        }

        var total = 0;
        while (true)
        {
            TlsReadResult result;
            try
            {
                result = connection.Read(_ciphertext.Unread, destination[total..]);
            }
            catch (TlsException) when (total > 0)
            {
                // What came before the fault is delivered; the connection reports the same fault at the next read.
                return ReadStep.Done(total);
            }

            _ciphertext.Consume(result.Consumed);
            total += result.Written;
            if (Next(result, destination, total) is { } step)
            {
                return step;
            }
        }
    }

    /// <summary>Reads from the stream, so that <paramref name="required"/> bytes can be there. False at its end.</summary>
    /// <param name="required">Bytes from the first unread one on.</param>
    /// <param name="holdNothing">Waits without a buffer, as far as the stream can.</param>
    /// <param name="cancellationToken">A cancelled read has taken nothing from the stream, if the stream keeps that promise itself.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> FillAsync(int required, bool holdNothing, CancellationToken cancellationToken)
    {
        if (_ciphertext.ShouldWaitEmpty || (holdNothing && _ciphertext.IsEmpty))
        {
            await inner.ReadAsync(Memory<byte>.Empty, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            var count = await inner.ReadAsync(_ciphertext.Prepare(required), cancellationToken).ConfigureAwait(false);
            _ciphertext.Filled(count);
            return count > 0;
        }
        finally
        {
            _ciphertext.ReleaseIfEmpty();
        }
    }

    /// <summary>As <see cref="FillAsync"/>, on this thread.</summary>
    public bool Fill(int required, bool holdNothing)
    {
        if (_ciphertext.ShouldWaitEmpty || (holdNothing && _ciphertext.IsEmpty))
        {
            _ = inner.Read([]);
        }

        try
        {
            var count = inner.Read(_ciphertext.Prepare(required).Span);
            _ciphertext.Filled(count);
            return count > 0;
        }
        finally
        {
            _ciphertext.ReleaseIfEmpty();
        }
    }

    /// <summary>Gives all buffers back.</summary>
    public void Release()
    {
        _ciphertext.Release();
        _plaintext.Release();
        _earlyData.Release();
    }

    private ReadStep? Next(in TlsReadResult result, Span<byte> destination, int total)
    {
        switch (result.Status)
        {
            case TlsReadStatus.Closed:
                return ReadStep.Done(total);
            case TlsReadStatus.Data when total == destination.Length || _ciphertext.IsEmpty:
                return ReadStep.Done(total);
            case TlsReadStatus.Data or TlsReadStatus.Connected:
                return null;
            default:
                return total > 0 ? ReadStep.Done(total) : Wait(result, destination);
        }
    }

    private ReadStep? Wait(in TlsReadResult result, Span<byte> destination)
    {
        switch (result.Status)
        {
            case TlsReadStatus.NeedsInput:
                return new ReadStep(ReadStepKind.NeedsInput, result.Required);
            case TlsReadStatus.Question:
                return new ReadStep(ReadStepKind.Question, 0);
            default:
                // An empty destination takes nothing; but where the type is hidden, only opening the record tells whether there is something to take.
                return destination.IsEmpty && !connection.HidesType ? ReadStep.Done(0) : ReadThroughBuffer(result.Required, destination);
        }
    }

    /// <summary>The next record is larger than what the reader asked for; or it was, and in TLS 1.3 turned out to be something else.</summary>
    private ReadStep? ReadThroughBuffer(int size, Span<byte> destination)
    {
        ReadInto(ref _plaintext, size);
        return _plaintext.IsEmpty ? null : ReadStep.Done(_plaintext.MoveTo(destination));
    }

    private TlsReadResult ReadInto(ref PlaintextBuffer buffer, int size)
    {
        var room = buffer.Prepare(size);
        var written = 0;
        try
        {
            var result = connection.Read(_ciphertext.Unread, room);
            _ciphertext.Consume(result.Consumed);
            written = result.Written;
            return result;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(room[written..]);
            buffer.Filled(written);
        }
    }
}
