using System.Buffers;
using System.Security.Cryptography;
using Kippu.Alerts;
using Kippu.Records;
using Kippu.Wire;
using Kippu.Wire.Messages;

namespace Kippu.Handshake;

/// <summary>
/// What becomes of the records that come: application data goes to the caller, handshake messages to the assembler, ChangeCipherSpec to the handshake, alerts
/// end the connection. Here stands what a record may be at this moment, and how much of nothing a peer may send.
/// </summary>
internal sealed class RecordIntake(ReadHalf reader, HandshakeAssembler assembler, HandshakeChannel channel)
{
    private const int MaxEmptyRecords = 32;
    private const int MaxWarningAlerts = 4;

    private int _emptyRecords;
    private int _warningAlerts;
    private int _changeCipherSpecs;

    /// <summary>The peer has sent close_notify.</summary>
    public bool IsClosed { get; private set; }

    private bool IsConnected => channel.Established is not null;

    /// <summary>Whether the plaintext of an application data record may go straight to the caller. In TLS 1.3 it may turn out to be something else.</summary>
    public bool MayDeliver()
    {
        if (IsConnected || channel.EarlyDataLeft is not null)
        {
            return true;
        }

        return reader.HidesType || channel.SkippedEarlyData is not null
            ? false
            : throw new TlsFaultException(TlsFault.UnexpectedRecord, "application data came before the handshake was complete");
    }

    /// <summary>Opens a record into the caller's memory; what is no application data is taken out of it again, and the result is 0.</summary>
    public int OpenInto(RecordHeader header, ReadOnlySpan<byte> fragment, Span<byte> destination)
    {
        var written = reader.Open(header, fragment, destination, out var type);
        if (type == ContentType.ApplicationData)
        {
            if (assembler.HasPartial)
            {
                throw new TlsFaultException(TlsFault.UnexpectedRecord, "application data came in the middle of a handshake message");
            }

            CountProgress(written);
            CountEarlyData(written);
            return written;
        }

        ReadControl(type, destination[..written]);
        CryptographicOperations.ZeroMemory(destination[..written]);
        return 0;
    }

