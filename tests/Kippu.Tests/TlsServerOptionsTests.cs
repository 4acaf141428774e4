using System.Buffers;
using System.Net.Security;
using Kippu.Tests.Handshake;
using Xunit;

namespace Kippu.Tests;

/// <summary>What contradicts itself, or would have no effect, is refused by the option's name when the server is made.</summary>
public sealed class TlsServerOptionsTests
{
    [Fact]
    public void Keys_from_outside_demand_a_name_for_the_sessions()
    {
        using var ring = new InProcessRing();

        Refused("ScopeName", options => options.Tickets.Ring = ring);
        Refused("ScopeName", options => options.Tickets.Protector = new Protector());
        Refused("ScopeName", options => (options.Tickets.Ring, options.Tickets.Enabled, options.SessionCache) = (ring, false, new MemorySessionCache()));
        Accepted(options => (options.Tickets.Ring, options.ScopeName) = (ring, "shop"));
        Accepted(options => (options.Tickets.Protector, options.ScopeName) = (new Protector(), "shop"));
        Accepted(options => (options.Tickets.Protector, options.Tickets.Enabled) = (new Protector(), false));
        Accepted(options => (options.Tickets.Ring, options.Tickets.Enabled) = (ring, false));
    }

    [Fact]
    public void With_keys_from_outside_early_data_demands_a_guard_as_wide_or_a_word()
    {
        using var ring = new InProcessRing();
        Action<TlsServerOptions>[] outside = [options => options.Tickets.Ring = ring, options => options.Tickets.Protector = new Protector()];

        Assert.All(outside, keys =>
        {
            Refused("EarlyData", options => WithEarlyData(options, keys));
            Accepted(options => WithEarlyData(options, keys, ReplayScope.PerNode));
        });
        Accepted(options => WithEarlyData(options, _ => { }));
    }

    [Fact]
    public void A_guard_in_memory_is_shared_with_no_other_node()
    {
        using var ring = new InProcessRing();
        void Guarded(TlsServerOptions options) => (options.Tickets.Ring, options.EarlyData.ReplayGuard) = (ring, new MemoryReplayGuard(options.EarlyData.FreshnessWindow));

        Refused("EarlyData", options => WithEarlyData(options, Guarded));
        Accepted(options => WithEarlyData(options, Guarded, ReplayScope.PerNode));
    }

    [Fact]
    public void A_guard_in_memory_looks_back_as_far_as_a_flight_is_fresh()
    {
        void Guarded(TlsServerOptions options, double seconds) =>
            WithEarlyData(options, _ => options.EarlyData.ReplayGuard = new MemoryReplayGuard(options.EarlyData.FreshnessWindow + TimeSpan.FromSeconds(seconds)));

        Refused("EarlyData.ReplayGuard", options => Guarded(options, -0.001));
        Accepted(options => Guarded(options, 0));
        Accepted(options => Guarded(options, 1));
    }

    [Fact]
    public void A_selector_of_hosts_knows_every_name()
    {
        Refused("RejectUnknownServerNames", options => (options.HostSelector, options.RejectUnknownServerNames) = ((_, _) => default, true));
        Refused("HostSelector", options =>
        {
            options.HostSelector = (_, _) => default;
            options.Hosts["www.example.com"] = Host();
        });
    }

    [Theory]
    [InlineData("")]
    [InlineData("*.")]
    [InlineData("*")]
    [InlineData("w*.example.com")]
    [InlineData("*.*.example.com")]
    public void A_host_has_a_name(string name) => Refused($"Hosts[\"{name}\"]", options => options.Hosts[name] = Host());

    [Theory]
    [InlineData("www.example.com.")]
    [InlineData("WWW.example.com")]
    [InlineData("www.example.com", "WWW.EXAMPLE.COM.")]
    [InlineData("münchen.example", "xn--mnchen-3ya.example")]
    [InlineData("*.münchen.example", "*.xn--mnchen-3ya.example")]
    public void Two_ways_to_write_one_name_are_one_name(params string[] names)
    {
        void Configure(TlsServerOptions options)
        {
            foreach (var name in names)
            {
                options.Hosts[name] = Host();
            }
        }

        if (names.Length == 1)
        {
            Accepted(Configure);
        }
        else
        {
            Refused($"Hosts[\"{names[1]}\"]", Configure);
        }
    }

