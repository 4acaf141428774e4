using System.Security.Cryptography.X509Certificates;
using Kippu.Tests.Handshake.Peers;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>
/// A session made under one policy is not resumed under another, by ticket or by session ID, though both servers share ring and cache (the fault of
/// CVE-2025-23419, CVE-2025-23048, CVE-2025-68121).
/// </summary>
public sealed class ScopeRefusalTests
{
    private static readonly Dictionary<string, (Action<TlsServerOptions> One, Action<TlsServerOptions> Other)> s_components = new()
    {
        ["the scope name"] = (o => o.ScopeName = "one", o => o.ScopeName = "other"),
        ["client certificates: none, optional"] = (_ => { }, o => o.ClientCertificate = ClientCertificateRequirement.Optional),
        ["client certificates: none, required"] = (_ => { }, o => o.ClientCertificate = ClientCertificateRequirement.Required),
        ["client certificates: optional, required"] = (o => o.ClientCertificate = ClientCertificateRequirement.Optional, o => o.ClientCertificate = ClientCertificateRequirement.Required),
        ["trust: another root"] = (_ => { }, o => o.ClientVerification.CustomTrustRoots = [TestPki.Stranger.Certificate]),
        ["trust: one root more"] = (_ => { }, o => o.ClientVerification.CustomTrustRoots = [.. TestPki.TrustedRoots, TestPki.Stranger.Certificate]),
        ["trust: the system's"] = (_ => { }, o => o.ClientVerification.CustomTrustRoots = null),
        ["revocation mode"] = (_ => { }, o => o.ClientVerification.RevocationMode = X509RevocationMode.Offline),
        ["revocation flag"] = (
            o => o.ClientVerification.RevocationMode = X509RevocationMode.Offline,
            o => (o.ClientVerification.RevocationMode, o.ClientVerification.RevocationFlag) = (X509RevocationMode.Offline, X509RevocationFlag.EntireChain)),
        ["what is overlooked"] = (_ => { }, o => o.ClientVerification.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid),
        ["a callback"] = (_ => { }, o => Callback(o, null)),
        ["a callback with an id"] = (o => Callback(o, null), o => Callback(o, "v1")),
        ["the callback's id"] = (o => Callback(o, "v1"), o => Callback(o, "v2")),
        ["the policy version"] = (o => o.PolicyVersion = 1, o => o.PolicyVersion = 2),
    };

    private readonly FakeTimeProvider _time = TestServers.Clock();
    private readonly IRingSource _ring;
    private readonly MemorySessionCache _cache;

    public ScopeRefusalTests()
    {
        _ring = new FixedRing(TicketKeyRing.Create(_time.GetUtcNow()));
        _cache = new MemorySessionCache(timeProvider: _time);
    }

    public static TheoryData<string> Components => [.. s_components.Keys];

    [Theory]
    [MemberData(nameof(Components))]
    public void A_ticket_does_not_cross(string component)
    {
        var (one, other) = s_components[component];
        AssertCrosses(one, one, byTicket: true, TicketRefusal.None);
        AssertCrosses(one, other, byTicket: true, TicketRefusal.WrongScope);
        AssertCrosses(other, one, byTicket: true, TicketRefusal.WrongScope);
    }

    [Theory]
    [MemberData(nameof(Components))]
    public void A_session_ID_does_not_cross(string component)
    {
        var (one, other) = s_components[component];
        AssertCrosses(one, one, byTicket: false, TicketRefusal.None);
        AssertCrosses(one, other, byTicket: false, TicketRefusal.UnknownSession);
        AssertCrosses(other, one, byTicket: false, TicketRefusal.UnknownSession);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_no_part_of_the_scope_does_not_hinder_resumption(bool byTicket) => AssertCrosses(
        _ => { },
        options =>
        {
            options.Credentials.Clear();
            options.Credentials.Add(TestPki.EcdsaP384.Credential);
            options.ApplicationProtocols.Add(System.Net.Security.SslApplicationProtocol.Http2);
            options.Groups.Add(NamedGroup.Secp256r1);
            options.Tickets.Lifetime = TimeSpan.FromHours(1);
            options.RecordSizeLimit = 1000;
        },
        byTicket,
        TicketRefusal.None);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Hosts_of_one_server_with_other_policies_do_not_share_sessions(bool byTicket)
    {
        // Chosen by something else than the name, so that the name does not save the day.
        var server = Server(options => options.HostSelector = static (_, _) => throw new InvalidOperationException("the test answers"));
        var open = server.CreateHost(Host(ClientCertificateRequirement.None));
        var closed = server.CreateHost(Host(ClientCertificateRequirement.Required));
        var alsoOpen = server.CreateHost(Host(ClientCertificateRequirement.None));
        var session = Run(server, open, null, byTicket, TicketRefusal.None, resumes: false);

        Run(server, closed, session, byTicket, byTicket ? TicketRefusal.WrongScope : TicketRefusal.UnknownSession, resumes: false);
        Run(server, alsoOpen, session, byTicket, TicketRefusal.None, resumes: true);
    }

    private static PeerSession Run(TlsServer server, TlsHost host, PeerSession? session, bool byTicket, TicketRefusal refusal, bool resumes)
    {
        using var peer = new HostileClient(server) { Session = session, AsksForTicket = byTicket, Credential = TestPki.Client.Credential };
        peer.Victim.Answer = question =>
        {
            if (question is HostQuestion asked)
            {
                asked.Answer(host);
            }
            else
            {
                ((CertificateQuestion)question).VerifyAndAnswer();
            }
        };
        peer.Connect();
        peer.Connected();
        Assert.Equal(resumes, peer.Resumes);
        Assert.Equal(refusal, peer.Victim.Connection.Info.TicketRefusal);
        return peer.NewSession;
    }

    private static TlsHostOptions Host(ClientCertificateRequirement mode)
    {
        var host = new TlsHostOptions { ClientCertificate = mode, ClientVerification = TestPki.Verification };
        host.Credentials.Add(TestPki.EcdsaP256.Credential);
        return host;
    }

    private static void Callback(TlsServerOptions options, string? id)
    {
        options.ClientVerification.Callback = static (_, _) => ValueTask.FromResult(true);
        options.ClientVerification.CallbackId = id;
    }

    /// <summary>A session without client certificate, so that nothing but the scope can be in its way; where one is required, it is shown.</summary>
    private void AssertCrosses(Action<TlsServerOptions> from, Action<TlsServerOptions> to, bool byTicket, TicketRefusal refusal)
    {
        using var first = new HostileClient(Server(from)) { AsksForTicket = byTicket, Credential = CredentialFor(from) }.Connect();
        first.Connected();
        using var peer = new HostileClient(Server(to)) { Session = first.NewSession, Credential = CredentialFor(to) }.Connect();

        peer.Connected();
        Assert.Equal(refusal == TicketRefusal.None, peer.Resumes);
        Assert.Equal(refusal, peer.Victim.Connection.Info.TicketRefusal);
    }

    private static TlsCredential? CredentialFor(Action<TlsServerOptions> configure)
    {
        var options = new TlsServerOptions();
        configure(options);
        return options.ClientCertificate == ClientCertificateRequirement.Required ? TestPki.Client.Credential : null;
    }

    private TlsServer Server(Action<TlsServerOptions> configure) => TestServers.Server(_time, options =>
    {
        options.Tickets.Ring = _ring;
        options.ScopeName = "tests";
        options.SessionCache = _cache;
        configure(options);
    });
}
