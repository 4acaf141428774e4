using System.Net.Security;
using Kippu.Handshake;
using Kippu.Wire;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>Every suite with every group and every kind of key, every signature scheme, and who decides when there is a choice.</summary>
public sealed class CombinationTests
{
    private static readonly NamedGroup[] s_groups = [.. Enum.GetValues<NamedGroup>().Where(group => group != NamedGroup.X25519MLKem768)];

    private readonly FakeTimeProvider _time = TestServers.Clock();

    public static TheoryData<TlsCipherSuite> Suites => [.. CipherSuite.All.ToArray().Where(suite => suite.Version == TlsVersion.Tls12).Select(suite => suite.Id)];

    public static TheoryData<string, SignatureScheme> Schemes
    {
        get
        {
            var data = new TheoryData<string, SignatureScheme>();
            foreach (var kind in Enum.GetValues<TestKey>())
            {
                foreach (var scheme in Enum.GetValues<SignatureScheme>().Where(scheme => IsEcdsa(scheme) == (kind != TestKey.Rsa2048)))
                {
                    data.Add(kind.ToString(), scheme);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void A_suite_works_with_every_group_and_key_and_is_resumed(TlsCipherSuite id)
    {
        var suite = CipherSuite.Find((ushort)id)!;
        foreach (var kind in Enum.GetValues<TestKey>().Where(kind => suite.Authentication == (kind == TestKey.Rsa2048 ? SuiteAuthentication.Rsa : SuiteAuthentication.Ecdsa)))
        {
            foreach (var group in s_groups)
            {
                var options = TestServers.ServerOptions(_time, Server(kind));
                options.CipherSuites.Add(id);
                options.Groups.Add(group);
                var server = new TlsServer(options);
                var client = TestServers.Client(_time);
                using var pair = new ConnectionPair(client, server).Connect();
                AssertInfo(pair, info => (id, group) == (info.CipherSuite, info.Group));
                AssertFlows(pair);

                using var resumed = new ConnectionPair(client, server).Connect();
                AssertInfo(resumed, info => info is { IsResumed: true, Group: null } && info.CipherSuite == id);
                AssertFlows(resumed);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public void A_server_signs_by_every_scheme_that_its_key_can(string kind, SignatureScheme scheme)
    {
        var identity = Server(Enum.Parse<TestKey>(kind));
        using var byServer = new ConnectionPair(TestServers.Client(_time), new TlsServer(With(TestServers.ServerOptions(_time, identity), options => options.SignatureSchemes.Add(scheme)))).Connect();
        using var byClient = new ConnectionPair(TestServers.Client(_time, options => options.SignatureSchemes.Add(scheme)), new TlsServer(TestServers.ServerOptions(_time, identity))).Connect();

        AssertInfo(byServer, info => info.SignatureScheme == scheme);
        AssertInfo(byClient, info => info.SignatureScheme == scheme);
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public void A_client_signs_by_every_scheme_that_its_key_can(string kind, SignatureScheme scheme)
    {
        var identity = Client(Enum.Parse<TestKey>(kind));
        var server = TestServers.Server(_time, options =>
        {
            options.ClientCertificate = ClientCertificateRequirement.Required;
            options.SignatureSchemes.Add(scheme);
            if (!IsEcdsa(scheme))
            {
                options.Credentials.Add(TestPki.Rsa2048.Credential);
            }
            else
            {
                options.Credentials.Add(TestPki.EcdsaP256.Credential);
            }
        });
        using var pair = new ConnectionPair(TestServers.Client(_time, options => options.Credentials.Add(identity.Credential)), server).Connect();

        Assert.Equal(identity.Certificate.RawData, pair.Server.Connection.Info.PeerCertificate!.RawData);
        AssertFlows(pair);
    }

    [Fact]
    public void The_servers_order_of_suites_decides()
    {
        TlsCipherSuite[] order = [TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256];
        using var one = Connect(client => Array.ForEach([.. order.Reverse()], client.CipherSuites.Add), server => Array.ForEach(order, server.CipherSuites.Add));
        using var other = Connect(client => Array.ForEach(order, client.CipherSuites.Add), server => Array.ForEach([.. order.Reverse()], server.CipherSuites.Add));

        Assert.Equal(order[0], one.Server.Connection.Info.CipherSuite);
        Assert.Equal(order[1], other.Server.Connection.Info.CipherSuite);
    }

    [Fact]
    public void The_servers_order_of_groups_decides()
    {
        using var one = Connect(_ => { }, server => Array.ForEach([NamedGroup.Secp384r1, NamedGroup.X25519], server.Groups.Add));
        using var other = Connect(client => client.Groups.Add(NamedGroup.Secp256r1), _ => { });

        Assert.Equal(NamedGroup.Secp384r1, one.Client.Connection.Info.Group);
        Assert.Equal(NamedGroup.Secp256r1, other.Client.Connection.Info.Group);
    }

    [Fact]
    public void The_servers_order_of_schemes_decides()
    {
        using var pair = new ConnectionPair(
            TestServers.Client(_time),
            new TlsServer(With(TestServers.ServerOptions(_time, TestPki.Rsa2048), options => Array.ForEach([SignatureScheme.RsaPkcs1Sha384, SignatureScheme.RsaPssRsaeSha256], options.SignatureSchemes.Add)))).Connect();

        Assert.Equal(SignatureScheme.RsaPkcs1Sha384, pair.Client.Connection.Info.SignatureScheme);
    }

    [Fact]
    public void Of_two_kinds_of_key_the_suites_order_decides_and_the_client_has_its_say()
    {
        var both = new TlsServer(TestServers.ServerOptions(_time, TestPki.EcdsaP256, TestPki.Rsa2048));
        using var modern = new ConnectionPair(TestServers.Client(_time), both).Connect();
        using var rsaOnly = new ConnectionPair(TestServers.Client(_time, options => options.CipherSuites.Add(TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384)), both).Connect();
        using var rsaSchemes = new ConnectionPair(TestServers.Client(_time, options => options.SignatureSchemes.Add(SignatureScheme.RsaPssRsaeSha256)), both).Connect();

        Assert.Equal(TestPki.EcdsaP256.Certificate.RawData, modern.Client.Connection.Info.PeerCertificate!.RawData);
        Assert.Equal(TestPki.Rsa2048.Certificate.RawData, rsaOnly.Client.Connection.Info.PeerCertificate!.RawData);
        Assert.Equal(TestPki.Rsa2048.Certificate.RawData, rsaSchemes.Client.Connection.Info.PeerCertificate!.RawData);
    }

    [Fact]
    public void An_implementation_without_options_offers_everything_in_its_order()
    {
        using var pair = Connect(_ => { }, _ => { });
        var hello = new WireView(pair.FromClient).ClientHello;

        Assert.Equal(Preferences.CipherSuites([]).Where(suite => suite.Version == TlsVersion.Tls12).Select(suite => (ushort)suite.Id), ToArray(hello.CipherSuites));
        Assert.Equal(Suites.Count, hello.CipherSuites.Count);
        Assert.Equal(Preferences.Groups([]).Select(group => (ushort)group), ToArray(hello.SupportedGroups!.Value));
        Assert.Equal(Enum.GetValues<SignatureScheme>().Length, hello.SignatureAlgorithms!.Value.Count);
    }

    [Theory]
    [InlineData("twice")]
    [InlineData("unknown suite")]
    [InlineData("unknown group")]
    [InlineData("unknown scheme")]
    [InlineData("limit")]
    public void Options_that_cannot_be_meant_are_refused_by_name(string what)
    {
        var (change, name) = what switch
        {
            "twice" => (new Action<TlsClientOptions>(options => Array.ForEach([NamedGroup.Secp256r1, NamedGroup.Secp256r1], options.Groups.Add)), "Groups"),
            "unknown suite" => (options => options.CipherSuites.Add(TlsCipherSuite.TLS_RSA_WITH_AES_128_CBC_SHA), "CipherSuites"),
            "unknown group" => (options => options.Groups.Add((NamedGroup)30), "Groups"),
            "unknown scheme" => (options => options.SignatureSchemes.Add((SignatureScheme)0x0203), "SignatureSchemes"),
            _ => (options => options.RecordSizeLimit = 63, "RecordSizeLimit"),
        };

        Assert.Contains(name, Assert.Throws<ArgumentException>(() => TestServers.Client(_time, change)).Message, StringComparison.Ordinal);
    }

    private static bool IsEcdsa(SignatureScheme scheme) => ((ushort)scheme & 0xFF) == 3;

    private static TestIdentity Server(TestKey kind) => TestPki.ServerFor(kind, TestServers.Name);

    private static TestIdentity Client(TestKey kind) => kind switch
    {
        TestKey.EcdsaP256 => TestPki.Client,
        TestKey.Rsa2048 => TestPki.RsaClient,
        _ => s_clients.GetOrAdd(kind, key => TestPki.Issue(new TestProfile { Subject = $"CN={key}", Key = key, Names = ["client.example"], ExtendedKeyUsages = [TestProfile.ClientAuth] })),
    };

    private static readonly System.Collections.Concurrent.ConcurrentDictionary<TestKey, TestIdentity> s_clients = new();

    private static TlsServerOptions With(TlsServerOptions options, Action<TlsServerOptions> change)
    {
        change(options);
        return options;
    }

    private static ushort[] ToArray(UInt16List list)
    {
        var values = new List<ushort>();
        foreach (var value in list)
        {
            values.Add(value);
        }

        return [.. values];
    }

    private static void AssertInfo(ConnectionPair pair, Func<TlsConnectionInfo, bool> holds)
    {
        Assert.True(holds(pair.Client.Connection.Info));
        Assert.True(holds(pair.Server.Connection.Info));
    }

    private static void AssertFlows(ConnectionPair pair)
    {
        var data = new byte[20_000];
        Random.Shared.NextBytes(data);
        pair.Server.Receive(pair.Client.Write(data));
        pair.Client.Receive(pair.Server.Write(data));
        Assert.Equal(data, pair.Server.Delivered);
        Assert.Equal(data, pair.Client.Delivered);
    }

    private ConnectionPair Connect(Action<TlsClientOptions> client, Action<TlsServerOptions> server) => new ConnectionPair(TestServers.Client(_time, client), TestServers.Server(_time, server)).Connect();
}