    public void ReadControlRecord(RecordHeader header, ReadOnlySpan<byte> fragment)
    {
        if (IsClear(header.Type))
        {
            if (header.Type == ContentType.ApplicationData)
            {
                channel.SkippedEarlyData!.Count(fragment.Length);
                return;
            }

            reader.CheckLength(fragment.Length);
            ReadControl(header.Type, fragment);
            return;
        }

        var scratch = ArrayPool<byte>.Shared.Rent(Math.Max(reader.PlaintextLength(fragment.Length), 1));
        try
        {
            if (OpenOrSkip(header, fragment, scratch, out var type, out var written))
            {
                ReadControl(type, scratch.AsSpan(0, written));
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(scratch.AsSpan(0, Math.Min(fragment.Length, scratch.Length)));
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    /// <summary>
    /// RFC 8446 §4.2.10: a server that rejects early data "skips past early data by attempting to deprotect received records using the handshake traffic key,
    /// discarding records which fail deprotection (up to the configured max_early_data_size)."
    /// </summary>
    private bool OpenOrSkip(RecordHeader header, ReadOnlySpan<byte> fragment, Span<byte> destination, out ContentType type, out int written)
    {
        if (channel.SkippedEarlyData is not { } skipped)
        {
            written = reader.Open(header, fragment, destination, out type);
            return true;
        }

        if (!reader.TryOpen(header, fragment, destination, out type, out written))
        {
            skipped.Count(fragment.Length);
            return false;
        }

        channel.SkippedEarlyData = null;
        return true;
    }

    /// <summary>
    /// Whether this record is not protected, whatever the keys: in TLS 1.3 a ChangeCipherSpec during the handshake (RFC 8446 §5), and the alert of a peer that
    /// could not make the keys.
    /// </summary>
    private bool IsClear(ContentType type) =>
        !reader.IsProtected
        || (reader.HidesType && !IsConnected && (type == ContentType.ChangeCipherSpec || (type == ContentType.Alert && !reader.HasOpened)));

    private void ReadControl(ContentType type, ReadOnlySpan<byte> content)
    {
        // RFC 5246 §6.2.1: "Implementations MUST NOT send zero-length fragments of Handshake, Alert, or ChangeCipherSpec content types."
        if (content.IsEmpty)
        {
            throw new TlsFaultException(TlsFault.UnexpectedRecord, $"an empty record of type {type}");
        }

        switch (type)
        {
            case ContentType.Handshake:
                assembler.Append(content);
                break;
            case ContentType.ChangeCipherSpec:
                ReadChangeCipherSpec(content);
                break;
            case ContentType.Alert:
                ReadAlert(content);
                break;
            default:
                throw new TlsFaultException(TlsFault.UnexpectedRecord, $"a record of type {type} came where it has no place");
        }
    }

    private void ReadChangeCipherSpec(ReadOnlySpan<byte> content)
    {
        // RFC 8446 §5: "An implementation which receives any other change_cipher_spec value or which receives a protected change_cipher_spec record MUST abort the
        // handshake with an "unexpected_message" alert."
        if (channel.NegotiatedVersion != TlsVersion.Tls12 && !PublicBytes.AreEqual(content, ChangeCipherSpec.Bytes))
        {
            throw new TlsFaultException(TlsFault.UnexpectedRecord, "ChangeCipherSpec: a single byte 1 was expected");
        }

        ChangeCipherSpec.Parse(content);
        if (assembler.HasPartial)
        {
            throw new TlsFaultException(TlsFault.MessageAcrossKeyChange, "ChangeCipherSpec came in the middle of a handshake message");
        }

        // TLS 1.3 drops it, as often as it comes; but a peer must not keep us busy with nothing.
        if (++_changeCipherSpecs > MaxEmptyRecords)
        {
            throw new TlsFaultException(TlsFault.TooManyEmptyRecords, $"more than {MaxEmptyRecords} ChangeCipherSpecs");
        }

        channel.TraceReceivedChangeCipherSpec();
        channel.Current.ReceiveChangeCipherSpec();
    }

    private void ReadAlert(ReadOnlySpan<byte> content)
    {
        var alert = AlertMessage.Parse(content, anyLevel: channel.NegotiatedVersion == TlsVersion.Tls13);
        channel.TraceAlert(sent: false, alert);
        if (alert.Description == AlertDescription.CloseNotify)
        {
            if (!IsConnected)
            {
                throw new TlsFaultException(TlsFault.Truncated, "the peer closed the connection during the handshake");
            }

            InsistOnWholeMessage();
            IsClosed = true;
            return;
        }

        // RFC 8446 §6: "All the alerts listed in Section 6.2 MUST be sent with AlertLevel=fatal and MUST be treated as error alerts when received regardless of the
        // AlertLevel in the message."
        if (alert.IsFatal || (channel.NegotiatedVersion == TlsVersion.Tls13 && alert.Description != AlertDescription.UserCanceled))
        {
            throw TlsFaultException.FromPeer(alert.Description);
        }

        InsistOnWholeMessage();
        if (++_warningAlerts > MaxWarningAlerts)
        {
            throw new TlsFaultException(TlsFault.TooManyWarningAlerts, $"more than {MaxWarningAlerts} warning alerts in a row, the last of them {alert.Description}");
        }
    }

    /// <summary>
    /// RFC 8446 §5.1: "if a handshake message is split over two or more records, there MUST NOT be any other records between them." An alert that ends the connection is
    /// heard all the same.
    /// </summary>
    private void InsistOnWholeMessage()
    {
        if (channel.NegotiatedVersion == TlsVersion.Tls13 && assembler.HasPartial)
        {
            throw new TlsFaultException(TlsFault.UnexpectedRecord, "an alert came in the middle of a handshake message");
        }
    }

    public void CheckVersion(RecordHeader header)
    {
        // RFC 8446 §5.1: in TLS 1.3 legacy_record_version "MUST be ignored for all purposes".
        if (channel.NegotiatedVersion == TlsVersion.Tls12 && header.Version != (ushort)TlsVersion.Tls12)
        {
            throw new TlsFaultException(TlsFault.RecordVersion, $"a record of version 0x{header.Version:x4} after TLS 1.2 (0x0303) was negotiated");
        }
    }

    /// <summary>RFC 8446 §4.6.1: "A server receiving more than max_early_data_size bytes of 0-RTT data SHOULD terminate the connection with an "unexpected_message" alert."</summary>
    private void CountEarlyData(int written)
    {
        if (channel.EarlyDataLeft is { } left)
        {
            channel.EarlyDataLeft = left >= written
                ? left - written
                : throw new TlsFaultException(TlsFault.TooMuchEarlyData, "early data: more came than the ticket allowed");
        }
    }

    /// <summary>Counts empty records: RFC 5246 §6.2.1 allows them, but a peer must not keep us busy with nothing.</summary>
    private void CountProgress(int written)
    {
        if (written > 0)
        {
            _emptyRecords = 0;
            _warningAlerts = 0;
            channel.MessagesWithoutProgress = 0;
        }
        else if (++_emptyRecords > MaxEmptyRecords)
        {
            throw new TlsFaultException(TlsFault.TooManyEmptyRecords, $"more than {MaxEmptyRecords} empty records in a row");
        }
    }
}
