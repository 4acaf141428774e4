using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Kippu.Tests.Handshake.Peers;
using Kippu.Wire;
using Kippu.Wire.Messages;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>A client that is shown a certificate with something wrong: the fault and the alert say what, and nothing is kept.</summary>
public sealed class ServerCertificateTests
{
    private static readonly Dictionary<string, (Func<TestIdentity> Identity, TlsFault Fault, AlertDescription Alert)> s_bad = new()
    {
        ["for another name"] = (() => TestPki.OtherName, TlsFault.CertificateNameMismatch, AlertDescription.BadCertificate),
        ["with a common name only"] = (() => TestPki.CommonNameOnly, TlsFault.CertificateNameMismatch, AlertDescription.BadCertificate),
        ["expired"] = (() => TestPki.Expired, TlsFault.CertificateExpired, AlertDescription.CertificateExpired),
        ["not yet valid"] = (() => TestPki.NotYetValid, TlsFault.CertificateExpired, AlertDescription.CertificateExpired),
        ["under an untrusted root"] = (() => TestPki.Untrusted, TlsFault.UnknownAuthority, AlertDescription.UnknownCA),
        ["self-signed"] = (() => TestPki.SelfSigned, TlsFault.UnknownAuthority, AlertDescription.UnknownCA),
        ["for clients only"] = (() => TestPki.WrongExtendedKeyUsage, TlsFault.UnsupportedCertificate, AlertDescription.UnsupportedCertificate),
        ["for key encipherment only"] = (() => TestPki.WrongKeyUsage, TlsFault.UnsupportedCertificate, AlertDescription.UnsupportedCertificate),
    };

    private readonly FakeTimeProvider _time = TestServers.Clock();

