using System.Net.Security;
using Kippu.Records;
using Kippu.Tests.Handshake.Peers;
using Kippu.Wire;
using Kippu.Wire.Messages;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>0-RTT (RFC 8446 §4.2.10 and §8): what costs a client its early data, that it costs nothing else, and how much of it is skipped.</summary>
public sealed class EarlyDataRulesTests
{
    private const int MaxSize = 1000;

    /// <summary>What a server skips at most: a full record at least, and a number of records.</summary>
    private const int MaxSkippedRecords = 64 + (MaxSize / 256);

    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = TestServers.Clock();

    [Fact]
    public void It_is_accepted_and_told_from_what_comes_after()
    {
        using var peer = Offering(Server());
        peer.SendHello();
        peer.SendData("early"u8);
        Assert.Equal("early"u8.ToArray(), peer.Victim.EarlyDelivered);
        peer.Hear(peer.Victim.Write("half"u8));
        Assert.Equal("half"u8.ToArray(), peer.Data);
        peer.SendEndOfEarlyData();
        peer.SendFinished();

        peer.Connected();
        Assert.True(peer.Victim.Connection.Info.EarlyDataAccepted);
    }

    [Theory]
    [InlineData(-10_000, true)]
    [InlineData(-10_001, false)]
    [InlineData(10_000, true)]
    [InlineData(10_001, false)]
    [InlineData(100_000_000, false)]
    public void An_age_outside_the_window_costs_the_early_data_only(int milliseconds, bool accepted)
    {
        var server = Server();
        var session = Issued(server);
        _time.Advance(TimeSpan.FromMinutes(10));
        using var peer = new HostileClient13(server) { Sessions = [session with { Age = TimeSpan.FromMinutes(10) + TimeSpan.FromMilliseconds(milliseconds) }], EarlyData = true };

        AssertResumed(peer, accepted);
    }

    [Fact]
    public void A_HelloRetryRequest_costs_it() => AssertResumed(Offering(Server(options => options.Groups.Add(NamedGroup.Secp384r1))), accepted: false);

    [Fact]
    public void Another_application_protocol_costs_it()
    {
        var server = Server(options =>
        {
            options.ApplicationProtocols.Add(SslApplicationProtocol.Http2);
            options.ApplicationProtocols.Add(SslApplicationProtocol.Http11);
        });
        var session = Issued(server, hello => hello.ApplicationProtocols = ProtocolNameList.Of([SslApplicationProtocol.Http2]));
        using var same = new HostileClient13(server) { Sessions = [session], EarlyData = true };
        AssertResumed(same, accepted: true, hello => hello.ApplicationProtocols = ProtocolNameList.Of([SslApplicationProtocol.Http2, SslApplicationProtocol.Http11]));

        session = Issued(server, hello => hello.ApplicationProtocols = ProtocolNameList.Of([SslApplicationProtocol.Http2]));
        using var other = new HostileClient13(server) { Sessions = [session], EarlyData = true };
        AssertResumed(other, accepted: false, hello => hello.ApplicationProtocols = ProtocolNameList.Of([SslApplicationProtocol.Http11]));

        session = Issued(server, hello => hello.ApplicationProtocols = ProtocolNameList.Of([SslApplicationProtocol.Http2]));
        using var none = new HostileClient13(server) { Sessions = [session], EarlyData = true };
        AssertResumed(none, accepted: false);
    }

    [Fact]
    public void Another_suite_costs_it()
    {
        var server = Server();
        using var peer = new HostileClient13(server) { Sessions = [Issued(server)], EarlyData = true, Suites = [(ushort)TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256] };

        AssertResumed(peer, accepted: false);
    }

    [Fact]
    public void An_identity_that_is_not_the_first_costs_it()
    {
        var server = Server();
        using var peer = new HostileClient13(server) { Sessions = [PeerSession13.Invented(HostilePeer13.Aes128), Issued(server)], EarlyData = true };

        AssertResumed(peer, accepted: false);
        Assert.Equal(1, peer.Said<ServerHello>().SelectedIdentity!.Value);
    }

