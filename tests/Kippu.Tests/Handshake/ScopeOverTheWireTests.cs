using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Kippu.Resumption;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>
/// A session made under one policy is not resumed under another, though both have the same keys and cache (the fault of CVE-2025-23419, CVE-2025-23048,
/// CVE-2025-68121): each option that belongs to the policy, by each means of resumption, between servers, between hosts, and between hosts that something else
/// than the name selects.
/// </summary>
public sealed class ScopeOverTheWireTests
{
    private static readonly Dictionary<string, (Action<TlsHostOptions> One, Action<TlsHostOptions> Other)> s_components = new()
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

    public ScopeOverTheWireTests()
    {
        _ring = new FixedRing(TicketKeyRing.Create(_time.GetUtcNow()));
        _cache = new MemorySessionCache(timeProvider: _time);
    }

    /// <summary>By what a session is resumed.</summary>
    public enum Means
    {
        Ticket12,
        SessionId12,
        Psk13,
    }

    /// <summary>What stands on either side of the border that a session must not cross.</summary>
    public enum Border
    {
        /// <summary>Two servers on one ring and one cache.</summary>
        Servers,

        /// <summary>Two hosts of one server, told apart by their names.</summary>
        Hosts,

        /// <summary>Two hosts of one server, of which a selector chooses, whatever the name.</summary>
        SelectedHosts,
    }

