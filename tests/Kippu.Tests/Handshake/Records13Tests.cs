using Kippu.Records;
using Kippu.Tests.Handshake.Peers;
using Kippu.Wire;
using Kippu.Wire.Messages;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>Records of TLS 1.3 (RFC 8446 §5): key changes, protection, padding and limits.</summary>
public sealed class Records13Tests
{
    /// <summary>The beginning of a message that is longer.</summary>
    private static readonly byte[] s_beginning = [8, 0, 0, 100];

    /// <summary>A whole message, of a type that is legal after the key change in question or not.</summary>
    private static readonly byte[] s_whole = [24, 0, 0, 1, 0];

    private readonly FakeTimeProvider _time = TestServers.Clock();

    public static TheoryData<string> KeyChanges =>
    [
        "ClientHello", "second ClientHello", "EndOfEarlyData", "the client's Finished", "the client's KeyUpdate", "ServerHello", "the server's Finished", "the server's KeyUpdate",
        "HelloRetryRequest",
    ];

    [Theory]
    [MemberData(nameof(KeyChanges))]
    public void Where_keys_change_no_part_of_another_message_may_stand_behind(string change)
    {
        foreach (var extra in new[] { s_beginning, s_beginning[..1], s_whole })
        {
            using var peer = Before(change, out var type, out var send);
            peer.Tamper = (sent, raw) => sent == type ? [.. raw, .. extra] : raw;
            send();

            peer.Refused(TlsFault.MessageAcrossKeyChange, AlertDescription.UnexpectedMessage);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_ChangeCipherSpec_in_the_middle_of_a_message_is_refused(bool victimIsServer)
    {
        using var peer = HostilePeer13.Of13(victimIsServer, _time);
        peer.SendClear(ContentType.Handshake, [(byte)(victimIsServer ? 1 : 2), 0, 0]);
        peer.SendChangeCipherSpec();

        peer.Refused(TlsFault.MessageAcrossKeyChange, AlertDescription.UnexpectedMessage);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Messages_in_clear_are_refused_where_they_must_be_protected(bool victimIsServer)
    {
        foreach (var connected in new[] { false, true })
        {
            foreach (var type in new[] { ContentType.Handshake, ContentType.ApplicationData, ContentType.Alert, ContentType.ChangeCipherSpec })
            {
                if (!connected && type is ContentType.Alert or ContentType.ChangeCipherSpec)
                {
                    continue;
                }

                using var peer = HostilePeer13.Of13(victimIsServer, _time);
                Reach(peer, connected);
                peer.SendClear(type, type == ContentType.Alert ? [1, 0] : [24, 0, 0, 1, 0, .. new byte[40]]);

                var fault = type == ContentType.ApplicationData ? TlsFault.BadRecordMac : TlsFault.UnexpectedRecord;
                peer.Refused(fault, type == ContentType.ApplicationData ? AlertDescription.BadRecordMac : AlertDescription.UnexpectedMessage);
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_alert_in_clear_of_a_peer_that_could_make_no_keys_is_understood(bool victimIsServer)
    {
        using var peer = HostilePeer13.Of13(victimIsServer, _time);
        peer.SendHello();
        peer.SendClear(ContentType.Alert, [2, (byte)AlertDescription.UnknownCA]);

        Assert.Equal(AlertDescription.UnknownCA, peer.Silent(TlsFault.PeerAlert).Alert);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Application_data_before_its_time_is_refused(bool victimIsServer)
    {
        using var peer = HostilePeer13.Of13(victimIsServer, _time);
        peer.SendHello();
        peer.SendData([1]);

        peer.Refused(TlsFault.UnexpectedRecord, AlertDescription.UnexpectedMessage);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(true, 1000)]
    [InlineData(false, 1)]
    [InlineData(false, 1000)]
    public void A_record_of_zeros_has_no_type_and_is_refused(bool victimIsServer, int length)
    {
        foreach (var connected in new[] { false, true })
        {
            using var peer = HostilePeer13.Of13(victimIsServer, _time);
            Reach(peer, connected);
            peer.SendContent(0, new byte[length]);

            peer.Refused(TlsFault.UnexpectedRecord, AlertDescription.UnexpectedMessage);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Padding_is_taken_away(bool victimIsServer)
    {
        using var peer = HostilePeer13.Of13(victimIsServer, _time);
        peer.Connect();
        peer.SendContent(0, [1, 2, 0, (byte)ContentType.ApplicationData, .. new byte[500]]);
        Assert.Equal([1, 2, 0], peer.Victim.Delivered);
        peer.SendContent(0, [(byte)ContentType.ApplicationData, .. new byte[RecordLimits.MaxPlaintext - 1]]);

        peer.Connected();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_record_that_is_too_long_is_record_overflow(bool victimIsServer)
    {
        // Content and padding, their type and the tag: one byte more than the limit, and as many as no header may name.
        foreach (var length in new[] { RecordLimits.MaxPlaintext + 1 + 1 + 16, RecordLimits.MaxCiphertext13 + 1 })
        {
            using var peer = HostilePeer13.Of13(victimIsServer, _time);
            peer.Connect();
            peer.SendData(new byte[RecordLimits.MaxPlaintext]);
            Assert.Equal(RecordLimits.MaxPlaintext, peer.Victim.Delivered.Count);
            peer.SendClear(ContentType.ApplicationData, new byte[length]);

            peer.Refused(TlsFault.RecordOverflow, AlertDescription.RecordOverflow);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_record_that_was_changed_is_bad_record_mac(bool victimIsServer)
    {
        foreach (var connected in new[] { false, true })
        {
            using var peer = HostilePeer13.Of13(victimIsServer, _time);
            Reach(peer, connected);
            var record = peer.Capture(() => peer.SendContent(connected ? ContentType.ApplicationData : ContentType.Handshake, [8, 0, 0, 2, 0, 0]));
            record[^1] ^= 1;
            peer.SendBytes(record);

            peer.Refused(TlsFault.BadRecordMac, AlertDescription.BadRecordMac);
        }
    }

    [Theory]
    [InlineData(true, 21)]
    [InlineData(true, 22)]
    [InlineData(false, 21)]
    [InlineData(false, 22)]
    public void An_empty_record_of_handshake_or_alert_is_refused(bool victimIsServer, byte type)
    {
        using var peer = HostilePeer13.Of13(victimIsServer, _time);
        peer.Connect();
        peer.SendContent((ContentType)type, []);

        peer.Refused(TlsFault.UnexpectedRecord, AlertDescription.UnexpectedMessage);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_alert_but_two_is_fatal_whatever_its_level(bool victimIsServer)
    {
        using var peer = HostilePeer13.Of13(victimIsServer, _time);
        peer.Connect();
        peer.SendAlert(isFatal: false, AlertDescription.UserCanceled);
        peer.Connected();
        peer.SendAlert(isFatal: false, AlertDescription.CertificateUnknown);

        Assert.Equal(AlertDescription.CertificateUnknown, peer.Silent(TlsFault.PeerAlert).Alert);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Data_in_the_middle_of_a_message_is_refused(bool victimIsServer)
    {
        using var peer = HostilePeer13.Of13(victimIsServer, _time);
        peer.Connect();
        peer.SendContent(ContentType.Handshake, [24, 0]);
        peer.SendData([1]);

        peer.Refused(TlsFault.UnexpectedRecord, AlertDescription.UnexpectedMessage);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_alert_in_the_middle_of_a_message_is_refused_unless_it_is_the_end_anyway(bool victimIsServer)
    {
        foreach (var description in new[] { AlertDescription.CloseNotify, AlertDescription.UserCanceled })
        {
            using var peer = HostilePeer13.Of13(victimIsServer, _time);
            peer.Connect();
            peer.SendContent(ContentType.Handshake, [24, 0]);
            peer.SendAlert(isFatal: false, description);

            peer.Refused(TlsFault.UnexpectedRecord, AlertDescription.UnexpectedMessage);
            Assert.False(peer.Victim.Closed);
        }

        using var failing = HostilePeer13.Of13(victimIsServer, _time);
        failing.Connect();
        failing.SendContent(ContentType.Handshake, [24, 0]);
        failing.SendAlert(isFatal: true, AlertDescription.InternalError);

        Assert.Equal(AlertDescription.InternalError, failing.Silent(TlsFault.PeerAlert).Alert);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_version_of_a_record_means_nothing(bool victimIsServer)
    {
        using var peer = HostilePeer13.Of13(victimIsServer, _time);
        var hello = peer.Capture(peer.SendHello);
        hello[1] = 3;
        hello[2] = 1;
        peer.SendBytes(hello);

        Assert.Null(peer.Victim.Fault);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Messages_may_share_records_or_be_spread_over_many(bool victimIsServer)
    {
        using var peer = HostilePeer13.Of13(victimIsServer, _time);
        peer.Records.FragmentLength = 1;
        peer.Connect();
        peer.Connected();

        using var server = new HostileServer13(TestServers.Client13(_time));
        server.SendHello();
        server.Join(() =>
        {
            server.SendEncryptedExtensions();
            server.SendCertificate();
            server.SendCertificateVerify();
        });
        server.SendFinished();
        server.Connected();
    }

    private static void Reach(HostilePeer13 peer, bool connected)
    {
        if (connected)
        {
            peer.Connect();
        }
        else
        {
            peer.SendHello();
        }
    }

    /// <summary>A peer that is about to send the message that changes the keys.</summary>
    private HostilePeer13 Before(string change, out HandshakeType type, out Action send)
    {
        switch (change)
        {
            case "ClientHello":
                (var first, type) = (new HostileClient13(TestServers.Server13(_time)), HandshakeType.ClientHello);
                send = first.SendHello;
                return first;
            case "second ClientHello":
                (var second, type) = (new HostileClient13(TestServers.Server13(_time, options => options.Groups.Add(NamedGroup.Secp384r1))), HandshakeType.ClientHello);
                second.SendHello();
                send = second.SendHello;
                return second;
            case "EndOfEarlyData":
                (var early, type) = (Early(), HandshakeType.EndOfEarlyData);
                send = early.SendEndOfEarlyData;
                return early;
            case "the client's Finished" or "the client's KeyUpdate":
                var client = new HostileClient13(TestServers.Server13(_time));
                return AtTheEnd(client, change, out type, out send);
            case "ServerHello":
                (var server, type) = (new HostileServer13(TestServers.Client13(_time)), HandshakeType.ServerHello);
                send = server.SendHello;
                return server;
            case "HelloRetryRequest":
                (var retrying, type) = (new HostileServer13(TestServers.Client13(_time)), HandshakeType.ServerHello);
                send = retrying.SendRetry;
                return retrying;
            default:
                return AtTheEnd(new HostileServer13(TestServers.Client13(_time)), change, out type, out send);
        }
    }

    private static HostilePeer13 AtTheEnd(HostilePeer13 peer, string change, out HandshakeType type, out Action send)
    {
        if (change.EndsWith("KeyUpdate", StringComparison.Ordinal))
        {
            peer.Connect();
            (type, send) = (HandshakeType.KeyUpdate, () => peer.SendKeyUpdate());
        }
        else
        {
            peer.SendAllBeforeChange();
            (type, send) = (HandshakeType.Finished, peer.SendFinished);
        }

        return peer;
    }

    private HostileClient13 Early()
    {
        var server = TestServers.Server13(_time, options => options.EarlyData.MaxSize = 100);
        _time.Advance(TimeSpan.FromMinutes(1));
        using var first = new HostileClient13(server).Connect();
        var peer = new HostileClient13(server) { Sessions = [first.NewSession], EarlyData = true };
        peer.SendHello();
        Assert.True(peer.EarlyDataAccepted);
        return peer;
    }
}
