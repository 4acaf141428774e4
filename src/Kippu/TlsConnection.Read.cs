using System.Buffers;
using System.Security.Cryptography;
using Kippu.Alerts;
using Kippu.Records;
using Kippu.Wire;
using Kippu.Wire.Messages;

namespace Kippu;

public sealed partial class TlsConnection
{
    /// <summary>Takes records from <paramref name="source"/> until there is something to say; see <see cref="TlsReadStatus"/>.</summary>
    /// <param name="source">What came from the peer and was not consumed yet. Only whole records are consumed.</param>
    /// <param name="destination">Gets application data; may be empty during the handshake. 16,384 bytes always suffice.</param>
    /// <exception cref="TlsException">The peer broke the protocol, sent a fatal alert, or could not be authenticated. The alert for it is pending.</exception>
    public TlsReadResult Read(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        ThrowIfFaulted();
        var consumed = 0;
        try
        {
            while (true)
            {
                if (Pending() is { } status)
                {
                    return new TlsReadResult(status, consumed, 0, 0);
                }

                var rest = source[consumed..];
                if (!RecordHeader.TryParse(rest, out var header))
                {
                    return new TlsReadResult(TlsReadStatus.NeedsInput, consumed, 0, RecordLimits.HeaderLength);
                }

                CheckVersion(header);
                var length = RecordLimits.HeaderLength + header.Length;
                if (rest.Length < length)
                {
                    return new TlsReadResult(TlsReadStatus.NeedsInput, consumed, 0, length);
                }

                var fragment = rest[RecordLimits.HeaderLength..length];
                if (header.Type != ContentType.ApplicationData)
                {
                    consumed += length;
                    ReadControlRecord(header, fragment);
                    continue;
                }

                var required = CheckApplicationData(fragment.Length);
                if (required > destination.Length)
                {
                    return new TlsReadResult(TlsReadStatus.DestinationTooSmall, consumed, 0, required);
                }

                consumed += length;
                var written = _reader.Open(header, fragment, destination, out _);
                if (CountProgress(written))
                {
                    return new TlsReadResult(TlsReadStatus.Data, consumed, written, 0);
                }
            }
        }
        catch (Exception reason)
        {
            throw Fail(FaultOf(reason));
        }
    }

    /// <summary>What stands before the next record: messages that wait, an open question, news.</summary>
    private TlsReadStatus? Pending()
    {
        while (Question is null && _assembler.TryNext(out var message))
        {
            _channel?.TraceReceived(message);
            _handshake.Receive(message);
            AfterStep();
        }

        if (Question is not null)
        {
            return TlsReadStatus.Question;
        }

        if (_announceConnected)
        {
            _announceConnected = false;
            return TlsReadStatus.Connected;
        }

        _assembler.Compact();
        return _closeReceived ? TlsReadStatus.Closed : null;
    }

    /// <summary>A handshake may have handed over to its successor, or be complete.</summary>
    private void AfterStep()
    {
        if (_channel is not { } channel)
        {
            return;
        }

        if (channel.TakeSuccessor() is { } successor)
        {
            _handshake.Dispose();
            _handshake = successor;
        }

        if (channel.Established is { } established && _established is null)
        {
            // RFC 5246 §7.1: keys change on a record boundary; nothing of the handshake may be left over.
            if (_assembler.HasPartial)
            {
                throw new TlsFaultException(PeerFault.MessageAcrossKeyChange, "handshake data follows the Finished message in its record");
            }

            _established = established;
            _reader.MaxPlaintext = established.OwnRecordLimit;
            _writer.MaxFragment = established.PeerRecordLimit;
            _canWrite = true;
            _announceConnected = true;
            if (channel.Environment.Observer is null)
            {
                _channel = null;
                channel.Dispose();
            }
        }
    }

