using Kippu.Tests.Handshake.Peers;
using Kippu.Wire;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>Alerts in odd places, and what becomes of the session (RFC 5246 §7.2).</summary>
public sealed class AlertTests
{
    private readonly FakeTimeProvider _time = TestServers.Clock();

    public static TheoryData<bool, int> Moments
    {
        get
        {
            var data = new TheoryData<bool, int>();
            foreach (var victimIsServer in new[] { true, false })
            {
                for (var moment = 0; moment < 5; moment++)
                {
                    data.Add(victimIsServer, moment);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Moments))]
    public void A_fatal_alert_ends_the_connection_at_any_time_and_is_not_answered(bool victimIsServer, int moment)
    {
        foreach (var description in new[] { AlertDescription.HandshakeFailure, AlertDescription.InternalError, AlertDescription.UserCanceled, (AlertDescription)199 })
        {
            using var peer = At(victimIsServer, moment);
            peer.SendAlert(isFatal: true, description);

            var thrown = peer.Silent(TlsFault.PeerAlert);
            Assert.Equal(description, thrown.Alert);
            Assert.True(thrown.IsPeerAlert);
            Assert.Contains(description.ToString(), thrown.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Moments))]
    public void A_close_before_the_handshake_is_complete_is_a_truncation_and_afterwards_the_end(bool victimIsServer, int moment)
    {
        foreach (var isFatal in new[] { false, true })
        {
            using var peer = At(victimIsServer, moment);
            peer.SendAlert(isFatal, AlertDescription.CloseNotify);
            if (moment < 4)
            {
                peer.Silent(TlsFault.Truncated);
            }
            else
            {
                Assert.Null(peer.Victim.Fault);
                Assert.True(peer.Victim.Closed);
                Assert.True(peer.Victim.Connection.IsClosedByPeer);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Moments))]
    public void A_warning_changes_nothing(bool victimIsServer, int moment)
    {
        using var peer = At(victimIsServer, moment);
        var said = peer.Flow.Count;
        peer.SendAlert(isFatal: false, AlertDescription.CertificateExpired);

        Assert.Null(peer.Victim.Fault);
        Assert.Equal(said, peer.Flow.Count);
    }

    [Theory]
    [InlineData("01", TlsFault.MalformedMessage, AlertDescription.DecodeError)]
    [InlineData("022800", TlsFault.MalformedMessage, AlertDescription.DecodeError)]
    [InlineData("01000100", TlsFault.MalformedMessage, AlertDescription.DecodeError)]
    [InlineData("0028", TlsFault.IllegalParameter, AlertDescription.IllegalParameter)]
    [InlineData("0328", TlsFault.IllegalParameter, AlertDescription.IllegalParameter)]
    public void An_alert_fills_its_record_and_is_a_warning_or_fatal(string content, TlsFault fault, AlertDescription alert)
    {
        foreach (var victimIsServer in new[] { true, false })
        {
            foreach (var moment in new[] { 0, 1, 4 })
            {
                using var peer = At(victimIsServer, moment);
                peer.SendContent(ContentType.Alert, Convert.FromHexString(content));
                peer.Refused(fault, alert);
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_follows_a_close_is_not_read(bool victimIsServer)
    {
        using var peer = At(victimIsServer, 4);
        peer.Hold(() =>
        {
            peer.SendData([1, 2]);
            peer.SendAlert(isFatal: false, AlertDescription.CloseNotify);
            peer.SendData([3]);
            peer.SendAlert(isFatal: true, AlertDescription.InternalError);
        });

        Assert.Equal([1, 2], peer.Victim.Delivered);
        Assert.True(peer.Victim.Closed);
        Assert.Null(peer.Victim.Fault);
        peer.HangUp();
        Assert.Null(peer.Victim.Fault); // the end was announced
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void After_the_peers_close_this_side_may_still_write_and_then_close_itself(bool victimIsServer)
    {
        using var peer = At(victimIsServer, 4);
        peer.SendAlert(isFatal: false, AlertDescription.CloseNotify);
        peer.Hear(peer.Victim.Write([7, 8]));
        peer.Victim.Connection.Close();
        peer.Listen();

        Assert.Equal([7, 8], peer.Data);
        Assert.Equal(AlertDescription.CloseNotify, peer.Alert!.Value.Description);
        Assert.False(peer.Alert.Value.IsFatal);
        Assert.False(peer.Victim.Connection.CanWrite);
        Assert.Throws<InvalidOperationException>(() => peer.Victim.Connection.Write([1], new byte[100]));
        peer.Victim.Connection.Close();
        Assert.False(peer.Victim.Connection.HasPendingOutput);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void After_its_own_close_a_side_goes_on_reading_and_sends_no_alert_more(bool victimIsServer)
    {
        using var peer = At(victimIsServer, 4);
        peer.Victim.Connection.Close();
        peer.Listen();
        peer.SendData([9]);
        Assert.Equal([9], peer.Victim.Delivered);
        peer.SendContent(ContentType.ChangeCipherSpec, [1]);

        Assert.Equal(TlsFault.UnexpectedMessage, peer.Victim.Fault!.Fault);
        peer.Listen();
        Assert.Equal(1, peer.AlertCount);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_abort_is_told_to_the_peer_and_to_every_later_call(bool victimIsServer)
    {
        foreach (var moment in new[] { 0, 1, 4 })
        {
            using var peer = At(victimIsServer, moment);
            var thrown = peer.Victim.Connection.TimeOut(TimeSpan.FromSeconds(1));
            peer.Victim.Step();

            Assert.Same(thrown, peer.Victim.Fault);
            peer.Refused(TlsFault.HandshakeTimeout, AlertDescription.UserCanceled);
            Assert.Same(thrown, peer.Victim.Connection.Abort(new InvalidOperationException("again")));
        }
    }

    /// <summary>0: the beginning, 1: the server's hello, 2: all before ChangeCipherSpec, 3: before Finished, 4: connected.</summary>
    private HostilePeer At(bool victimIsServer, int moment)
    {
        var peer = HostilePeer.Of(victimIsServer, _time);
        switch (moment)
        {
            case 1:
                peer.SendHello();
                break;
            case 2:
                peer.SendAllBeforeChange();
                break;
            case 3:
                peer.SendAllBeforeChange();
                peer.SendChangeCipherSpec();
                break;
            case 4:
                peer.Connect();
                break;
        }

        Assert.Null(peer.Victim.Fault);
        Assert.Equal(moment == 4, peer.Victim.Connection.IsConnected);
        return peer;
    }
}
