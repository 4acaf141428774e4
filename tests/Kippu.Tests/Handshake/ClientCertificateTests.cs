using System.Security.Cryptography.X509Certificates;
using Kippu.Tests.Handshake.Peers;
using Kippu.Wire;
using Kippu.Wire.Messages;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>Client certificates on a server: none, optional or required; missing, good or bad; and the identity in resumed sessions.</summary>
public sealed class ClientCertificateTests
{
    private static readonly Lazy<TestIdentity> s_notYetValid = new(() => TestPki.Issue(Profile() with { NotBefore = TestPki.Now.AddDays(1), NotAfter = TestPki.Now.AddDays(2) }));
    private static readonly Lazy<TestIdentity> s_selfSigned = new(() => TestPki.Issue(Profile() with { SelfSigned = true }));
    private static readonly Lazy<TestIdentity> s_wrongUsage = new(() => TestPki.Issue(Profile() with { KeyUsage = X509KeyUsageFlags.KeyEncipherment }));

    private static readonly Dictionary<string, (Func<TestIdentity> Identity, TlsFault Fault, AlertDescription Alert)> s_bad = new()
    {
        ["expired"] = (() => TestPki.ExpiredClient, TlsFault.CertificateExpired, AlertDescription.CertificateExpired),
        ["not yet valid"] = (() => s_notYetValid.Value, TlsFault.CertificateExpired, AlertDescription.CertificateExpired),
        ["under an untrusted root"] = (() => TestPki.UntrustedClient, TlsFault.UnknownAuthority, AlertDescription.UnknownCA),
        ["self-signed"] = (() => s_selfSigned.Value, TlsFault.UnknownAuthority, AlertDescription.UnknownCA),
        ["for servers only"] = (() => TestPki.EcdsaP256, TlsFault.UnsupportedCertificate, AlertDescription.UnsupportedCertificate),
        ["for key encipherment only"] = (() => s_wrongUsage.Value, TlsFault.UnsupportedCertificate, AlertDescription.UnsupportedCertificate),
    };

    private readonly FakeTimeProvider _time = TestServers.Clock();

    public static TheoryData<string> Bad => [.. s_bad.Keys];

    [Theory]
    [InlineData(ClientCertificateRequirement.None, false)]
    [InlineData(ClientCertificateRequirement.Optional, true)]
    [InlineData(ClientCertificateRequirement.Required, true)]
    public void A_server_asks_only_if_it_wants_one(ClientCertificateRequirement mode, bool asks)
    {
        using var peer = new HostileClient(Server(mode));
        peer.SendHello();

        Assert.Equal(asks, peer.HasSaid(HandshakeType.CertificateRequest));
        if (asks)
        {
            var request = peer.Said<CertificateRequest12>();
            Assert.Equal([CertificateRequest12.EcdsaSign, CertificateRequest12.RsaSign], request.CertificateTypes.ToArray());
            Assert.Equal(TestPki.Root.Certificate.SubjectName.RawData, Assert.Single(request.CertificateAuthorities).ToArray());
        }
    }

    [Fact]
    public void Roots_whose_names_no_request_can_hold_are_not_listed()
    {
        var many = Enumerable.Range(0, 70).Select(i => TestPki.Issue(new TestProfile { Subject = $"CN={i} {new string('n', 1000)}", SelfSigned = true, IsAuthority = true, ExtendedKeyUsages = [] }).Certificate);
        var server = Server(ClientCertificateRequirement.Required, configure: options => options.ClientVerification.CustomTrustRoots!.AddRange(many.ToArray()));
        using var peer = new HostileClient(server) { Credential = TestPki.Client.Credential }.Connect();

        peer.Connected();
        Assert.Empty(peer.Said<CertificateRequest12>().CertificateAuthorities);
    }

    [Fact]
    public void A_missing_certificate_is_all_right_where_it_is_optional()
    {
        using var peer = new HostileClient(Server(ClientCertificateRequirement.Optional)).Connect();

        peer.Connected();
        Assert.Null(peer.Victim.Connection.Info.PeerCertificate);
    }

    [Fact]
    public void A_missing_certificate_fails_the_handshake_where_it_is_required()
    {
        using var peer = new HostileClient(Server(ClientCertificateRequirement.Required)) { Credential = null };
        peer.SendHello();
        peer.SendCertificate();

        peer.Refused(TlsFault.CertificateMissing, AlertDescription.HandshakeFailure);
    }