    private void ReadControlRecord(RecordHeader header, ReadOnlySpan<byte> fragment)
    {
        _reader.CheckLength(fragment.Length);
        if (!_reader.IsProtected)
        {
            ReadControl(header.Type, fragment);
            return;
        }

        var scratch = ArrayPool<byte>.Shared.Rent(Math.Max(_reader.PlaintextLength(fragment.Length), 1));
        try
        {
            var written = _reader.Open(header, fragment, scratch, out _);
            ReadControl(header.Type, scratch.AsSpan(0, written));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(scratch.AsSpan(0, Math.Min(fragment.Length, scratch.Length)));
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    private void ReadControl(ContentType type, ReadOnlySpan<byte> content)
    {
        // RFC 5246 §6.2.1: "Implementations MUST NOT send zero-length fragments of Handshake, Alert, or ChangeCipherSpec content types."
        if (content.IsEmpty)
        {
            throw new TlsFaultException(PeerFault.UnexpectedRecord, $"an empty record of type {type}");
        }

        switch (type)
        {
            case ContentType.Handshake:
                _assembler.Append(content);
                break;
            case ContentType.ChangeCipherSpec:
                ReadChangeCipherSpec(content);
                break;
            case ContentType.Alert:
                ReadAlert(content);
                break;
            default:
                throw new TlsFaultException(PeerFault.UnexpectedRecord, $"a record of type {type}");
        }
    }

    private void ReadChangeCipherSpec(ReadOnlySpan<byte> content)
    {
        ChangeCipherSpec.Parse(content);
        if (_assembler.HasPartial)
        {
            throw new TlsFaultException(PeerFault.MessageAcrossKeyChange, "ChangeCipherSpec came in the middle of a handshake message");
        }

        _channel?.TraceReceivedChangeCipherSpec();
        _handshake.ReceiveChangeCipherSpec();
    }

    private void ReadAlert(ReadOnlySpan<byte> content)
    {
        var alert = AlertMessage.Parse(content);
        _channel?.TraceAlert(sent: false, alert);
        if (alert.Description == AlertDescription.CloseNotify)
        {
            if (!IsConnected)
            {
                throw new TlsFaultException(PeerFault.Truncated, "the peer closed the connection during the handshake");
            }

            _closeReceived = true;
            return;
        }

        if (alert.IsFatal)
        {
            throw TlsFaultException.FromPeer(alert.Description);
        }

        if (++_warningAlerts > MaxWarningAlerts)
        {
            throw new TlsFaultException(PeerFault.TooManyWarningAlerts, $"more than {MaxWarningAlerts} warning alerts in a row, the last of them {alert.Description}");
        }
    }

    private void CheckVersion(RecordHeader header)
    {
        if (_channel?.NegotiatedVersion is not null || IsConnected)
        {
            if (header.Version != (ushort)TlsVersion.Tls12)
            {
                throw new TlsFaultException(PeerFault.RecordVersion, $"a record of version 0x{header.Version:x4} after TLS 1.2 (0x0303) was negotiated");
            }
        }
    }

    /// <summary>May application data come now? If so, the size of its plaintext.</summary>
    private int CheckApplicationData(int fragmentLength)
    {
        if (!IsConnected)
        {
            throw new TlsFaultException(PeerFault.UnexpectedRecord, "application data came before the handshake was complete");
        }

        if (_assembler.HasPartial)
        {
            throw new TlsFaultException(PeerFault.UnexpectedRecord, "application data came in the middle of a handshake message");
        }

        // Said before the reader is asked for more room: no room that a record may need is larger than the limit.
        _reader.CheckLength(fragmentLength);
        return _reader.PlaintextLength(fragmentLength);
    }

    /// <summary>Counts empty records: RFC 5246 §6.2.1 allows them, but a peer must not keep us busy with nothing.</summary>
    private bool CountProgress(int written)
    {
        if (written > 0)
        {
            _emptyRecords = 0;
            _warningAlerts = 0;
            return true;
        }

        if (++_emptyRecords > MaxEmptyRecords)
        {
            throw new TlsFaultException(PeerFault.TooManyEmptyRecords, $"more than {MaxEmptyRecords} empty records in a row");
        }

        return false;
    }
}
