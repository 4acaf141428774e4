using System.Security.Authentication;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>The handshakes of RFC 8446 §2, both roles joined in memory.</summary>
public sealed class Tls13Tests
{
    [Fact]
    public void Full_handshake_figure_1()
    {
        var time = TestServers.Clock();
        using var pair = new ConnectionPair(Client(time), Server(time)).Connect();

        Assert.Equal(SslProtocols.Tls13, pair.Client.Connection.Info.Protocol);
        Assert.Equal(SslProtocols.Tls13, pair.Server.Connection.Info.Protocol);
        Assert.False(pair.Client.Connection.Info.IsResumed);
        Assert.Equal(NamedGroup.X25519, pair.Client.Connection.Info.Group);
        AssertData(pair);
    }

    [Fact]
    public void Resumption_figure_3()
    {
        var time = TestServers.Clock();
        var client = Client(time);
        var server = Server(time);
        using var first = new ConnectionPair(client, server).Connect();
        Assert.Equal(2, client.SessionStore.Count);
        for (var i = 0; i < 5; i++)
        {
            using var pair = new ConnectionPair(client, server).Connect();
            Assert.Equal(ResumptionKind.Psk, pair.Client.Connection.Info.Resumption);
            Assert.Equal(ResumptionKind.Psk, pair.Server.Connection.Info.Resumption);
            AssertData(pair);
        }
    }

    [Fact]
    public void Hello_retry_request_figure_2_full_and_with_a_ticket()
    {
        var time = TestServers.Clock();
        var client = Client(time);
        var server = Server(time, options => options.Groups.Add(NamedGroup.Secp384r1));
        using var first = new ConnectionPair(client, server).Connect();
        Assert.True(first.Client.Connection.Info.RetriedHello);
        Assert.True(first.Server.Connection.Info.RetriedHello);
        AssertData(first);
        using var pair = new ConnectionPair(client, server).Connect();
        Assert.Equal(ResumptionKind.Psk, pair.Client.Connection.Info.Resumption);
        Assert.True(pair.Server.Connection.Info.RetriedHello);
        AssertData(pair);
    }

    [Fact]
    public void A_ticket_under_an_unknown_key_costs_a_full_handshake()
    {
        var time = TestServers.Clock();
        var client = Client(time);
        using var first = new ConnectionPair(client, Server(time)).Connect();
        using var pair = new ConnectionPair(client, Server(time)).Connect();
        Assert.False(pair.Client.Connection.Info.IsResumed);
        Assert.Equal(TicketRefusal.UnknownKey, pair.Server.Connection.Info.TicketRefusal);
        AssertData(pair);
    }

    [Fact]
    public void A_client_certificate_is_asked_for_and_remembered()
    {
        var time = TestServers.Clock();
        var client = Client(time, options => options.Credentials.Add(TestPki.Client.Credential));
        var server = Server(time, options => options.ClientCertificate = ClientCertificateRequirement.Required);
        using var first = new ConnectionPair(client, server).Connect();
        Assert.Equal(TestPki.Client.Certificate.Thumbprint, first.Server.Connection.Info.PeerCertificate!.Thumbprint);
        using var pair = new ConnectionPair(client, server).Connect();
        Assert.True(pair.Server.Connection.Info.IsResumed);
        Assert.Equal(TestPki.Client.Certificate.Thumbprint, pair.Server.Connection.Info.PeerCertificate!.Thumbprint);
    }

    [Fact]
    public void A_missing_client_certificate_is_certificate_required()
    {
        var time = TestServers.Clock();
        using var pair = new ConnectionPair(Client(time), Server(time, options => options.ClientCertificate = ClientCertificateRequirement.Required)).Run();
        Assert.Equal(TlsFault.CertificateRequired, pair.Server.Fault?.Fault);
        Assert.Equal(AlertDescription.CertificateRequired, pair.Client.Fault?.Alert);
    }

    [Fact]
    public void Key_updates_in_both_directions()
    {
        var time = TestServers.Clock();
        using var pair = new ConnectionPair(Client(time), Server(time)).Connect();
        pair.Client.Connection.UpdateKeys(requestPeer: true);
        pair.Run();
        AssertData(pair);
        pair.Server.Connection.UpdateKeys();
        pair.Run();
        AssertData(pair);
    }

    [Fact]
    public void Early_data_is_accepted_once_and_refused_when_replayed()
    {
        var time = TestServers.Clock();
        var client = Client(time, options => options.EnableEarlyData = true);
        var server = Server(time, options => options.EarlyData.MaxSize = 1000);
        time.Advance(TimeSpan.FromMinutes(1));
        using var first = new ConnectionPair(client, server).Connect();

        using var pair = new ConnectionPair(client, server);
        var output = new byte[4096];
        Assert.Equal(1000, pair.Client.Connection.EarlyDataLimit);
        var early = pair.Client.Connection.WriteEarlyData("early"u8, output);
        Assert.Equal(5, early.Consumed);
        var flight = output[..early.Written];
        pair.Server.Receive(flight);
        Assert.Equal("early"u8.ToArray(), pair.Server.EarlyDelivered);
        Assert.True(pair.Server.Connection.CanWrite);
        pair.Connect();
        Assert.True(pair.Client.Connection.Info.EarlyDataAccepted);
        Assert.True(pair.Server.Connection.Info.EarlyDataAccepted);
        AssertData(pair);

        using var replay = new Endpoint(server.CreateConnection());
        replay.Receive(flight);
        Assert.Null(replay.Fault);
        Assert.Empty(replay.EarlyDelivered);
    }

    [Fact]
    public void Refused_early_data_is_skipped_and_the_client_is_told()
    {
        var time = TestServers.Clock();
        var client = Client(time, options => options.EnableEarlyData = true);
        var server = Server(time, options => options.EarlyData.MaxSize = 1000);
        using var first = new ConnectionPair(client, server).Connect();

        // The guard has not recorded for its window yet.
        using var pair = new ConnectionPair(client, server);
        var output = new byte[4096];
        var early = pair.Client.Connection.WriteEarlyData("early"u8, output);
        pair.Server.Receive(output.AsSpan(0, early.Written));
        pair.Connect();
        Assert.True(pair.Client.EarlyDataRejected);
        Assert.True(pair.Client.Connection.Info.IsResumed);
        Assert.False(pair.Client.Connection.Info.EarlyDataAccepted);
        AssertData(pair);
    }

    private static TlsClient Client(TimeProvider time, Action<TlsClientOptions>? configure = null) => TestServers.Client13(time, configure);

    private static TlsServer Server(TimeProvider time, Action<TlsServerOptions>? configure = null) => TestServers.Server13(time, configure);

    private static void AssertData(ConnectionPair pair)
    {
        var data = "data over the connection"u8.ToArray();
        pair.Server.Receive(pair.Client.Write(data));
        Assert.Equal(data, pair.Server.Delivered);
        pair.Client.Receive(pair.Server.Write(data));
        Assert.Equal(data, pair.Client.Delivered);
        pair.Server.Delivered.Clear();
        pair.Client.Delivered.Clear();
    }
}
