using System.Security.Cryptography;
using Kippu.Tests.Handshake.Peers;
using Kippu.Wire;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>
/// RFC 5246 §7.2.2: "Any connection terminated with a fatal alert MUST NOT be resumed." Both sides forget the session, whoever sent the alert; a connection that
/// was cut off, or closed, stays resumable (§7.2.1).
/// </summary>
public sealed class SessionForgettingTests
{
    private static readonly Dictionary<string, (Action<HostilePeer> End, bool Forgets)> s_ends = new()
    {
        ["a fatal alert of the peer's"] = (peer => peer.SendAlert(isFatal: true, AlertDescription.InternalError), true),
        ["a fault of the peer's"] = (peer => peer.SendContent(ContentType.ChangeCipherSpec, [1]), true),
        ["a record that is not authentic"] = (peer => peer.SendBytes(PeerRecords.Clear(23, 0x0303, 30, new byte[30])), true),
        ["an abort of its own"] = (peer => peer.Victim.Connection.Abort(new InvalidOperationException("enough")), true),
        ["the end of the transport"] = (peer => peer.HangUp(), false),
        ["a close of the peer's"] = (peer => peer.SendAlert(isFatal: false, AlertDescription.CloseNotify), false),
        ["a close of its own"] = (peer => peer.Victim.Connection.Close(), false),
        ["a warning"] = (peer => peer.SendAlert(isFatal: false, AlertDescription.NoRenegotiation), false),
        ["being disposed"] = (peer => peer.Victim.Dispose(), false),
    };

    private readonly FakeTimeProvider _time = TestServers.Clock();

    public static TheoryData<string> Ends => [.. s_ends.Keys];

    [Theory]
    [MemberData(nameof(Ends))]
    public void A_server_forgets_or_keeps_the_session_of_an_ID_after(string end)
    {
        var cache = new MemorySessionCache(timeProvider: _time);
        var server = TestServers.Server(_time, options => options.SessionCache = cache);
        using var peer = new HostileClient(server) { AsksForTicket = false }.Connect();
        Assert.Equal(1, cache.Count);
        s_ends[end].End(peer);
        Assert.Equal(s_ends[end].Forgets ? 0 : 1, cache.Count);

        // The same for a connection that resumed it.
        using var first = new HostileClient(server) { AsksForTicket = false }.Connect();
        using var resumed = new HostileClient(server) { Session = first.NewSession }.Connect();
        Assert.True(resumed.Resumes);
        s_ends[end].End(resumed);
        using var again = new HostileClient(server) { Session = first.NewSession }.Connect();
        Assert.Equal(!s_ends[end].Forgets, again.Resumes);
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public void A_client_forgets_or_keeps_its_session_after(string end)
    {
        foreach (var byTicket in new[] { true, false })
        {
            var client = TestServers.Client(_time);
            using var peer = new HostileServer(client) { PromisesTicket = byTicket, SessionId = byTicket ? [] : RandomNumberGenerator.GetBytes(32) }.Connect();
            Assert.Equal(1, client.SessionStore.Count);
            s_ends[end].End(peer);
            Assert.Equal(s_ends[end].Forgets ? 0 : 1, client.SessionStore.Count);
        }
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public void A_client_forgets_or_keeps_the_session_that_it_resumed_after(string end)
    {
        foreach (var renewed in new[] { true, false })
        {
            var client = TestServers.Client(_time);
            using var first = new HostileServer(client) { PromisesTicket = true }.Connect();
            using var peer = new HostileServer(client) { Session = first.NewSession, PromisesTicket = renewed }.Connect();
            peer.Connected();
            Assert.True(peer.Victim.Connection.Info.IsResumed);
            s_ends[end].End(peer);
            Assert.Equal(s_ends[end].Forgets ? 0 : 1, client.SessionStore.Count);
        }
    }

    [Fact]
    public void A_client_forgets_a_session_whose_resumption_was_answered_with_an_alert()
    {
        // Else it would offer it again, and fail again, for ever.
        var client = TestServers.Client(_time);
        using var first = new HostileServer(client) { PromisesTicket = true }.Connect();
        using var peer = new HostileServer(client);
        Assert.False(peer.ClientHello.SessionTicket!.Value.IsEmpty);
        peer.SendAlert(isFatal: true, AlertDescription.HandshakeFailure);

        peer.Silent(TlsFault.PeerAlert);
        Assert.Equal(0, client.SessionStore.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_session_is_forgotten_though_the_fault_stands_behind_Finished_in_its_record(bool victimIsServer)
    {
        var cache = new MemorySessionCache(timeProvider: _time);
        var server = TestServers.Server(_time, options => options.SessionCache = cache);
        var client = TestServers.Client(_time);
        using HostilePeer peer = victimIsServer ? new HostileClient(server) { AsksForTicket = false } : new HostileServer(client) { PromisesTicket = true };
        peer.Tamper = (type, raw) => type == HandshakeType.Finished ? [.. raw, 0, 0, 0, 0] : raw;
        peer.Connect();

        peer.Refused(TlsFault.MessageAcrossKeyChange, AlertDescription.UnexpectedMessage);
        Assert.Equal(0, cache.Count + client.SessionStore.Count);
    }

    [Fact]
    public void A_fault_of_one_connection_does_not_touch_the_sessions_of_others()
    {
        var client = TestServers.Client(_time);
        using var one = new HostileServer(client) { PromisesTicket = true };
        using var other = new HostileServer(client) { PromisesTicket = true };
        one.Connect([1]);
        other.Connect([2]);
        Assert.Equal(2, client.SessionStore.Count);
        other.SendAlert(isFatal: true, AlertDescription.InternalError);

        Assert.Equal(1, client.SessionStore.Count);
        using var next = new HostileServer(client);
        Assert.Equal([1], next.ClientHello.SessionTicket!.Value.ToArray());
    }
}