    [Fact]
    public void A_whole_servers_options_are_no_hosts()
    {
        Refused("Hosts[\"www.example.com\"]: a TlsServerOptions", options => options.Hosts["www.example.com"] = Options());
        using var server = new TlsServer(Options());
        Assert.StartsWith("CreateHost: a TlsServerOptions", Assert.Throws<ArgumentException>(() => server.CreateHost(Options())).Message, StringComparison.Ordinal);
    }

    public static TheoryData<TimeSpan> WrongTimeouts => [TimeSpan.Zero, TimeSpan.FromSeconds(-1), TimeSpan.FromDays(50), TimeSpan.MaxValue, TimeSpan.MinValue];

    [Theory]
    [MemberData(nameof(WrongTimeouts))]
    public void A_handshake_has_a_time_that_a_timer_can_measure(TimeSpan limit)
    {
        Refused("HandshakeTimeout", options => options.HandshakeTimeout = limit);
        var client = new TlsClientOptions { HandshakeTimeout = limit };
        Assert.StartsWith("HandshakeTimeout", Assert.Throws<ArgumentException>(() => new TlsClient(client)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_handshake_may_have_no_time_limit_and_a_long_one()
    {
        Accepted(options => options.HandshakeTimeout = Timeout.InfiniteTimeSpan);
        Accepted(options => options.HandshakeTimeout = TimeSpan.FromDays(49));
        _ = new TlsClient(new TlsClientOptions { HandshakeTimeout = Timeout.InfiniteTimeSpan });
    }

    [Fact]
    public void An_application_protocol_has_a_name_and_all_together_fit_a_hello()
    {
        SslApplicationProtocol[][] wrong = [[SslApplicationProtocol.Http2, default], [.. Enumerable.Range(0, 65).Select(i => new SslApplicationProtocol(new string((char)('0' + i), 255)))]];

        Assert.All(wrong, protocols =>
        {
            Refused("ApplicationProtocols of the default host", options => Add(options.ApplicationProtocols, protocols));
            Refused("ApplicationProtocols of Hosts[\"www.example.com\"]", options => Add((options.Hosts["www.example.com"] = Host()).ApplicationProtocols, protocols));
            var client = new TlsClientOptions();
            Add(client.ApplicationProtocols, protocols);
            Assert.StartsWith("ApplicationProtocols:", Assert.Throws<ArgumentException>(() => new TlsClient(client)).Message, StringComparison.Ordinal);
        });
        Accepted(options => Add(options.ApplicationProtocols, wrong[1][..64]));
    }

    private static void Add(IList<SslApplicationProtocol> list, IEnumerable<SslApplicationProtocol> protocols)
    {
        foreach (var protocol in protocols)
        {
            list.Add(protocol);
        }
    }

    private static void Refused(string option, Action<TlsServerOptions> configure)
    {
        var options = Options();
        configure(options);
        Assert.StartsWith(option, Assert.Throws<ArgumentException>(() => new TlsServer(options)).Message, StringComparison.Ordinal);
    }

    private static void Accepted(Action<TlsServerOptions> configure)
    {
        var options = Options();
        configure(options);
        new TlsServer(options).Dispose();
    }

    private static void WithEarlyData(TlsServerOptions options, Action<TlsServerOptions> keys, ReplayScope scope = ReplayScope.Fleet)
    {
        (options.ScopeName, options.EarlyData.MaxSize, options.EarlyData.ReplayScope) = ("shop", 1000, scope);
        keys(options);
    }

    private static TlsServerOptions Options() => TestServers.ServerOptions(TimeProvider.System);

    private static TlsHostOptions Host() => new() { Credentials = { TestPki.EcdsaP256.Credential } };

    private sealed class Protector : ITicketProtector
    {
        public bool TrySeal(in TicketContext context, ReadOnlySpan<byte> state, IBufferWriter<byte> ticket) => false;

        public TicketVerdict Open(in TicketContext context, ReadOnlySpan<byte> ticket, IBufferWriter<byte> state) => TicketVerdict.Refuse(TicketRefusal.ApplicationRefused);
    }
}
