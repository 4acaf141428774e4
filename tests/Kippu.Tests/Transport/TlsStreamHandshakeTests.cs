using System.Security.Authentication;
using System.Text;
using Kippu.Tests.Handshake;
using Xunit;

namespace Kippu.Tests.Transport;

public abstract class TlsStreamHandshakeTests(SslProtocols protocol) : TransportTests(protocol)
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task The_handshake_completes_blocking_or_not(bool clientBlocks, bool serverBlocks)
    {
        await using var pair = TlsPair.Create();

        var accept = Accept(pair.Server, Server(TimeProvider.System), serverBlocks);
        await Connect(pair.Client, Client(TimeProvider.System), clientBlocks).Soon();
        await accept.Soon();

        Assert.True(pair.Client.IsAuthenticated && pair.Server.IsAuthenticated);
        Assert.Equal(pair.Client.Info.CipherSuite, pair.Server.Info.CipherSuite);
        Assert.True(pair.InnerClient.Flushes > 0 && pair.InnerServer.Flushes > 0);
    }

    [Fact]
    public async Task A_second_connection_resumes_with_the_ticket_of_the_first()
    {
        var (server, client) = (Server(TimeProvider.System), Client(TimeProvider.System));
        await using (var first = await ConnectAsync(server, client))
        {
            // In TLS 1.3 tickets come after the handshake, and are taken by whoever reads.
            await first.Server.WriteAsync(new byte[1]);
            Assert.Equal(1, await first.Client.ReadAsync(new byte[10]).Soon());
        }

        await using var pair = await ConnectAsync(server, client);

        Assert.Equal(Is13 ? ResumptionKind.Psk : ResumptionKind.Ticket, pair.Client.Info.Resumption);
        Assert.Equal(pair.Client.Info.Resumption, pair.Server.Info.Resumption);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_transport_that_trickles_byte_by_byte_is_as_good(bool blocks)
    {
        await using var pair = TlsPair.Create();
        (pair.InnerClient.MaxRead, pair.InnerServer.MaxRead) = (1, 1);

        var accept = Accept(pair.Server, Server(TimeProvider.System), blocks);
        await Connect(pair.Client, Client(TimeProvider.System), blocks).Soon();
        await accept.Soon();
    }

    [Fact]
    public async Task Data_that_comes_with_the_last_flight_is_not_lost()
    {
        await using var pair = TlsPair.Create();
        pair.InnerClient.WaitsForZeroBytes = false;
        var connect = pair.Client.AuthenticateAsClientAsync(Client(TimeProvider.System), TlsPair.Target);
        await pair.Server.AuthenticateAsServerAsync(Server(TimeProvider.System)).Soon();
        await pair.Server.WriteAsync("first"u8.ToArray());
        await connect.Soon();

        var buffer = new byte[100];
        var count = await pair.Client.ReadAsync(buffer).Soon();

        Assert.Equal("first", Encoding.ASCII.GetString(buffer, 0, count));
    }

    [Fact]
    public async Task A_fault_reaches_the_peer_as_an_alert_before_it_is_thrown()
    {
        await using var pair = TlsPair.Create();
        var accept = pair.Server.AuthenticateAsServerAsync(Server(TimeProvider.System));

        var fault = await Assert.ThrowsAsync<TlsException>(
            () => pair.Client.AuthenticateAsClientAsync(Client(TimeProvider.System), new TlsTarget("other.example")).Soon());
        var told = await Assert.ThrowsAsync<TlsException>(() => accept.Soon());

        Assert.Equal(TlsFault.CertificateNameMismatch, fault.Fault);
        Assert.Equal(TlsFault.PeerAlert, told.Fault);
        Assert.Equal(AlertDescription.BadCertificate, told.Alert);
    }

    [Fact]
    public async Task A_fault_reaches_the_peer_from_a_blocking_handshake_too()
    {
        await using var pair = TlsPair.Create();
        var accept = Accept(pair.Server, Server(TimeProvider.System), blocks: true);

        var fault = await Assert.ThrowsAsync<TlsException>(
            () => Task.Run(() => pair.Client.AuthenticateAsClient(Client(TimeProvider.System), new TlsTarget("other.example"))).Soon());
        var told = await Assert.ThrowsAsync<TlsException>(() => accept.Soon());

        Assert.Equal(TlsFault.CertificateNameMismatch, fault.Fault);
        Assert.Equal(AlertDescription.BadCertificate, told.Alert);
    }

    [Fact]
    public async Task An_alert_that_cannot_be_sent_does_not_hold_the_fault_up()
    {
        var clock = TestServers.Clock();
        await using var pair = TlsPair.Create(capacity: 4);
        var accept = pair.Server.AuthenticateAsServerAsync(Server(clock));
        await pair.InnerClient.WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray()).Soon();
        Assert.False(accept.IsCompleted);

        clock.Advance(TimeSpan.FromSeconds(1));

        var fault = await Assert.ThrowsAsync<TlsException>(() => accept.Soon());
        Assert.Equal(TlsFault.NotTls, fault.Fault);
    }

    [Fact]
    public async Task A_client_certificate_that_is_refused_surfaces_before_the_servers_application_sees_the_connection()
    {
        await using var pair = TlsPair.Create();
        var server = Server(TimeProvider.System, options => options.ClientCertificate = ClientCertificateRequirement.Required);
        var client = Client(TimeProvider.System, options => options.Credentials.Add(TestPki.ExpiredClient.Credential));
        var accept = pair.Server.AuthenticateAsServerAsync(server);

        var connect = pair.Client.AuthenticateAsClientAsync(client, TlsPair.Target);
        var fault = await Assert.ThrowsAsync<TlsException>(() => accept.Soon());
        if (Is13)
        {
            // The client is done with its own flight, and learns of it when it reads.
            await connect.Soon();
            connect = pair.Client.ReadAsync(new byte[1]).AsTask();
        }

        var told = await Assert.ThrowsAsync<TlsException>(() => connect.Soon());

        Assert.Equal(TlsFault.CertificateExpired, fault.Fault);
        Assert.Equal(AlertDescription.CertificateExpired, told.Alert);
        Assert.False(pair.Server.IsAuthenticated || pair.Server.CanRead || pair.Server.CanWrite);
        Assert.Equal(Is13, pair.Client.IsAuthenticated);
        Assert.Same(fault, await Assert.ThrowsAsync<TlsException>(() => pair.Server.ReadAsync(new byte[1]).AsTask()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_certificate_that_is_accepted_is_visible(bool blocks)
    {
        await using var pair = TlsPair.Create();
        var server = Server(TimeProvider.System, options => options.ClientCertificate = ClientCertificateRequirement.Required);
        var client = Client(TimeProvider.System, options => options.Credentials.Add(TestPki.Client.Credential));

        var accept = Accept(pair.Server, server, blocks);
        await Connect(pair.Client, client, blocks).Soon();
        await accept.Soon();

        Assert.Equal(TestPki.Client.Certificate.Thumbprint, pair.Server.Info.PeerCertificate!.Thumbprint);
    }

    [Fact]
    public async Task Plain_HTTP_is_told_apart()
    {
        await using var pair = TlsPair.Create();
        var accept = pair.Server.AuthenticateAsServerAsync(Server(TimeProvider.System));

        await pair.InnerClient.WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());

        Assert.Equal(TlsFault.NotTls, (await Assert.ThrowsAsync<TlsException>(() => accept.Soon())).Fault);
    }

    [Fact]
    public async Task A_peer_that_says_close_notify_during_the_handshake_ends_it()
    {
        await using var pair = TlsPair.Create();
        var accept = pair.Server.AuthenticateAsServerAsync(Server(TimeProvider.System));

        await pair.InnerClient.WriteAsync(new byte[] { 21, 3, 3, 0, 2, 1, 0 });

        Assert.Equal(TlsFault.Truncated, (await Assert.ThrowsAsync<TlsException>(() => accept.Soon())).Fault);
    }

    [Fact]
    public async Task An_inner_stream_that_fails_is_reported_as_it_is()
    {
        await using var pair = TlsPair.Create();
        pair.InnerClient.ReadFailure = new IOException("Connection reset by peer");

        var failure = await Assert.ThrowsAsync<IOException>(() => pair.Client.AuthenticateAsClientAsync(Client(TimeProvider.System), TlsPair.Target).Soon());

        Assert.Same(pair.InnerClient.ReadFailure, failure);
    }

    [Fact]
    public async Task There_is_one_handshake_only()
    {
        await using var pair = await ConnectAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => pair.Client.AuthenticateAsClientAsync(Client(TimeProvider.System), TlsPair.Target));
        Assert.Throws<InvalidOperationException>(() => pair.Server.AuthenticateAsServer(Server(TimeProvider.System)));

        await pair.Client.WriteAsync(new byte[1]);
        Assert.Equal(1, await pair.Server.ReadAsync(new byte[1]).Soon());
    }

    [Fact]
    public async Task Nothing_is_read_or_written_before_the_handshake()
    {
        await using var pair = TlsPair.Create();

        Assert.False(pair.Client.CanRead || pair.Client.CanWrite);
        Assert.Throws<InvalidOperationException>(() => pair.Client.Read(new byte[1]));
        Assert.Throws<InvalidOperationException>(() => pair.Client.Write(new byte[1]));
        await Assert.ThrowsAsync<InvalidOperationException>(() => pair.Client.ReadAsync(new byte[1]).AsTask());
        await Assert.ThrowsAsync<InvalidOperationException>(() => pair.Client.WriteAsync(new byte[1]).AsTask());
        await Assert.ThrowsAsync<InvalidOperationException>(() => pair.Client.ShutdownAsync());
        Assert.Throws<InvalidOperationException>(() => pair.Client.Info);
        Assert.Throws<InvalidOperationException>(() => pair.Client.Connection);
    }

    [Fact]
    public void The_inner_stream_must_be_readable_and_writable() =>
        Assert.Throws<ArgumentException>(() => new TlsStream(new MemoryStream([1], writable: false)));

    private static Task Accept(TlsStream stream, TlsServer server, bool blocks) =>
        blocks ? Task.Run(() => stream.AuthenticateAsServer(server)) : stream.AuthenticateAsServerAsync(server);

    private static Task Connect(TlsStream stream, TlsClient client, bool blocks) =>
        blocks ? Task.Run(() => stream.AuthenticateAsClient(client, TlsPair.Target)) : stream.AuthenticateAsClientAsync(client, TlsPair.Target);
}

public sealed class TlsStreamHandshakeTestsOver12() : TlsStreamHandshakeTests(SslProtocols.Tls12);

public sealed class TlsStreamHandshakeTestsOver13() : TlsStreamHandshakeTests(SslProtocols.Tls13);
