using System.Text;
using Kippu.Tests.Handshake.Peers;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>Keying material (RFC 5705) and key log lines, as both ends see them.</summary>
public sealed class ExporterTests
{
    private readonly FakeTimeProvider _time = TestServers.Clock();

    public static TheoryData<string, string?> Cases => new()
    {
        { "EXPERIMENTAL one", null },
        { "EXPERIMENTAL one", "" },
        { "EXPERIMENTAL one", "context" },
        { "EXPERIMENTAL two", "context" },
        { "", null },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Both_ends_export_the_same(string label, string? context)
    {
        using var pair = new ConnectionPair(TestServers.Client(_time), TestServers.Server(_time)).Connect();

        foreach (var length in new[] { 1, 32, 100 })
        {
            Assert.Equal(Export(pair.Client, label, context, length), Export(pair.Server, label, context, length));
        }
    }

    [Fact]
    public void Label_context_and_connection_each_make_a_difference()
    {
        var server = TestServers.Server(_time);
        var client = TestServers.Client(_time);
        using var pair = new ConnectionPair(client, server).Connect();
        using var resumed = new ConnectionPair(client, server).Connect();
        Assert.True(resumed.Client.Connection.Info.IsResumed);

        var exported = new[] { pair, resumed }.SelectMany(each => Cases.Select(row => Convert.ToHexString(Export(each.Client, row.Data.Item1, row.Data.Item2, 32)))).ToList();
        Assert.Equal(exported.Count, exported.Distinct().Count());
        Assert.Equal(Export(resumed.Client, "EXPERIMENTAL", "c", 32), Export(resumed.Server, "EXPERIMENTAL", "c", 32));
    }

    [Theory]
    [InlineData("client finished")]
    [InlineData("server finished")]
    [InlineData("master secret")]
    [InlineData("extended master secret")]
    [InlineData("key expansion")]
    public void The_labels_of_TLS_itself_are_refused(string label)
    {
        using var pair = new ConnectionPair(TestServers.Client(_time), TestServers.Server(_time)).Connect();

        Assert.Throws<ArgumentException>(() => Export(pair.Client, label, null, 32));
    }

    [Fact]
    public void A_context_that_is_too_long_is_refused()
    {
        using var pair = new ConnectionPair(TestServers.Client(_time), TestServers.Server(_time)).Connect();

        Assert.Throws<ArgumentException>(() => pair.Client.Connection.ExportKeyingMaterial("EXPERIMENTAL"u8, new byte[65536], new byte[1]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Before_the_handshake_is_complete_there_is_nothing_to_export_and_no_info(bool victimIsServer)
    {
        using var peer = HostilePeer.Of(victimIsServer, _time);
        peer.SendAllBeforeChange();

        Assert.Throws<InvalidOperationException>(() => Export(peer.Victim, "EXPERIMENTAL", null, 32));
        Assert.Throws<InvalidOperationException>(() => peer.Victim.Connection.Info);
        Assert.False(peer.Victim.Connection.CanWrite);
        Assert.Throws<InvalidOperationException>(() => peer.Victim.Connection.Write([1], new byte[100]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Each_handshake_logs_its_secret_once_and_both_ends_the_same(bool resumes)
    {
        var clientLog = new List<string>();
        var serverLog = new List<string>();
        var server = TestServers.Server(_time, options => options.KeyLog = serverLog.Add);
        var client = TestServers.Client(_time, options => options.KeyLog = clientLog.Add);
        if (resumes)
        {
            new ConnectionPair(client, server).Connect().Dispose();
        }

        using var pair = new ConnectionPair(client, server).Connect();
        Assert.Equal(resumes, pair.Client.Connection.Info.IsResumed);
        var line = clientLog[^1].Split(' ');
        Assert.Equal(resumes ? 2 : 1, clientLog.Count);
        Assert.Equal(clientLog, serverLog);
        Assert.Equal(3, line.Length);
        Assert.Equal("CLIENT_RANDOM", line[0]);
        Assert.Equal(Convert.ToHexStringLower(new WireView(pair.FromClient).ClientHello.Random.Span), line[1]);
        Assert.Equal(96, line[2].Length);
        Assert.Matches("^[0-9a-f]+$", line[2]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_logged_secret_is_the_one_that_is_used(bool victimIsServer)
    {
        string? logged = null;
        using HostilePeer12 peer = victimIsServer
            ? new HostileClient(TestServers.Server(_time, options => options.KeyLog = line => logged = line))
            : new HostileServer(TestServers.Client(_time, options => options.KeyLog = line => logged = line));
        peer.Connect();

        peer.Connected();
        Assert.Equal($"CLIENT_RANDOM {Convert.ToHexStringLower(peer.ClientRandom)} {Convert.ToHexStringLower(peer.Master!.Secret)}", logged);
    }

    private static byte[] Export(Endpoint end, string label, string? context, int length)
    {
        var material = new byte[length];
        end.Connection.ExportKeyingMaterial(Encoding.ASCII.GetBytes(label), context is null ? null : Encoding.ASCII.GetBytes(context), material);
        return material;
    }
}