    public static TheoryData<string> Bad => [.. s_bad.Keys];

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_certificate_is_refused_that_is(string what)
    {
        var (identity, fault, alert) = s_bad[what];
        var client = TestServers.Client(_time);
        using var peer = new HostileServer(client) { Credential = identity().Credential };
        peer.SendHello();
        peer.SendCertificate();

        peer.Refused(fault, alert);
        Assert.False(peer.HasSaid(HandshakeType.ClientKeyExchange));
        Assert.Equal(0, client.SessionStore.Count);
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void The_server_learns_from_the_alert_that_its_certificate_is(string what)
    {
        var (identity, _, alert) = s_bad[what];
        var server = new TlsServer(TestServers.ServerOptions(_time, identity()));
        using var pair = new ConnectionPair(TestServers.Client(_time), server).Run();

        Assert.Equal(TlsFault.PeerAlert, pair.Server.Fault!.Fault);
        Assert.Equal(alert, pair.Server.Fault.Alert);
        Assert.True(pair.Server.Fault.IsPeerAlert);
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_callback_may_overrule_that_it_is(string what)
    {
        var (identity, fault, _) = s_bad[what];
        CertificateVerificationContext? seen = null;
        var client = Client((context, _) =>
        {
            seen = context;
            return ValueTask.FromResult(true);
        });
        var server = new TlsServer(TestServers.ServerOptions(_time, identity()));
        using var pair = new ConnectionPair(client, server).Connect();

        Assert.False(seen!.IsAccepted);
        Assert.Equal(fault, seen.Faults[0]);
        Assert.NotEqual("", seen.Detail);
        Assert.Equal(TestServers.Name, seen.HostName);
        Assert.True(seen.PeerIsServer);
        Assert.Equal(identity().Certificate.Subject, pair.Client.Connection.Info.PeerCertificate!.Subject);
    }

    [Fact]
    public void A_callback_may_refuse_what_the_library_accepts()
    {
        using var pair = new ConnectionPair(Client((context, _) => ValueTask.FromResult(!context.IsAccepted)), TestServers.Server(_time)).Run();

        Assert.Equal(TlsFault.CertificateRejected, pair.Client.Fault!.Fault);
        Assert.Equal(AlertDescription.CertificateUnknown, pair.Server.Fault!.Alert);
    }

    [Fact]
    public void A_session_accepted_by_a_callback_is_not_offered_by_a_client_without_it()
    {
        var store = new ClientSessionStore();
        var server = TestServers.Server(_time);
        using var first = new ConnectionPair(Client(static (_, _) => ValueTask.FromResult(true), store), server).Connect();
        using var other = new ConnectionPair(TestServers.Client(_time, options => options.SessionStore = store), server).Connect();
        using var again = new ConnectionPair(Client(static (_, _) => ValueTask.FromResult(true), store), server).Connect();

        Assert.False(other.Client.Connection.Info.IsResumed);
        Assert.False(again.Client.Connection.Info.IsResumed); // no id says that both callbacks are the same policy
    }

    [Theory]
    [InlineData(SslProtocols.Tls12, true)]
    [InlineData(SslProtocols.Tls12, false)]
    [InlineData(SslProtocols.Tls13, true)]
    public void A_client_whose_callback_has_no_id_keeps_nothing_and_asks_it_every_time(SslProtocols protocol, bool tickets)
    {
        var asked = 0;
        var client = TestServers.Client(_time, options =>
        {
            options.Protocols = protocol;
            options.ServerVerification.Callback = (_, _) =>
            {
                // What it knows may have changed since: a pin, a list of what is revoked.
                asked++;
                return ValueTask.FromResult(asked < 3);
            };
        });
        var server = TestServers.Server(_time, options =>
        {
            options.Protocols = protocol;
            options.Tickets.Enabled = tickets;
            TestServers.WithSessionCache(options);
        });
        for (var i = 1; i <= 2; i++)
        {
            using var pair = new ConnectionPair(client, server).Connect();
            Assert.False(pair.Client.Connection.Info.IsResumed);
            Assert.Equal(i, asked);
            Assert.Equal(0, client.SessionStore.Count);
        }

        using var refused = new ConnectionPair(client, server).Run();
        Assert.Equal(TlsFault.CertificateRejected, refused.Client.Fault?.Fault);
    }

    [Fact]
    public void A_client_whose_callback_has_no_id_asks_for_no_ticket()
    {
        using var peer = new HostileServer(Client(static (_, _) => ValueTask.FromResult(true)));

        Assert.Null(peer.ClientHello.SessionTicket);
    }

    [Fact]
    public void A_session_accepted_by_a_callback_with_an_id_is_offered_under_the_same_id_only()
    {
        var store = new ClientSessionStore();
        var server = TestServers.Server(_time);
        using var first = new ConnectionPair(Client(static (_, _) => ValueTask.FromResult(true), store, "v1"), server).Connect();
        using var other = new ConnectionPair(Client(static (_, _) => ValueTask.FromResult(true), store, "v2"), server).Connect();
        using var same = new ConnectionPair(Client(static (_, _) => ValueTask.FromResult(true), store, "v1"), server).Connect();

        Assert.False(other.Client.Connection.Info.IsResumed);
        Assert.True(same.Client.Connection.Info.IsResumed);
    }

    [Fact]
    public void A_chain_without_its_intermediate_is_untrusted()
    {
        using var peer = new HostileServer(TestServers.Client(_time));
        peer.SendHello();
        peer.Send(new CertificateMessage12 { Certificates = [TestPki.EcdsaP256.Chain[0]] });

        peer.Refused(TlsFault.UnknownAuthority, AlertDescription.UnknownCA);
    }

    [Fact]
    public void An_empty_chain_is_malformed()
    {
        using var peer = new HostileServer(TestServers.Client(_time));
        peer.SendHello();
        peer.Send(new CertificateMessage12 { Certificates = [] });

        peer.Refused(TlsFault.MalformedMessage, AlertDescription.DecodeError);
    }

    [Theory]
    [InlineData("00")]
    [InlineData("3000")]
    [InlineData("308201")]
    [InlineData("2d2d2d2d2d424547494e")]
    public void What_is_no_certificate_is_bad(string der)
    {
        foreach (var chain in new ReadOnlyMemory<byte>[][] { [Convert.FromHexString(der)], [TestPki.EcdsaP256.Chain[0], Convert.FromHexString(der)] })
        {
            using var peer = new HostileServer(TestServers.Client(_time));
            peer.SendHello();
            peer.Send(new CertificateMessage12 { Certificates = chain });

            peer.Refused(TlsFault.BadCertificate, AlertDescription.BadCertificate);
        }
    }

    [Fact]
    public void A_certificate_with_any_byte_changed_is_refused()
    {
        var der = TestPki.EcdsaP256.Chain[0].ToArray();
        for (var i = 0; i < der.Length; i += 7)
        {
            var changed = der.ToArray();
            changed[i] ^= 0x01;
            using var peer = new HostileServer(TestServers.Client(_time));
            peer.SendHello();
            peer.Send(new CertificateMessage12 { Certificates = [changed, .. TestPki.EcdsaP256.Chain.Skip(1)] });

            var fault = peer.Victim.Fault;
            Assert.True(fault is not null, $"byte {i} does not matter");
            Assert.Contains(fault.Fault, new[]
            {
                TlsFault.BadCertificate, TlsFault.UnknownAuthority, TlsFault.UnsupportedCertificate, TlsFault.CertificateExpired, TlsFault.CertificateNameMismatch,
            });
            peer.Refused(fault.Fault, fault.Alert!.Value);
        }
    }

    [Fact]
    public void A_chain_of_too_many_certificates_is_refused()
    {
        using var peer = new HostileServer(TestServers.Client(_time));
        peer.SendHello();
        peer.Send(new CertificateMessage12 { Certificates = [TestPki.EcdsaP256.Chain[0], .. Enumerable.Repeat(TestPki.EcdsaP256.Chain[1], 10)] });

        peer.Refused(TlsFault.BadCertificate, AlertDescription.BadCertificate);
    }

    [Fact]
    public void A_session_is_not_offered_once_the_certificate_it_rests_on_has_expired()
    {
        var shortLived = TestPki.Issue(new TestProfile { NotAfter = TestPki.Now.AddHours(1) });
        var client = TestServers.Client(_time);
        using var first = new HostileServer(client) { Credential = shortLived.Credential, PromisesTicket = true }.Connect();
        first.Connected();
        _time.Advance(TimeSpan.FromMinutes(59));
        using var before = new HostileServer(client);
        _time.Advance(TimeSpan.FromMinutes(2));
        using var after = new HostileServer(client);

        Assert.False(before.ClientHello.SessionTicket!.Value.IsEmpty);
        Assert.True(after.ClientHello.SessionTicket!.Value.IsEmpty);
    }

    [Fact]
    public void The_clock_of_the_options_decides_what_is_valid()
    {
        var early = new FakeTimeProvider(TestPki.Now.AddDays(-15));
        var server = new TlsServer(TestServers.ServerOptions(early, TestPki.Expired));
        using var pair = new ConnectionPair(TestServers.Client(early), server).Connect();

        Assert.Equal(TestPki.Expired.Certificate.Subject, pair.Client.Connection.Info.PeerCertificate!.Subject);
    }

    private TlsClient Client(Func<CertificateVerificationContext, CancellationToken, ValueTask<bool>> callback, ClientSessionStore? store = null, string? id = null) => TestServers.Client(_time, options =>
    {
        options.ServerVerification.Callback = callback;
        options.ServerVerification.CallbackId = id;
        options.SessionStore = store;
    });
}
