using System.Security.Cryptography;
using Kippu.Tests.Handshake.Peers;
using Kippu.Wire;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>What RFC 5077 §3.1 to §3.4 demands of a client, against a server that does as it likes.</summary>
public sealed class ClientTicketRulesTests
{
    private static readonly byte[] s_ticket = [1, 2, 3, 4];

    private readonly FakeTimeProvider _time = TestServers.Clock();
    private readonly TlsClient _client;

    public ClientTicketRulesTests() => _client = TestServers.Client(_time);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_ticket_that_was_not_promised_is_unexpected(bool resumes)
    {
        using var peer = resumes ? Offered(hold: true) : Offered(hold: false);
        Answer(peer, resumes);
        peer.SendTicket(s_ticket);

        peer.Refused(TlsFault.UnexpectedMessage, AlertDescription.UnexpectedMessage);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_ticket_that_was_promised_must_come(bool resumes)
    {
        using var peer = resumes ? Offered(hold: true) : Offered(hold: false);
        peer.PromisesTicket = true;
        Answer(peer, resumes);
        peer.SendChangeCipherSpec();

        peer.Refused(TlsFault.UnexpectedMessage, AlertDescription.UnexpectedMessage);
        AssertHoldsNothing();
    }

    [Fact]
    public void A_promise_is_an_empty_extension()
    {
        using var peer = new HostileServer(_client) { Edit = Edits.Extension(HandshakeType.ServerHello, (int)ExtensionType.SessionTicket, [7]) };
        peer.SendHello();

        peer.Refused(TlsFault.MalformedMessage, AlertDescription.DecodeError);
    }

    [Fact]
    public void A_ticket_is_no_session_before_the_servers_Finished_has_verified()
    {
        using var peer = new HostileServer(_client) { PromisesTicket = true };
        peer.SendFullFlight();
        peer.SendTicket(s_ticket);
        AssertHoldsNothing();
        peer.SendChangeCipherSpec();
        AssertHoldsNothing();
        peer.SendFinished();

        peer.Connected();
        Assert.Equal(s_ticket, NextTicket());
    }

    [Fact]
    public void A_client_whose_server_fails_to_finish_keeps_nothing()
    {
        using var peer = new HostileServer(_client) { PromisesTicket = true, SessionId = RandomNumberGenerator.GetBytes(32), Edit = Edits.FlipLast(HandshakeType.Finished) }.Connect();

        peer.Refused(TlsFault.BadFinished, AlertDescription.DecryptError);
        AssertHoldsNothing();
    }

    [Fact]
    public void A_client_whose_connection_breaks_off_before_Finished_keeps_nothing()
    {
        using var peer = new HostileServer(_client) { PromisesTicket = true };
        peer.SendFullFlight();
        peer.SendTicket(s_ticket);
        peer.HangUp();

        peer.Silent(TlsFault.Truncated);
        AssertHoldsNothing();
    }

    [Fact]
    public void A_renewed_ticket_takes_the_place_of_the_old_one_once_Finished_has_verified()
    {
        using var peer = Offered(hold: true);
        peer.PromisesTicket = true;
        Answer(peer, resumes: true);
        peer.SendTicket(s_ticket);
        peer.SendChangeCipherSpec();
        peer.SendFinished();

        peer.Connected();
        Assert.Equal(1, _client.SessionStore.Count);
        Assert.Equal(s_ticket, NextTicket());
    }

    [Fact]
    public void A_renewed_ticket_is_worth_nothing_if_Finished_does_not_verify()
    {
        using var peer = Offered(hold: true);
        peer.PromisesTicket = true;
        peer.Edit = Edits.FlipLast(HandshakeType.Finished);
        peer.Session = peer.Held;
        peer.SendHello();
        peer.SendClosingFlight(s_ticket);

        peer.Refused(TlsFault.BadFinished, AlertDescription.DecryptError);
        AssertHoldsNothing();
    }

    [Fact]
    public void A_renewed_ticket_holds_the_same_session()
    {
        using var first = Offered(hold: true);
        first.Session = first.Held;
        first.PromisesTicket = true;
        first.Connect(s_ticket);
        using var second = new HostileServer(_client) { Session = first.Held }.Connect();

        second.Connected();
        Assert.Equal(s_ticket, second.ClientHello.SessionTicket!.Value.ToArray());
    }

    [Fact]
    public void The_session_ID_is_dropped_when_a_ticket_came()
    {
        var sessionId = RandomNumberGenerator.GetBytes(32);
        using var peer = new HostileServer(_client) { PromisesTicket = true, SessionId = sessionId }.Connect(s_ticket);
        peer.Connected();
        using var next = new HostileServer(_client);
        using var afterThat = new HostileServer(_client);

        Assert.Equal(s_ticket, next.ClientHello.SessionTicket!.Value.ToArray());
        Assert.Equal(32, next.ClientHello.SessionId.Length);
        Assert.NotEqual(sessionId, next.ClientHello.SessionId.ToArray());
        Assert.NotEqual(next.ClientHello.SessionId.ToArray(), afterThat.ClientHello.SessionId.ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_session_ID_is_kept_when_no_ticket_or_an_empty_one_came(bool promises)
    {
        var sessionId = RandomNumberGenerator.GetBytes(32);
        using var peer = new HostileServer(_client) { PromisesTicket = promises, SessionId = sessionId }.Connect([]);
        peer.Connected();
        using var next = new HostileServer(_client) { Session = peer.NewSession }.Connect();

        next.Connected();
        Assert.Equal(ResumptionKind.SessionId, next.Victim.Connection.Info.Resumption);
        Assert.True(next.ClientHello.SessionTicket is { IsEmpty: true });
        Assert.Equal(sessionId, next.ClientHello.SessionId.ToArray());
    }

    [Fact]
    public void An_empty_ticket_and_no_session_ID_leave_nothing_to_offer()
    {
        using var peer = new HostileServer(_client) { PromisesTicket = true }.Connect([]);

        peer.Connected();
        Assert.False(peer.Victim.Connection.Info.NewTicket);
        AssertHoldsNothing();
    }

    [Fact]
    public void An_empty_ticket_in_an_abbreviated_handshake_leaves_the_old_one()
    {
        using var peer = Offered(hold: true);
        var old = peer.ClientHello.SessionTicket!.Value.ToArray();
        peer.Session = peer.Held;
        peer.PromisesTicket = true;
        peer.Connect([]);

        peer.Connected();
        Assert.Equal(old, NextTicket());
    }

    [Fact]
    public void A_server_that_answers_another_session_ID_does_not_resume()
    {
        using var peer = Offered(hold: true);
        peer.SessionId = RandomNumberGenerator.GetBytes(32);
        peer.Connect();

        peer.Connected();
        Assert.False(peer.Victim.Connection.Info.IsResumed);
        Assert.True(peer.HasSaid(HandshakeType.ClientKeyExchange));
    }

    [Fact]
    public void A_server_that_answers_no_session_ID_does_not_resume_and_the_ticket_is_dropped()
    {
        using var peer = Offered(hold: true);
        peer.Connect();

        peer.Connected();
        Assert.False(peer.Victim.Connection.Info.IsResumed);
        AssertHoldsNothing();
    }

    [Fact]
    public void A_server_that_echoes_the_session_ID_cannot_go_on_with_a_full_handshake()
    {
        using var peer = Offered(hold: true);
        peer.SessionId = peer.ClientHello.SessionId.ToArray();
        peer.SendHello();
        peer.SendCertificate();

        peer.Refused(TlsFault.UnexpectedMessage, AlertDescription.UnexpectedMessage);
    }

    [Fact]
    public void A_server_that_resumes_without_saying_so_is_refused()
    {
        using var peer = Offered(hold: true);
        peer.Session = peer.Held;
        peer.SessionId = RandomNumberGenerator.GetBytes(32);
        peer.SendHello();
        peer.SendChangeCipherSpec();

        peer.Refused(TlsFault.UnexpectedMessage, AlertDescription.UnexpectedMessage);
    }

    [Fact]
    public void A_session_that_was_never_offered_is_not_resumed_by_an_echo()
    {
        // An empty session ID is no session ID: a server that sends none has resumed nothing.
        using var peer = new HostileServer(_client);
        Assert.True(peer.ClientHello.SessionId.IsEmpty);
        peer.SendHello();
        peer.SendContent(ContentType.ChangeCipherSpec, [1]);

        peer.Refused(TlsFault.UnexpectedMessage, AlertDescription.UnexpectedMessage);
    }

    [Fact]
    public void The_suite_of_a_resumed_session_must_be_its_own()
    {
        using var peer = Offered(hold: true);
        peer.Session = peer.Held! with { Suite = CipherSuite.Find((ushort)System.Net.Security.TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384)! };
        peer.SendHello();

        peer.Refused(TlsFault.ResumptionMismatch, AlertDescription.IllegalParameter);
    }

    [Theory]
    [InlineData(0u, 24 * 3600)]
    [InlineData(1u, 1)]
    [InlineData(7200u, 7200)]
    [InlineData(uint.MaxValue, 7 * 24 * 3600)]
    public void A_ticket_is_offered_for_as_long_as_its_hint_says(uint hint, int seconds)
    {
        using var peer = new HostileServer(_client) { PromisesTicket = true };
        peer.SendFullFlight();
        peer.SendTicket(s_ticket, hint);
        peer.SendChangeCipherSpec();
        peer.SendFinished();
        peer.Connected();

        Assert.Equal(TimeSpan.FromSeconds(hint), peer.Victim.Connection.Info.NewTicketLifetime);
        _time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(s_ticket, NextTicket());
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal([], NextTicket());
    }

    [Fact]
    public void A_client_that_does_not_use_tickets_neither_asks_for_one_nor_takes_a_promise()
    {
        using var peer = new HostileServer(TestServers.Client(_time, options => options.UseTickets = false)) { PromisesTicket = true };
        Assert.Null(peer.ClientHello.SessionTicket);
        peer.SendHello();

        peer.Refused(TlsFault.UnsolicitedExtension, AlertDescription.UnsupportedExtension);
    }

    [Fact]
    public void A_client_that_does_not_use_session_IDs_keeps_none()
    {
        var client = TestServers.Client(_time, options => options.UseSessionIds = false);
        using var peer = new HostileServer(client) { SessionId = RandomNumberGenerator.GetBytes(32) }.Connect();

        peer.Connected();
        Assert.Equal(0, client.SessionStore.Count);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(16 * 1024, true)]
    [InlineData(32 * 1024, true)]
    [InlineData(65_535, false)]
    public void A_ticket_that_no_hello_could_carry_is_not_kept(int length, bool kept)
    {
        // RFC 5246 §7.4.1.4: all extensions of a hello together have 65,535 bytes at most, so the longest ticket of all can never be offered.
        using var peer = new HostileServer(_client) { PromisesTicket = true }.Connect(RandomNumberGenerator.GetBytes(length));

        peer.Connected();
        Assert.Equal(kept ? length : 0, NextTicket().Length);
    }

    [Fact]
    public void A_suite_that_is_no_longer_enabled_is_not_offered_for_resumption()
    {
        using var first = Offered(hold: true);
        var stricter = TestServers.Client(_time, options =>
        {
            options.SessionStore = _client.SessionStore;
            options.CipherSuites.Add(System.Net.Security.TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384);
        });
        using var peer = new HostileServer(stricter);

        Assert.True(peer.ClientHello.SessionTicket is { IsEmpty: true });
        Assert.True(peer.ClientHello.SessionId.IsEmpty);
    }

    private static void Answer(HostileServer peer, bool resumes)
    {
        if (resumes)
        {
            peer.Session = peer.Held;
            peer.SendHello();
        }
        else
        {
            peer.SendFullFlight();
        }
    }

    /// <summary>A hello of the client's, with a ticket in it if it is to hold one.</summary>
    private HostileServer Offered(bool hold)
    {
        if (!hold)
        {
            return new HostileServer(_client);
        }

        using var first = new HostileServer(_client) { PromisesTicket = true }.Connect();
        first.Connected();
        var peer = new HostileServer(_client) { Held = first.NewSession };
        Assert.Equal(100, peer.ClientHello.SessionTicket!.Value.Length);
        return peer;
    }

    private byte[] NextTicket()
    {
        using var next = new HostileServer(_client);
        return next.ClientHello.SessionTicket!.Value.ToArray();
    }

    private void AssertHoldsNothing()
    {
        Assert.Equal(0, _client.SessionStore.Count);
        using var next = new HostileServer(_client);
        Assert.True(next.ClientHello.SessionTicket is { IsEmpty: true });
        Assert.True(next.ClientHello.SessionId.IsEmpty);
    }
}
