using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Kippu.Tests.Handshake;
using Xunit;

namespace Kippu.Tests.Transport;

/// <summary>What only a real socket shows: how it takes reads of zero bytes, and its time-outs.</summary>
public abstract class TlsStreamSocketTests(SslProtocols protocol) : TransportTests(protocol)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Data_goes_to_and_fro_over_sockets(bool blocks)
    {
        var (clientSocket, serverSocket) = await ConnectSocketsAsync();
        await using var client = new TlsStream(clientSocket);
        await using var server = new TlsStream(serverSocket);
        var accept = blocks
            ? Task.Run(() => server.AuthenticateAsServer(Server(TimeProvider.System)))
            : server.AuthenticateAsServerAsync(Server(TimeProvider.System));
        await client.AuthenticateAsClientAsync(Client(TimeProvider.System), TlsPair.Target).Soon();
        await accept.Soon();
        Assert.Equal(Timeout.Infinite, server.ReadTimeout);

        foreach (var size in new[] { 1, 100, 16_384, 300_000, 10, 20_000 })
        {
            var data = RandomNumberGenerator.GetBytes(size);
            var received = new byte[size];
            var waiting = server.ReadAsync(Memory<byte>.Empty);
            var write = client.WriteAsync(data);
            await waiting.Soon();
            await (blocks ? Task.Run(() => server.ReadExactly(received)) : server.ReadExactlyAsync(received).AsTask()).Soon();
            await write.Soon();
            Assert.Equal(data, received);
        }

        var read = server.ReadAsync(new byte[10]);
        await client.DisposeAsync();
        Assert.Equal(0, await read.Soon());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_time_limit_of_a_handshake_holds_over_sockets(bool blocks)
    {
        var (clientSocket, serverSocket) = await ConnectSocketsAsync();
        await using var silent = clientSocket;
        await using var stream = new TlsStream(serverSocket);
        var server = Server(TimeProvider.System, options => options.HandshakeTimeout = TimeSpan.FromMilliseconds(30));

        var accept = blocks ? Task.Run(() => stream.AuthenticateAsServer(server)) : stream.AuthenticateAsServerAsync(server);

        Assert.Equal(TlsFault.HandshakeTimeout, (await Assert.ThrowsAsync<TlsException>(() => accept.Soon())).Fault);
        var alert = new byte[7];
        await silent.ReadExactlyAsync(alert).AsTask().Soon();
        Assert.Equal([21, 3, 3, 0, 2, 2, (byte)AlertDescription.UserCanceled], alert);
    }

    private static async Task<(NetworkStream Client, NetworkStream Server)> ConnectSocketsAsync()
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(listener.LocalEndPoint!);
        return (new NetworkStream(client, ownsSocket: true), new NetworkStream(await listener.AcceptAsync(), ownsSocket: true));
    }
}

public sealed class TlsStreamSocketTestsOver12() : TlsStreamSocketTests(SslProtocols.Tls12);

public sealed class TlsStreamSocketTestsOver13() : TlsStreamSocketTests(SslProtocols.Tls13);
