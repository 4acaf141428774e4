using System.Buffers;
using Xunit;

namespace Kippu.Tests.Handshake;

public sealed class ClientHelloReaderTests
{
    [Fact]
    public void A_hello_is_read_where_it_lies_whatever_the_pieces()
    {
        var bytes = Hello("example.com");

        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.False(ClientHelloReader.TryRead(new ReadOnlySequence<byte>(bytes, 0, length), out var early));
            Assert.Null(early);
        }

        Assert.True(ClientHelloReader.TryRead(new ReadOnlySequence<byte>([.. bytes, 1, 2, 3]), out var hello));
        Assert.Equal("example.com", hello!.ServerName);
    }

    [Fact]
    public void A_hello_in_many_records_is_read()
    {
        var body = Hello("example.com")[5..];
        var bytes = body.SelectMany(value => new byte[] { 22, 3, 1, 0, 1, value }).ToArray();

        Assert.False(ClientHelloReader.TryRead(new ReadOnlySequence<byte>(bytes, 0, bytes.Length - 1), out _));
        Assert.True(ClientHelloReader.TryRead(new ReadOnlySequence<byte>(bytes), out var hello));
        Assert.Equal("example.com", hello!.ServerName);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1")]
    [InlineData("\u0016\u0003\u0001\0\0 more")]
    [InlineData("\u0016\u0003\u0001\0\u0004\u0002\0\0\0 a ServerHello")]
    [InlineData("\u0016\u0003\u0001\0\u0004\u0001\u007f\0\0 too long")]
    public void What_is_no_hello_is_none_and_needs_no_more(string text)
    {
        Assert.True(ClientHelloReader.TryRead(new ReadOnlySequence<byte>(System.Text.Encoding.Latin1.GetBytes(text)), out var hello));
        Assert.Null(hello);
    }

    [Fact]
    public void A_ticket_opens_before_its_handshake_where_the_handshake_would_open_it()
    {
        using var ring = TicketKeyRing.Create(TestPki.Now);
        using var server = Server(ring);
        using var foreign = TicketKeyRing.Create(TestPki.Now);
        using var other = Server(foreign);
        var client = new TlsClient(new TlsClientOptions { ServerVerification = TestPki.Verification });
        using var first = new ConnectionPair(client, server).Connect();

        using var second = client.CreateConnection(new TlsTarget("localhost"));
        var bytes = new byte[second.GetWriteSize(0)];
        Assert.True(ClientHelloReader.TryRead(new ReadOnlySequence<byte>(bytes, 0, second.Drain(bytes)), out var hello));

        Assert.True(server.CanOpenTicket(hello!));
        Assert.False(other.CanOpenTicket(hello!));
        Assert.True(ClientHelloReader.TryRead(new ReadOnlySequence<byte>(Hello("localhost")), out var fresh));
        Assert.False(server.CanOpenTicket(fresh!));
    }

    private static TlsServer Server(TicketKeyRing ring) =>
        new(new TlsServerOptions { Credentials = { TestPki.Server.Credential }, Tickets = { Ring = new FixedRing(ring) }, ScopeName = "test" });

    private static byte[] Hello(string name)
    {
        using var connection = new TlsClient(new TlsClientOptions { ServerVerification = TestPki.Verification }).CreateConnection(new TlsTarget(name));
        var bytes = new byte[connection.GetWriteSize(0)];
        return bytes[..connection.Drain(bytes)];
    }
}
