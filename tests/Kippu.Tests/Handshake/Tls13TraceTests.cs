using System.Security.Authentication;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>What an observer is told of a TLS 1.3 handshake.</summary>
public sealed class Tls13TraceTests
{
    [Fact]
    public void Messages_are_described_as_those_of_TLS_1_3()
    {
        var time = TestServers.Clock();
        var (atClient, atServer) = (new Recording(), new Recording());
        using var pair = new ConnectionPair(Client(time, atClient), Server(time, atServer)).Connect();

        Assert.All([atClient, atServer], recording =>
        {
            Assert.All(recording.Messages, message => Assert.DoesNotContain(message.Fields, field => field.Value.StartsWith("malformed", StringComparison.Ordinal)));
            Assert.Contains(recording.Messages.Single(message => message.Type == HandshakeType.Certificate).Fields, field => field.Name == "certificate_request_context");
            Assert.All(recording.Messages.Where(message => message.Type == HandshakeType.NewSessionTicket), message => Assert.Contains(message.Fields, field => field.Name == "ticket_nonce"));
            Assert.Equal(2, recording.Messages.Count(message => message.Type == HandshakeType.NewSessionTicket));
        });
    }

    [Fact]
    public void Only_the_hellos_are_unprotected_also_the_second_one_after_early_data()
    {
        var time = TestServers.Clock();
        var recording = new Recording();
        var client = Client(time, recording, options => options.EnableEarlyData = true);
        using var first = new ConnectionPair(client, Server(time, new Recording(), options => options.EarlyData.MaxSize = 1000)).Connect();
        recording.Messages.Clear();

        using var pair = new ConnectionPair(client, Server(time, new Recording(), options => options.Groups.Add(NamedGroup.Secp384r1)));
        var output = new byte[4096];
        var early = pair.Client.Connection.WriteEarlyData("early"u8, output);
        Assert.Equal(5, early.Consumed);
        pair.Server.Receive(output.AsSpan(0, early.Written));
        pair.Connect();

        Assert.Equal(2, recording.Messages.Count(message => message.Type == HandshakeType.ClientHello));
        Assert.All(recording.Messages, message => Assert.Equal(message.Type is not (HandshakeType.ClientHello or HandshakeType.ServerHello), message.IsProtected));
    }

    private static TlsClient Client(TimeProvider time, Recording recording, Action<TlsClientOptions>? configure = null) => TestServers.Client(time, options =>
    {
        options.Protocols = SslProtocols.Tls13;
        options.Observer = recording;
        configure?.Invoke(options);
    });

    private static TlsServer Server(TimeProvider time, Recording recording, Action<TlsServerOptions>? configure = null) => TestServers.Server(time, options =>
    {
        options.Protocols = SslProtocols.Tls13;
        options.Observer = recording;
        configure?.Invoke(options);
    });

    private sealed class Recording : IHandshakeObserver
    {
        public List<(HandshakeType Type, bool IsProtected, IReadOnlyList<HandshakeField> Fields)> Messages { get; } = [];

        public void OnEvent(long connection, in HandshakeEvent e)
        {
            if (e.Kind == HandshakeEventKind.Handshake)
            {
                Messages.Add((e.Type, e.IsProtected, e.DescribeFields()));
            }
        }
    }
}