    [Fact]
    public void A_ticket_that_allows_none_costs_it()
    {
        var server = Server(options => options.EarlyData.MaxSize = 0);

        AssertResumed(Offering(server), accepted: false);
    }

    [Fact]
    public void A_session_with_a_certificate_allows_none()
    {
        var server = Server(options => options.ClientCertificate = ClientCertificateRequirement.Optional);
        using var first = new HostileClient13(server) { Credential = TestPki.Client.Credential }.Connect();
        Assert.All(first.Tickets, ticket => Assert.Null(ticket.MaxEarlyData));
        using var peer = new HostileClient13(server) { Sessions = [first.NewSession], EarlyData = true };

        AssertResumed(peer, accepted: false);
    }

    [Fact]
    public void A_refused_session_costs_it_and_the_handshake_goes_on()
    {
        using var peer = new HostileClient13(Server()) { Sessions = [PeerSession13.Invented(HostilePeer13.Aes128)], EarlyData = true };
        peer.SendBytes(FirstFlight(peer, "early"u8.ToArray()));
        peer.SendFinished();

        peer.Connected();
        Assert.Empty(peer.Victim.EarlyDelivered);
        Assert.False(peer.Resumes);
    }

    [Fact]
    public void Early_data_without_a_session_is_skipped()
    {
        using var peer = new HostileClient13(Server());
        peer.SendHello(hello =>
        {
            hello.EarlyData = true;
            peer.Sessions = [PeerSession13.Invented(HostilePeer13.Aes128)];
        });
        peer.SendFinished();

        peer.Connected();
    }

    [Fact]
    public void The_same_flight_is_accepted_once()
    {
        var server = Server();
        using var peer = Offering(server);
        var flight = FirstFlight(peer, "early"u8.ToArray());
        peer.SendBytes(flight);
        Assert.True(peer.EarlyDataAccepted);

        using var replay = new Endpoint(server.CreateConnection());
        replay.Receive(flight);
        Assert.Null(replay.Fault);
        Assert.Empty(replay.EarlyDelivered);
        _time.Advance(2 * s_window + TimeSpan.FromMilliseconds(1));
        using var late = new Endpoint(server.CreateConnection());
        late.Receive(flight);
        Assert.Empty(late.EarlyDelivered);
    }

    [Fact]
    public void Another_flight_with_the_same_ticket_is_another_flight()
    {
        var server = Server();
        var session = Issued(server);
        for (var i = 0; i < 2; i++)
        {
            using var peer = new HostileClient13(server) { Sessions = [session], EarlyData = true };
            AssertResumed(peer, accepted: true);
        }
    }