    [Theory]
    [InlineData(ClientCertificateRequirement.Optional)]
    [InlineData(ClientCertificateRequirement.Required)]
    public void A_good_certificate_becomes_the_identity(ClientCertificateRequirement mode)
    {
        using var peer = new HostileClient(Server(mode)) { Credential = TestPki.Client.Credential }.Connect();

        peer.Connected();
        Assert.Equal(TestPki.Client.Certificate.RawData, peer.Victim.Connection.Info.PeerCertificate!.RawData);
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void Optional_or_required_a_certificate_is_refused_that_is(string what)
    {
        var (identity, fault, alert) = s_bad[what];
        foreach (var mode in new[] { ClientCertificateRequirement.Optional, ClientCertificateRequirement.Required })
        {
            using var peer = new HostileClient(Server(mode)) { Credential = identity().Credential };
            peer.SendHello();
            peer.SendCertificate();

            peer.Refused(fault, alert);
        }
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_callback_may_overrule_that_it_is(string what)
    {
        var server = Server(ClientCertificateRequirement.Required, id: "lenient", callback: static context => !context.PeerIsServer && !context.IsAccepted);
        using var peer = new HostileClient(server) { Credential = s_bad[what].Identity().Credential }.Connect();

        peer.Connected();
        Assert.Equal(s_bad[what].Identity().Certificate.RawData, peer.Victim.Connection.Info.PeerCertificate!.RawData);
    }

    [Fact]
    public void A_callback_may_refuse_what_the_library_accepts()
    {
        using var peer = new HostileClient(Server(ClientCertificateRequirement.Required, callback: static _ => false)) { Credential = TestPki.Client.Credential };
        peer.SendHello();
        peer.SendCertificate();

        peer.Refused(TlsFault.CertificateRejected, AlertDescription.CertificateUnknown);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_identity_is_there_after_a_resumption(bool byTicket)
    {
        var server = Server(ClientCertificateRequirement.Required);
        using var first = new HostileClient(server) { Credential = TestPki.Client.Credential, AsksForTicket = byTicket }.Connect();
        using var peer = new HostileClient(server) { Session = first.NewSession }.Connect();

        peer.Connected();
        Assert.True(peer.Resumes);
        Assert.Equal(byTicket ? ResumptionKind.Ticket : ResumptionKind.SessionId, peer.Victim.Connection.Info.Resumption);
        Assert.Equal(TestPki.Client.Certificate.RawData, peer.Victim.Connection.Info.PeerCertificate!.RawData);
    }

    [Fact]
    public void The_identity_stays_through_a_chain_of_renewals()
    {
        var server = Server(ClientCertificateRequirement.Required, configure: options => options.Tickets.Renewal = TicketRenewal.Always);
        using var first = new HostileClient(server) { Credential = TestPki.Client.Credential }.Connect();
        var session = first.NewSession;
        for (var i = 0; i < 3; i++)
        {
            using var peer = new HostileClient(server) { Session = session }.Connect();
            peer.Connected();
            Assert.Equal(TestPki.Client.Certificate.RawData, peer.Victim.Connection.Info.PeerCertificate!.RawData);
            session = session.WithTicket(peer.Said<NewSessionTicket12>().Ticket.ToArray());
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_session_without_an_identity_has_none_after_a_resumption(bool byTicket)
    {
        var server = Server(ClientCertificateRequirement.Optional);
        using var first = new HostileClient(server) { AsksForTicket = byTicket }.Connect();
        using var peer = new HostileClient(server) { Session = first.NewSession }.Connect();

        Assert.True(peer.Resumes);
        Assert.Null(peer.Victim.Connection.Info.PeerCertificate);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void With_a_callback_without_an_id_no_session_with_an_identity_is_resumed(bool byTicket)
    {
        var server = Server(ClientCertificateRequirement.Optional, callback: static _ => true);
        using var first = new HostileClient(server) { Credential = TestPki.Client.Credential, AsksForTicket = byTicket }.Connect();
        first.Connected();
        if (byTicket)
        {
            // It was promised before anybody knew whether a certificate would come.
            Assert.True(first.Said<NewSessionTicket12>().Ticket.IsEmpty);
        }

        using var again = new HostileClient(server) { Session = first.NewSession with { Ticket = null }, Credential = TestPki.Client.Credential }.Connect();
        again.Connected();
        Assert.False(again.Resumes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void With_a_callback_without_an_id_sessions_without_an_identity_are_resumed(bool byTicket)
    {
        var server = Server(ClientCertificateRequirement.Optional, callback: static _ => true);
        using var first = new HostileClient(server) { AsksForTicket = byTicket }.Connect();
        using var peer = new HostileClient(server) { Session = first.NewSession }.Connect();

        peer.Connected();
        Assert.True(peer.Resumes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void With_a_callback_with_an_id_sessions_are_resumed_and_it_is_not_asked_again(bool byTicket)
    {
        var asked = 0;
        var server = Server(ClientCertificateRequirement.Required, id: "v1", callback: _ => ++asked > 0);
        using var first = new HostileClient(server) { Credential = TestPki.Client.Credential, AsksForTicket = byTicket }.Connect();
        using var peer = new HostileClient(server) { Session = first.NewSession }.Connect();

        peer.Connected();
        Assert.True(peer.Resumes);
        Assert.Equal(1, asked);
        Assert.NotNull(peer.Victim.Connection.Info.PeerCertificate);
    }

    [Fact]
    public void A_session_ends_with_the_certificate_it_rests_on()
    {
        var shortLived = TestPki.Issue(Profile() with { NotAfter = TestPki.Now.AddHours(1) });
        var server = Server(ClientCertificateRequirement.Required);
        using var first = new HostileClient(server) { Credential = shortLived.Credential }.Connect();
        Assert.Equal(3600u, first.Said<NewSessionTicket12>().LifetimeHint);
        _time.Advance(TimeSpan.FromMinutes(61));
        using var peer = new HostileClient(server) { Session = first.NewSession, Credential = TestPki.Client.Credential }.Connect();

        peer.Connected();
        Assert.False(peer.Resumes);
        Assert.Contains(peer.Victim.Connection.Info.TicketRefusal, new[] { TicketRefusal.CertificateExpired, TicketRefusal.Expired });
    }

    [Theory]
    [InlineData("RsaClient", SignatureScheme.RsaPssRsaeSha256)]
    [InlineData("RsaClient", SignatureScheme.RsaPkcs1Sha512)]
    [InlineData("Client", SignatureScheme.EcdsaSecp384r1Sha384)]
    public void Any_scheme_that_was_offered_and_fits_the_key_is_taken(string client, SignatureScheme scheme)
    {
        var identity = client == "Client" ? TestPki.Client : TestPki.RsaClient;
        using var peer = new HostileClient(Server(ClientCertificateRequirement.Required)) { Credential = identity.Credential, Scheme = scheme }.Connect();

        peer.Connected();
    }

    [Fact]
    public void A_client_shows_the_certificate_that_fits_the_request()
    {
        Assert.Equal(TestPki.RsaClient.Certificate.RawData, Shown([CertificateRequest12.RsaSign], [0x0804], []));
        Assert.Equal(TestPki.Client.Certificate.RawData, Shown([CertificateRequest12.RsaSign, CertificateRequest12.EcdsaSign], [0x0804, 0x0403], []));
        Assert.Equal(TestPki.RsaClient.Certificate.RawData, Shown([CertificateRequest12.RsaSign, CertificateRequest12.EcdsaSign], [0x0401], []));
        Assert.Equal(TestPki.Client.Certificate.RawData, Shown([CertificateRequest12.EcdsaSign], [0x0403], [TestPki.Root.Certificate.SubjectName.RawData]));
        Assert.Empty(Shown([CertificateRequest12.EcdsaSign], [0x0403], [TestPki.Stranger.Certificate.SubjectName.RawData]));
        Assert.Empty(Shown([CertificateRequest12.EcdsaSign], [0x0804], []));
        Assert.Empty(Shown([3, 4], [0x0403, 0x0804], []));
    }

    private byte[] Shown(byte[] types, ushort[] schemes, ReadOnlyMemory<byte>[] authorities)
    {
        var client = TestServers.Client(_time, options =>
        {
            options.Credentials.Add(TestPki.Client.Credential);
            options.Credentials.Add(TestPki.RsaClient.Credential);
        });
        using var peer = new HostileServer(client);
        peer.SendHello();
        peer.SendCertificate();
        peer.SendKeyExchange();
        peer.Send(new CertificateRequest12 { CertificateTypes = types, SignatureAlgorithms = UInt16List.Of(schemes), CertificateAuthorities = authorities });
        peer.SendHelloDone();
        peer.SendClosingFlight();
        peer.Connected();
        var shown = peer.Said<CertificateMessage12>().Certificates;
        Assert.Equal(shown.Count > 0, peer.HasSaid(HandshakeType.CertificateVerify));
        return shown.Count == 0 ? [] : shown[0].ToArray();
    }

    private static TestProfile Profile() => new() { Subject = "CN=A client", Names = ["client.example"], ExtendedKeyUsages = [TestProfile.ClientAuth] };

    private TlsServer Server(
        ClientCertificateRequirement mode, Func<CertificateVerificationContext, bool>? callback = null, string? id = null, Action<TlsServerOptions>? configure = null) => TestServers.Server(_time, options =>
    {
        options.ClientCertificate = mode;
        options.SessionCache = new MemorySessionCache(timeProvider: _time);
        if (callback is not null)
        {
            options.ClientVerification.Callback = (context, _) => ValueTask.FromResult(callback(context));
            options.ClientVerification.CallbackId = id;
        }

        configure?.Invoke(options);
    });
}