    public static TheoryData<string, Means, Border> Cases
    {
        get
        {
            var cases = new TheoryData<string, Means, Border>();
            foreach (var component in s_components.Keys)
            {
                foreach (var means in Enum.GetValues<Means>())
                {
                    foreach (var border in Enum.GetValues<Border>())
                    {
                        cases.Add(component, means, border);
                    }
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_session_does_not_cross(string component, Means means, Border border)
    {
        var (one, other) = s_components[component];
        AssertStays(one, means, border);
        AssertStays(other, means, border);
        AssertCannotCross(one, other, means, border);
        AssertCannotCross(other, one, means, border);
    }

    [Theory]
    [InlineData(Means.Ticket12)]
    [InlineData(Means.SessionId12)]
    [InlineData(Means.Psk13)]
    public void What_is_no_part_of_the_scope_does_not_hinder_resumption(Means means)
    {
        var client = Client(means);
        Run(client, Server(means, options => Fill(options, _ => { })), s_here, TicketRefusal.None, ResumptionKind.None);
        var other = Server(means, options =>
        {
            Fill(options, _ => { });
            options.Credentials.Clear();
            options.Credentials.Add(TestPki.EcdsaP384.Credential);
            options.ApplicationProtocols.Add(System.Net.Security.SslApplicationProtocol.Http2);
            options.Groups.Add(NamedGroup.Secp256r1);
            options.ClientVerification.ExtraIntermediates = [TestPki.Intermediate.Certificate];
            options.ClientVerification.AllowDownloads = true;
            options.ClientVerification.DownloadTimeout = TimeSpan.FromSeconds(1);
            options.ClientVerification.ReuseAcceptanceFor = TimeSpan.Zero;
            options.Tickets.Lifetime = TimeSpan.FromHours(1);
            options.RecordSizeLimit = 1000;
        });

        Run(client, other, s_here, TicketRefusal.None, KindOf(means));
    }

    /// <summary>Who adds an option decides here whether it is part of the policy, and if it is adds it to the components above.</summary>
    [Fact]
    public void Every_option_of_a_host_is_in_the_scope_or_known_to_be_outside()
    {
        AssertMembers(
            typeof(TlsHostOptions),
            within: [nameof(TlsHostOptions.ScopeName), nameof(TlsHostOptions.ClientCertificate), nameof(TlsHostOptions.ClientVerification), nameof(TlsHostOptions.PolicyVersion)],
            outside: [nameof(TlsHostOptions.Credentials), nameof(TlsHostOptions.ApplicationProtocols)]);
        AssertMembers(
            typeof(CertificateVerificationOptions),
            within:
            [
                nameof(CertificateVerificationOptions.CustomTrustRoots), nameof(CertificateVerificationOptions.RevocationMode), nameof(CertificateVerificationOptions.RevocationFlag),
                nameof(CertificateVerificationOptions.VerificationFlags), nameof(CertificateVerificationOptions.Callback), nameof(CertificateVerificationOptions.CallbackId),
            ],
            outside:
            [
                nameof(CertificateVerificationOptions.ExtraIntermediates), nameof(CertificateVerificationOptions.AllowDownloads),
                nameof(CertificateVerificationOptions.DownloadTimeout), nameof(CertificateVerificationOptions.ReuseAcceptanceFor),
                nameof(CertificateVerificationOptions.RequestOcspResponse), nameof(CertificateVerificationOptions.RequestSignedCertificateTimestamps),
            ]);
    }

    private static readonly TlsTarget s_here = new("here.example");
    private static readonly TlsTarget s_there = new("there.example");

    private static void AssertMembers(Type options, string[] within, string[] outside) =>
        Assert.Equal(within.Concat(outside).Order(), options.GetProperties().Select(property => property.Name).Order());

    private static ResumptionKind KindOf(Means means) => means switch
    {
        Means.Ticket12 => ResumptionKind.Ticket,
        Means.SessionId12 => ResumptionKind.SessionId,
        _ => ResumptionKind.Psk,
    };

    private static void Callback(TlsHostOptions options, string? id)
    {
        options.ClientVerification.Callback = static (_, _) => ValueTask.FromResult(true);
        options.ClientVerification.CallbackId = id;
    }

    private static T Fill<T>(T options, Action<TlsHostOptions> configure)
        where T : TlsHostOptions
    {
        options.ClientVerification = TestPki.Verification;
        options.Credentials.Clear();
        options.Credentials.Add(TestPki.ServerFor(TestKey.EcdsaP256, s_here.Host, s_there.Host).Credential);
        configure(options);
        return options;
    }

    private static void Run(TlsClient client, TlsServer server, TlsTarget target, TicketRefusal refusal, ResumptionKind kind, TlsHost? host = null)
    {
        using var pair = new ConnectionPair(client, server, target);
        pair.Server.Answer = question =>
        {
            if (question is HostQuestion asked)
            {
                asked.Answer(host);
            }
            else
            {
                question.Answer();
            }
        };
        pair.Connect();
        Assert.Equal((refusal, kind), (pair.Server.Connection.Info.TicketRefusal, pair.Server.Connection.Info.Resumption));
        Assert.Equal(kind, pair.Client.Connection.Info.Resumption);
    }

    /// <summary>The control: on both sides of the border there is the same policy, and nothing is in the way but, between two names, the name.</summary>
    private void AssertStays(Action<TlsHostOptions> policy, Means means, Border border) =>
        AssertCrosses(policy, policy, means, border, border == Border.Hosts ? TicketRefusal.ServerName : TicketRefusal.None);

    /// <summary>A cache knows sessions by a digest that covers the scope: under another scope it has none of the kind.</summary>
    private void AssertCannotCross(Action<TlsHostOptions> from, Action<TlsHostOptions> to, Means means, Border border) =>
        AssertCrosses(from, to, means, border, means == Means.SessionId12 ? TicketRefusal.UnknownSession : TicketRefusal.WrongScope);

    private void AssertCrosses(Action<TlsHostOptions> from, Action<TlsHostOptions> to, Means means, Border border, TicketRefusal refusal)
    {
        var client = Client(means);
        var kind = refusal == TicketRefusal.None ? KindOf(means) : ResumptionKind.None;
        switch (border)
        {
            case Border.Servers:
                Run(client, Server(means, options => Fill(options, from)), s_here, TicketRefusal.None, ResumptionKind.None);
                Run(client, Server(means, options => Fill(options, to)), s_here, refusal, kind);
                break;
            case Border.Hosts:
                var server = Server(means, options =>
                {
                    Fill(options, _ => { });
                    options.Hosts[s_here.Host] = Fill(new TlsHostOptions(), from);
                    options.Hosts[s_there.Host] = Fill(new TlsHostOptions(), to);
                });
                Run(client, server, s_here, TicketRefusal.None, ResumptionKind.None);
                OfferThere(client, means);
                Run(client, server, s_there, refusal, kind);
                break;
            default:
                var selecting = Server(means, options => Fill(options, _ => { }).HostSelector = static (_, _) => throw new InvalidOperationException("the test answers"));
                Run(client, selecting, s_here, TicketRefusal.None, ResumptionKind.None, selecting.CreateHost(Fill(new TlsHostOptions(), from)));
                Run(client, selecting, s_here, refusal, kind, selecting.CreateHost(Fill(new TlsHostOptions(), to)));
                break;
        }
    }

    /// <summary>A client of ours would not offer the session of one name to another; somebody else's may.</summary>
    private void OfferThere(TlsClient client, Means means)
    {
        var policy = ClientPolicyBuilder.Build(Options(means)).SessionPolicyDigest;
        using var session = client.SessionStore.Find(ClientSessionKey.Create(policy, s_here.Host, s_here.Port, s_here.Host, ""), _time.GetUtcNow())!;
        client.SessionStore.Add(ClientSessionKey.Create(policy, s_there.Host, s_there.Port, s_there.Host, ""), session.Renamed(s_there.Host), _time.GetUtcNow());
    }

    private TlsClient Client(Means means) => new(Options(means));

    private TlsClientOptions Options(Means means)
    {
        var options = TestServers.ClientOptions(_time);
        options.Protocols = means == Means.Psk13 ? SslProtocols.Tls13 : SslProtocols.Tls12;
        options.UseTickets = means != Means.SessionId12;
        options.Credentials.Add(TestPki.Client.Credential);
        return options;
    }

    private TlsServer Server(Means means, Action<TlsServerOptions> configure)
    {
        var options = new TlsServerOptions
        {
            TimeProvider = _time,
            Protocols = means == Means.Psk13 ? SslProtocols.Tls13 : SslProtocols.Tls12,
            ScopeName = "tests",
            SessionCache = _cache,
        };
        options.Tickets.Ring = _ring;
        configure(options);
        return new TlsServer(options);
    }
}
