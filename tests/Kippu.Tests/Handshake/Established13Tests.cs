using System.Text;
using Kippu.Tests.Handshake.Peers;
using Kippu.Wire;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>A TLS 1.3 connection after its handshake: KeyUpdate (RFC 8446 §4.6.3), exporters (§7.5), the key log.</summary>
public sealed class Established13Tests
{
    private const int MostIdleMessages = 32;

    private readonly FakeTimeProvider _time = TestServers.Clock();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_KeyUpdate_changes_the_keys_of_who_sends_it_and_asks_for_another_if_it_says_so(bool victimIsServer)
    {
        using var peer = HostilePeer13.Of13(victimIsServer, _time);
        peer.Connect();
        peer.SendKeyUpdate(isRequested: false);
        peer.Connected();
        Assert.Equal(0, Updates(peer));
        peer.SendKeyUpdate(isRequested: true);
        Assert.Equal(1, Updates(peer));
        peer.Connected();
        peer.Victim.Connection.UpdateKeys(requestPeer: true);
        peer.Listen();
        Assert.Equal(2, Updates(peer));
        peer.Connected();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Requests_that_come_before_the_answer_is_sent_have_one_answer(bool victimIsServer)
    {
        using var peer = HostilePeer13.Of13(victimIsServer, _time);
        peer.Connect();
        for (var round = 1; round <= 3; round++)
        {
            peer.Hold(() =>
            {
                peer.SendKeyUpdate(isRequested: true);
                peer.SendKeyUpdate(isRequested: true);
            });
            Assert.Equal(round, Updates(peer));
            peer.Connected();
        }
    }

    // RFC 8446 §4.6.3: the answer is one "with request_update set to "update_not_requested"".
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_request_of_its_own_that_still_waits_is_no_answer(bool victimIsServer)
    {
        using var peer = HostilePeer13.Of13(victimIsServer, _time);
        peer.Connect();
        peer.Victim.Connection.UpdateKeys(requestPeer: true);
        peer.SendKeyUpdate(isRequested: true);

        Assert.Equal(2, Updates(peer));
        Assert.Equal([0], peer.Heard[^1].Body.ToArray());
        peer.Connected();
    }

    // RFC 8446 §6: error alerts are such "regardless of the AlertLevel in the message".
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void An_error_alert_of_any_level_ends_the_connection_without_a_word(byte level)
    {
        using var peer = HostilePeer13.Of13(victimIsServer: true, _time);
        peer.Connect();
        peer.SendContent(ContentType.Alert, [level, (byte)AlertDescription.DecodeError]);

        peer.Silent(TlsFault.PeerAlert);
    }

    [Fact]
    public void Whatever_else_waits_to_be_sent_a_request_is_answered()
    {
        using var peer = new HostileClient13(TestServers.Server13(_time)).Connect();
        peer.SendKeyUpdate(isRequested: true);
        Assert.Equal(1, Updates(peer));
        peer.Victim.Connection.SendTickets();
        peer.SendKeyUpdate(isRequested: true);

        Assert.Equal(2, Updates(peer));
        peer.Connected();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_thirty_third_in_a_row_is_refused(bool victimIsServer)
    {
        using var peer = HostilePeer13.Of13(victimIsServer, _time);
        peer.Connect();
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < MostIdleMessages; i++)
            {
                peer.SendKeyUpdate();
            }

            if (round == 0)
            {
                peer.Connected(); // data begins the count anew
            }
        }

        Assert.Null(peer.Victim.Fault);
        peer.SendKeyUpdate();
        peer.Refused(TlsFault.TooManyIdleMessages, AlertDescription.UnexpectedMessage);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_KeyUpdate_of_another_value_is_illegal_parameter(bool victimIsServer)
    {
        using var peer = HostilePeer13.Of13(victimIsServer, _time);
        peer.Connect();
        peer.SendMessage(HandshakeType.KeyUpdate, [2]);

        peer.Refused(TlsFault.IllegalParameter, AlertDescription.IllegalParameter);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_sealed_by_the_old_keys_after_a_KeyUpdate_is_bad_record_mac(bool victimIsServer)
    {
        using var peer = HostilePeer13.Of13(victimIsServer, _time);
        peer.Connect();
        peer.SendMessage(HandshakeType.KeyUpdate, [0]);
        peer.SendData([1]);

        peer.Refused(TlsFault.BadRecordMac, AlertDescription.BadRecordMac);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Both_ends_export_the_same(bool victimIsServer)
    {
        using var peer = HostilePeer13.Of13(victimIsServer, _time);
        peer.Connect();
        foreach (var context in new[] { "", "context" })
        {
            var material = new byte[32];
            peer.Victim.Connection.ExportKeyingMaterial("EXPERIMENTAL kippu"u8, Encoding.ASCII.GetBytes(context), material);
            Assert.Equal(peer.Export("EXPERIMENTAL kippu", Encoding.ASCII.GetBytes(context)), material);
        }

        // RFC 8446 §7.5: no context is an empty one.
        var without = new byte[32];
        peer.Victim.Connection.ExportKeyingMaterial("EXPERIMENTAL kippu"u8, null, without);
        Assert.Equal(peer.Export("EXPERIMENTAL kippu", []), without);
        peer.SendKeyUpdate();
        peer.Victim.Connection.ExportKeyingMaterial("EXPERIMENTAL kippu"u8, null, without);
        Assert.Equal(peer.Export("EXPERIMENTAL kippu", []), without);
    }

    [Fact]
    public void Both_ends_log_the_same_secrets_one_line_each()
    {
        List<string> atClient = [];
        List<string> atServer = [];
        var client = TestServers.Client13(_time, options => (options.KeyLog, options.EnableEarlyData) = (atClient.Add, true));
        var server = TestServers.Server13(_time, options => (options.KeyLog, options.EarlyData.MaxSize) = (atServer.Add, 100));
        _time.Advance(TimeSpan.FromMinutes(1));
        string[] labels = ["CLIENT_HANDSHAKE_TRAFFIC_SECRET", "SERVER_HANDSHAKE_TRAFFIC_SECRET", "CLIENT_TRAFFIC_SECRET_0", "SERVER_TRAFFIC_SECRET_0", "EXPORTER_SECRET"];
        foreach (var expected in new[] { labels, ["CLIENT_EARLY_TRAFFIC_SECRET", .. labels] })
        {
            atClient.Clear();
            atServer.Clear();
            using var pair = new ConnectionPair(client, server).Connect();
            var random = Convert.ToHexStringLower(new WireView(pair.FromClient).ClientHello.Random.Span);

            Assert.Equal(expected.Order(), atClient.Select(line => line.Split(' ')[0]).Order());
            Assert.Equal(atClient.Order(), atServer.Order());
            Assert.All(atClient, line => Assert.Matches($"^[A-Z_0]+ {random} ([0-9a-f]{{64}}|[0-9a-f]{{96}})$", line));
        }
    }

    private static int Updates(HostilePeer13 peer) => peer.Heard.Count(message => message.Type == HandshakeType.KeyUpdate);
}
