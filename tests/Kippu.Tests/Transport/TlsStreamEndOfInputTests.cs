using System.Security.Authentication;
using Kippu.Tests.Handshake;
using Xunit;

namespace Kippu.Tests.Transport;

/// <summary>The transport ends where it should not: an error at once, and nobody hangs.</summary>
public abstract class TlsStreamEndOfInputTests(SslProtocols protocol) : TransportTests(protocol)
{
    private TlsServer? _server;
    private TlsClient? _client;

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task The_end_at_any_byte_of_a_handshake_is_an_error_at_once_for_both(bool fromClient, bool blocks)
    {
        // ECDSA signatures are not all of one length, so the last bytes of one handshake are not those of another.
        const int Variation = 16;
        var length = await LengthAsync(fromClient);
        Assert.InRange(length, 500, 10_000);
        for (var at = 0; at < length + (2 * Variation); at += blocks ? 7 : Is13 ? 3 : 1)
        {
            var fails = await FailsBothAsync(fromClient, at, blocks);
            Assert.True(fails || at >= length - Variation, $"the handshake succeeds with {at} of some {length} bytes");
            Assert.True(!fails || at < length + Variation, $"the handshake fails with {at} of some {length} bytes");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_end_without_close_notify_is_reported_as_truncation(bool blocks)
    {
        await using var pair = await ConnectAsync();
        await pair.Client.WriteAsync(new byte[10]);
        pair.InnerClient.EndWriting();

        Assert.Equal(10, await ReadAsync(pair.Server, 100, blocks));
        var fault = await Assert.ThrowsAsync<TlsException>(() => ReadAsync(pair.Server, 100, blocks));

        Assert.Equal(TlsFault.Truncated, fault.Fault);
        Assert.Same(fault, await Assert.ThrowsAsync<TlsException>(() => ReadAsync(pair.Server, 100, blocks)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_end_inside_a_record_is_reported_at_once(bool blocks)
    {
        for (var cut = 1; cut < 40; cut++)
        {
            await using var pair = await ConnectAsync();
            var bytes = Sealed(pair, 100);
            await pair.InnerClient.WriteAsync(bytes.AsMemory(0, cut));
            pair.InnerClient.EndWriting();

            Assert.Equal(TlsFault.Truncated, (await Assert.ThrowsAsync<TlsException>(() => ReadAsync(pair.Server, 100, blocks))).Fault);
        }
    }

    [Fact]
    public async Task A_read_that_waits_is_ended_by_the_end_of_the_transport()
    {
        await using var pair = await ConnectAsync();
        var read = pair.Server.ReadAsync(new byte[10]);

        pair.InnerClient.EndWriting();

        Assert.Equal(TlsFault.Truncated, (await Assert.ThrowsAsync<TlsException>(() => read.Soon())).Fault);
    }

    [Fact]
    public async Task A_broken_record_delivers_what_came_before_it_and_then_the_fault()
    {
        await using var pair = await ConnectAsync();
        await pair.Client.WriteAsync(new byte[10]);
        var bytes = Sealed(pair, 100);
        bytes[^1] ^= 1;
        await pair.InnerClient.WriteAsync(bytes);

        Assert.Equal(10, await pair.Server.ReadAsync(new byte[200]).Soon());
        var fault = await Assert.ThrowsAsync<TlsException>(() => pair.Server.ReadAsync(new byte[200]).Soon());
        var told = await Assert.ThrowsAsync<TlsException>(() => pair.Client.ReadAsync(new byte[200]).Soon());

        Assert.Equal(TlsFault.BadRecordMac, fault.Fault);
        Assert.Equal(AlertDescription.BadRecordMac, told.Alert);
        Assert.Same(fault, await Assert.ThrowsAsync<TlsException>(() => pair.Server.WriteAsync(new byte[1]).Soon()));
    }

    private static async Task<int> ReadAsync(TlsStream stream, int size, bool blocks) =>
        blocks ? await Task.Run(() => stream.Read(new byte[size])).Soon() : await stream.ReadAsync(new byte[size]).Soon();

    /// <summary>The record that the client would send next.</summary>
    private static byte[] Sealed(TlsPair pair, int size)
    {
        var sealedBytes = new byte[pair.Client.Connection.GetWriteSize(size)];
        var result = pair.Client.Connection.Write(new byte[size], sealedBytes);
        return sealedBytes[..result.Written];
    }

    private (TlsServer Server, TlsClient Client) Parties() => (
        _server ??= Server(TimeProvider.System, options => options.ClientCertificate = ClientCertificateRequirement.Optional),
        _client ??= Client(TimeProvider.System, options =>
        {
            options.UseTickets = false;
            options.Credentials.Add(TestPki.Client.Credential);
        }));

    /// <summary>How many bytes one side sends in a whole handshake.</summary>
    private async Task<long> LengthAsync(bool fromClient)
    {
        var (server, client) = Parties();
        await using var pair = await TlsPair.ConnectAsync(server, client);
        return (fromClient ? pair.InnerServer : pair.InnerClient).Received;
    }

    /// <summary>True if the handshake fails when one side's bytes end here; both sides must fail then.</summary>
    private async Task<bool> FailsBothAsync(bool fromClient, int at, bool blocks)
    {
        var (server, client) = Parties();
        await using var pair = TlsPair.Create();
        var (cutSide, otherSide) = fromClient ? (pair.InnerServer, pair.InnerClient) : (pair.InnerClient, pair.InnerServer);
        cutSide.EndsAfter = at;
        var accept = Run(pair.Server, () => pair.Server.AuthenticateAsServer(server), () => pair.Server.AuthenticateAsServerAsync(server), blocks);
        var connect = Run(pair.Client, () => pair.Client.AuthenticateAsClient(client, TlsPair.Target), () => pair.Client.AuthenticateAsClientAsync(client, TlsPair.Target), blocks);
        var failures = await Task.WhenAll(accept, connect).Soon();

        var (cut, other) = fromClient ? (failures[0], failures[1]) : (failures[1], failures[0]);
        if (cut is null)
        {
            return false;
        }

        Assert.Equal(TlsFault.Truncated, Assert.IsType<TlsException>(cut).Fault);

        // Who has sent the last flight, and had it cut on its way, has done its part: the server in TLS 1.2, the client in TLS 1.3.
        Assert.True(other is IOException || fromClient == Is13);
        return true;
    }

    private static async Task<Exception?> Run(TlsStream stream, Action blocking, Func<Task> asynchronous, bool blocks)
    {
        try
        {
            await (blocks ? Task.Run(blocking) : asynchronous());
            return null;
        }
        catch (IOException failure)
        {
            // As an application would: and the other side sees the end.
            await stream.DisposeAsync();
            return failure;
        }
    }
}

public sealed class TlsStreamEndOfInputTestsOver12() : TlsStreamEndOfInputTests(SslProtocols.Tls12);

public sealed class TlsStreamEndOfInputTestsOver13() : TlsStreamEndOfInputTests(SslProtocols.Tls13);