    [Fact]
    public void Until_its_window_has_passed_a_new_server_accepts_none()
    {
        var server = TestServers.Server13(_time, options => options.EarlyData.MaxSize = MaxSize);
        _time.Advance((2 * s_window) - TimeSpan.FromMilliseconds(1));
        AssertResumed(Offering(server), accepted: false);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        AssertResumed(Offering(server), accepted: true);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_guard_of_the_application_is_asked(bool firstUse)
    {
        var guard = new Guard();
        var server = Server(options => options.EarlyData.ReplayGuard = guard);
        using var peer = Offering(server);
        ReplayQuestion? asked = null;
        peer.Victim.Answer = question =>
        {
            asked = (ReplayQuestion)question;
            asked.Answer(firstUse);
        };

        AssertResumed(peer, accepted: firstUse);
        Assert.Same(guard, asked!.Guard);
        Assert.Equal(32, asked.Key.Length);
        Assert.Equal(_time.GetUtcNow() + (2 * s_window), asked.Expires);
    }

    [Fact]
    public void More_than_the_ticket_allows_is_unexpected_message()
    {
        using var peer = Offering(Server());
        peer.SendHello();
        peer.SendData(new byte[MaxSize]);
        Assert.Equal(MaxSize, peer.Victim.EarlyDelivered.Count);
        peer.SendData([1]);

        peer.Refused(TlsFault.TooMuchEarlyData, AlertDescription.UnexpectedMessage);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_was_refused_is_skipped_up_to_a_number_of_bytes(bool retried)
    {
        // 16,385 and 16 bytes of protection fit; together with more they do not.
        using var fits = Refused(retried);
        fits.SendBytes(FirstFlight(fits, new byte[RecordLimits.MaxPlaintext]));
        Assert.Null(fits.Victim.Fault);

        using var peer = Refused(retried);
        peer.SendBytes(FirstFlight(peer, new byte[RecordLimits.MaxPlaintext], new byte[RecordLimits.MaxPlaintext]));
        peer.Refused(TlsFault.TooMuchEarlyData, AlertDescription.UnexpectedMessage);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_was_refused_is_skipped_up_to_a_number_of_records(bool retried)
    {
        using var fits = Refused(retried);
        fits.SendBytes(FirstFlight(fits, [.. Enumerable.Repeat<byte[]>([1], MaxSkippedRecords)]));
        Assert.Null(fits.Victim.Fault);

        using var peer = Refused(retried);
        peer.SendBytes(FirstFlight(peer, [.. Enumerable.Repeat<byte[]>([1], MaxSkippedRecords + 1)]));
        peer.Refused(TlsFault.TooMuchEarlyData, AlertDescription.UnexpectedMessage);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_the_ticket_promised_is_skipped_by_a_server_that_takes_less_today(bool retried)
    {
        const int Promised = 60_000;
        var ring = new InProcessRing(timeProvider: _time);
        var session = Issued(Sharing(ring, Promised));
        var stricter = Sharing(ring, MaxSize, options =>
        {
            if (retried)
            {
                options.Groups.Add(NamedGroup.Secp384r1);
            }
        });
        using var peer = new HostileClient13(stricter) { Sessions = [session], EarlyData = true };
        peer.SendBytes(FirstFlight(peer, new byte[Promised]));
        if (retried)
        {
            peer.SendHello();
        }

        peer.SendFinished();
        peer.Connected();
        Assert.True(peer.Resumes);
        Assert.False(peer.EarlyDataAccepted);

        using var greedy = new HostileClient13(stricter) { Sessions = [session], EarlyData = true };
        greedy.SendBytes(FirstFlight(greedy, new byte[(2 * Promised) + 1]));
        Assert.Equal(TlsFault.TooMuchEarlyData, greedy.Victim.Fault?.Fault);
    }

    [Fact]
    public void Nothing_is_skipped_once_the_handshake_has_gone_on()
    {
        var server = Server(options => options.ClientCertificate = ClientCertificateRequirement.Optional);
        using var peer = new HostileClient13(server) { Sessions = [PeerSession13.Invented(HostilePeer13.Aes128)], EarlyData = true };
        byte[] early = [];
        peer.SendBytes(peer.Capture(() =>
        {
            peer.SendHello();
            early = peer.Records.Seal(ContentType.ApplicationData, [1, 2, 3]);
        }));
        peer.SendBytes(early);
        peer.SendCertificate();
        Assert.Null(peer.Victim.Fault);
        peer.SendBytes(early);

        peer.Refused(TlsFault.BadRecordMac, AlertDescription.BadRecordMac);
    }

    [Fact]
    public void Early_data_after_the_second_hello_is_refused()
    {
        using var peer = Refused(retried: true);
        var flight = FirstFlight(peer, [1]);
        peer.SendBytes(flight);
        peer.SendHello();
        Assert.Null(peer.Victim.Fault);
        peer.SendBytes(flight.AsSpan(flight.Length - 23));

        peer.Refused(TlsFault.BadRecordMac, AlertDescription.BadRecordMac);
    }

    [Fact]
    public void A_missing_end_of_early_data_is_found_out()
    {
        using var peer = Offering(Server());
        peer.SendHello();
        peer.WriteHandshake();
        peer.SendFinished();
        peer.Refused(TlsFault.BadRecordMac, AlertDescription.BadRecordMac);

        using var underEarlyKeys = Offering(Server());
        underEarlyKeys.SendHello();
        underEarlyKeys.SendFinished();
        underEarlyKeys.Refused(TlsFault.UnexpectedMessage, AlertDescription.UnexpectedMessage);
    }

    [Fact]
    public void An_end_of_early_data_that_was_refused_is_out_of_place()
    {
        using var peer = Refused(retried: false);
        peer.SendBytes(FirstFlight(peer));
        peer.SendMessage(HandshakeType.EndOfEarlyData, []);

        peer.Refused(TlsFault.UnexpectedMessage, AlertDescription.UnexpectedMessage);
    }

    [Fact]
    public void An_end_of_early_data_with_a_body_is_malformed()
    {
        using var peer = Offering(Server());
        peer.SendHello();
        peer.SendMessage(HandshakeType.EndOfEarlyData, [0]);

        peer.Refused(TlsFault.MalformedMessage, AlertDescription.DecodeError);
    }

    [Fact]
    public void Data_after_its_end_and_before_Finished_is_refused()
    {
        using var peer = Offering(Server());
        peer.SendHello();
        peer.SendEndOfEarlyData();
        peer.SendData([1]);

        peer.Refused(TlsFault.UnexpectedRecord, AlertDescription.UnexpectedMessage);
    }

    /// <summary>What follows the hello comes with it, so the server has to skip it if it refuses it.</summary>
    private static byte[] FirstFlight(HostileClient13 peer, params byte[][] records) => peer.Capture(() =>
    {
        peer.SendHello();
        foreach (var record in records)
        {
            peer.SendData(record);
        }
    });

    private static void AssertResumed(HostileClient13 peer, bool accepted, Action<ClientHello>? change = null)
    {
        peer.SendBytes(peer.Capture(() =>
        {
            peer.SendHello(change ?? (_ => { }));
            peer.SendData("early"u8);
        }));
        if (peer.Retry is not null)
        {
            peer.SendHello();
        }

        Assert.True(peer.Victim.Fault is null, peer.Victim.Fault?.Message);
        Assert.Equal(accepted, peer.EarlyDataAccepted);
        if (accepted)
        {
            peer.SendEndOfEarlyData();
        }

        peer.SendFinished();
        peer.Connected();
        Assert.True(peer.Resumes);
        Assert.Equal(accepted, peer.Victim.Connection.Info.EarlyDataAccepted);
        Assert.Equal(accepted ? "early"u8.ToArray() : [], peer.Victim.EarlyDelivered);
    }

    private static PeerSession13 Issued(TlsServer server, Action<ClientHello>? change = null)
    {
        using var first = new HostileClient13(server);
        first.SendHello(change ?? (_ => { }));
        if (first.Retry is not null)
        {
            first.SendHello();
        }

        first.SendFlight();
        first.SendFinished();
        first.Connected();
        return first.NewSession;
    }

    private static HostileClient13 Offering(TlsServer server) => new(server) { Sessions = [Issued(server)], EarlyData = true };

    /// <summary>A client whose early data the server will refuse.</summary>
    private HostileClient13 Refused(bool retried)
    {
        var server = Server(options =>
        {
            if (retried)
            {
                options.Groups.Add(NamedGroup.Secp384r1);
            }
        });
        return new HostileClient13(server) { Sessions = [Issued(server) with { Age = TimeSpan.FromHours(1) }], EarlyData = true };
    }

    /// <summary>A node on this ring.</summary>
    private TlsServer Sharing(InProcessRing ring, int maxSize, Action<TlsServerOptions>? configure = null) => Server(options =>
    {
        (options.Tickets.Ring, options.ScopeName) = (ring, "shared");
        (options.EarlyData.MaxSize, options.EarlyData.ReplayScope) = (maxSize, ReplayScope.PerNode);
        configure?.Invoke(options);
    });

    /// <summary>A server that has recorded for long enough.</summary>
    private TlsServer Server(Action<TlsServerOptions>? configure = null)
    {
        var server = TestServers.Server13(_time, options =>
        {
            options.EarlyData.MaxSize = MaxSize;
            configure?.Invoke(options);
        });
        _time.Advance(TimeSpan.FromMinutes(1));
        return server;
    }

    private sealed class Guard : IReplayGuard
    {
        public ValueTask<bool> TryUseAsync(ReadOnlyMemory<byte> key, DateTimeOffset expires, CancellationToken cancellationToken) => throw new NotSupportedException("the test answers");
    }
}
