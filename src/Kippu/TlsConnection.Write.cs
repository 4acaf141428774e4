using Kippu.Alerts;
using Kippu.Records;
using Kippu.Wire;

namespace Kippu;

public sealed partial class TlsConnection
{
    /// <summary>Seals what waits in the queue (see <see cref="HasPendingOutput"/>) into whole records, as many as fit.</summary>
    /// <param name="destination">Gets the records; <see cref="GetWriteSize"/> of zero bytes suffices for everything that waits.</param>
    /// <returns>Bytes written; they are to be sent to the peer.</returns>
    /// <remarks>Works after a fault too: that is how the alert gets out.</remarks>
    public int Drain(Span<byte> destination) => _output.Drain(_writer, destination);

    /// <summary>Seals what waits in the queue, then application data, into whole records, as many as fit.</summary>
    /// <param name="source">Application data. Records are filled up to 16,384 bytes, or to what the peer takes (RFC 8449).</param>
    /// <param name="destination">Gets the records; <see cref="GetWriteSize"/> tells how large it must be to take everything.</param>
    /// <exception cref="InvalidOperationException">There is data to write, and <see cref="CanWrite"/> is false: the handshake is not complete, or <see cref="Close"/> was called.</exception>
    /// <exception cref="TlsException">The connection failed earlier, or the key has sealed as many records as it may (<see cref="PeerFault.KeyExhausted"/>).</exception>
    public TlsWriteResult Write(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        ThrowIfFaulted();
        if (!source.IsEmpty && !CanWrite)
        {
            throw new InvalidOperationException(_closeSent ? "the connection was closed for writing" : "application data can be written only after the handshake");
        }

        var written = Drain(destination);
        var consumed = 0;
        try
        {
            while (consumed < source.Length && !HasPendingOutput)
            {
                var chunk = Math.Min(source.Length - consumed, _writer.MaxFragment);
                if (destination.Length - written < RecordLimits.HeaderLength + _writer.Overhead + chunk)
                {
                    break;
                }

                written += _writer.Seal(ContentType.ApplicationData, source.Slice(consumed, chunk), destination[written..]);
                consumed += chunk;
            }
        }
        catch (TlsFaultException fault)
        {
            throw Fail(fault);
        }

        return new TlsWriteResult(consumed, written);
    }

    /// <summary>How large a destination must be to take everything that waits in the queue and this much application data: an upper bound.</summary>
    public int GetWriteSize(int plaintextLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(plaintextLength);
        var records = (plaintextLength + _writer.MaxFragment - 1) / _writer.MaxFragment;
        var data = plaintextLength + (records * (RecordLimits.HeaderLength + RecordLimits.MaxOverhead));
        return data + (HasPendingOutput ? _output.SealedSize(_writer) : 0);
    }
}
