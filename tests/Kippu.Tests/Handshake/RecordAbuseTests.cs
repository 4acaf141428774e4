using System.Text;
using Kippu.Records;
using Kippu.Tests.Handshake.Peers;
using Kippu.Wire;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>Records that are empty, tiny, huge, many, or no records at all.</summary>
public sealed class RecordAbuseTests
{
    private const int MostEmptyRecords = 32;
    private const int MostWarnings = 4;

    private readonly FakeTimeProvider _time = TestServers.Clock();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Empty_records_of_application_data_are_taken_up_to_a_number(bool victimIsServer)
    {
        using var peer = HostilePeer.Of(victimIsServer, _time);
        peer.Connect();
        for (var i = 0; i < MostEmptyRecords; i++)
        {
            peer.SendData([]);
        }

        peer.Connected(); // a record with content begins the count anew
        for (var i = 0; i < MostEmptyRecords; i++)
        {
            peer.SendData([]);
        }

        Assert.Null(peer.Victim.Fault);
        peer.SendData([]);
        peer.Refused(TlsFault.TooManyEmptyRecords, AlertDescription.UnexpectedMessage);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Empty_records_that_come_in_one_piece_are_counted_too(bool victimIsServer)
    {
        using var peer = HostilePeer.Of(victimIsServer, _time);
        peer.Connect();
        peer.Hold(() =>
        {
            for (var i = 0; i <= MostEmptyRecords; i++)
            {
                peer.SendData([]);
            }
        });

        peer.Refused(TlsFault.TooManyEmptyRecords, AlertDescription.UnexpectedMessage);
    }

    [Theory]
    [InlineData(true, 20)]
    [InlineData(true, 21)]
    [InlineData(true, 22)]
    [InlineData(false, 20)]
    [InlineData(false, 21)]
    [InlineData(false, 22)]
    public void An_empty_record_of_another_type_is_refused_at_any_time(bool victimIsServer, int type)
    {
        // RFC 5246 §6.2.1: "Implementations MUST NOT send zero-length fragments of Handshake, Alert, or ChangeCipherSpec content types."
        foreach (var connected in new[] { false, true })
        {
            using var peer = HostilePeer.Of(victimIsServer, _time);
            if (connected)
            {
                peer.Connect();
            }

            peer.SendContent((ContentType)type, []);
            peer.Refused(TlsFault.UnexpectedRecord, AlertDescription.UnexpectedMessage);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Records_of_one_byte_make_a_handshake_and_carry_data(bool victimIsServer)
    {
        using var peer = HostilePeer.Of(victimIsServer, _time);
        peer.Records.FragmentLength = 1;
        peer.Connect();

        peer.Connected();
        peer.SendData(new byte[500]);
        Assert.Equal(3 + 500, peer.Victim.Delivered.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(19)]
    [InlineData(24)]
    [InlineData(255)]
    public void A_record_of_an_unknown_type_is_refused(int type)
    {
        foreach (var victimIsServer in new[] { true, false })
        {
            using var peer = HostilePeer.Of(victimIsServer, _time);
            peer.SendBytes(PeerRecords.Clear((byte)type, 0x0303, 1, [0]));
            peer.Refused(TlsFault.UnexpectedRecord, AlertDescription.UnexpectedMessage);

            using var connected = HostilePeer.Of(victimIsServer, _time);
            connected.Connect();
            connected.SendBytes(PeerRecords.Clear((byte)type, 0x0303, 1, [0]));
            connected.Refused(TlsFault.UnexpectedRecord, AlertDescription.UnexpectedMessage);
        }
    }

    [Theory]
    [InlineData(RecordLimits.MaxCiphertext12 + 1)]
    [InlineData(0xFFFF)]
    public void A_length_above_the_maximum_is_refused_before_the_content_has_come(int length)
    {
        foreach (var victimIsServer in new[] { true, false })
        {
            using var peer = HostilePeer.Of(victimIsServer, _time);
            peer.SendBytes(PeerRecords.Clear(22, 0x0303, length, []));
            peer.Refused(TlsFault.RecordOverflow, AlertDescription.RecordOverflow);

            using var connected = HostilePeer.Of(victimIsServer, _time);
            connected.Connect();
            connected.SendBytes(PeerRecords.Clear(23, 0x0303, length, []));
            connected.Refused(TlsFault.RecordOverflow, AlertDescription.RecordOverflow);
        }
    }

    [Theory]
    [InlineData(RecordLimits.MaxPlaintext + 1)]
    [InlineData(RecordLimits.MaxCiphertext12)]
    public void A_handshake_record_in_clear_of_more_than_16_kB_is_refused(int length)
    {
        using var peer = HostilePeer.Of(victimIsServer: true, _time);
        peer.SendBytes(PeerRecords.Clear(22, 0x0303, length, new byte[length]));

        peer.Refused(TlsFault.RecordOverflow, AlertDescription.RecordOverflow);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "HTTP")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", "SSH")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n", "HTTP")]
    public void What_is_not_TLS_is_called_by_its_name(string text, string name)
    {
        using var peer = HostilePeer.Of(victimIsServer: true, _time);
        peer.SendBytes(Encoding.ASCII.GetBytes(text));

        var thrown = peer.Refused(TlsFault.NotTls, AlertDescription.UnexpectedMessage);
        Assert.Contains(name, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Random_bytes_end_in_a_fault_or_wait_for_more()
    {
        var random = new Random(5077);
        for (var i = 0; i < 300; i++)
        {
            var bytes = new byte[random.Next(1, 400)];
            random.NextBytes(bytes);
            bytes = i % 2 == 0 ? [(byte)random.Next(20, 24), 3, 3, 0, .. bytes] : bytes;

            using var peer = HostilePeer.Of(i % 4 < 2, _time);
            peer.SendBytes(bytes);
            if (peer.Victim.Fault is null)
            {
                peer.HangUp();
            }

            Assert.NotNull(peer.Victim.Fault);
            Assert.NotEqual(TlsFault.InternalError, peer.Victim.Fault.Fault);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Warnings_are_ignored_up_to_a_number_in_a_row(bool victimIsServer)
    {
        using var peer = HostilePeer.Of(victimIsServer, _time);
        peer.SendAlert(isFatal: false, AlertDescription.UserCanceled);
        peer.Connect();
        for (var i = 1; i < MostWarnings; i++)
        {
            peer.SendAlert(isFatal: false, AlertDescription.NoRenegotiation);
        }

        peer.Connected(); // data begins the count anew
        for (var i = 0; i < MostWarnings; i++)
        {
            peer.SendAlert(isFatal: false, (AlertDescription)199);
        }

        Assert.Null(peer.Victim.Fault);
        peer.SendAlert(isFatal: false, AlertDescription.NoRenegotiation);
        peer.Refused(TlsFault.TooManyWarningAlerts, AlertDescription.UnexpectedMessage);
    }

    [Fact]
    public void Warnings_and_empty_records_in_turn_do_not_keep_a_connection_busy_for_ever()
    {
        using var peer = HostilePeer.Of(victimIsServer: true, _time);
        peer.Connect();
        for (var i = 0; i < 100 && peer.Victim.Fault is null; i++)
        {
            peer.SendAlert(isFatal: false, AlertDescription.NoRenegotiation);
            peer.SendData([]);
        }

        peer.Refused(TlsFault.TooManyWarningAlerts, AlertDescription.UnexpectedMessage);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_thousand_small_messages_hold_no_more_memory_than_one(bool victimIsServer)
    {
        // The first bytes of a message that is never finished, one record each: they are kept, and no more than its header allows.
        using var peer = HostilePeer.Of(victimIsServer, _time);
        peer.SendContent(ContentType.Handshake, [victimIsServer ? (byte)1 : (byte)2, 0, 0xFF, 0xFF]);
        for (var i = 0; i < 70 && peer.Victim.Fault is null; i++)
        {
            peer.SendContent(ContentType.Handshake, new byte[1024]);
        }

        // 65,535 bytes have come: the message is whole, and nonsense.
        Assert.NotNull(peer.Victim.Fault);
        Assert.Contains(peer.Victim.Fault.Fault, new[] { TlsFault.MalformedMessage, TlsFault.UnsupportedVersion });
    }
}
