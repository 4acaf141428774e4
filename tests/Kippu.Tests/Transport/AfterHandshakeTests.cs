using System.Security.Authentication;
using Kippu.Tests.Handshake;
using Xunit;

namespace Kippu.Tests.Transport;

/// <summary>What TLS 1.3 sends after the handshake (tickets, KeyUpdates: RFC 8446 §4.6) travels beside the data, and disturbs it nowhere.</summary>
public sealed class AfterHandshakeTests() : TransportTests(SslProtocols.Tls13)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_read_of_zero_bytes_is_not_satisfied_by_a_ticket(bool blocks)
    {
        var client = Client(TimeProvider.System);
        await using var pair = await ConnectAsync(client: client);
        Assert.Equal(0, client.SessionStore.Count);

        var read = blocks ? Task.Run(() => pair.Client.Read([])) : pair.Client.ReadAsync(Memory<byte>.Empty).AsTask();
        await pair.InnerClient.UntilReadWaitsAsync().Soon();
        Assert.False(read.IsCompleted);
        Assert.Equal(2, client.SessionStore.Count);
        Assert.Equal(0, pair.Client.HeldBytes);

        await pair.Server.WriteAsync("data"u8.ToArray());
        Assert.Equal(0, await read.Soon());
        Assert.Equal(4, await pair.Client.ReadAsync(new byte[100]).Soon());
        Assert.Equal(0, pair.Client.HeldBytes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(16_384)]
    public async Task Tickets_and_records_of_any_size_between_them_leave_the_data_as_it_was(int size)
    {
        await using var pair = await ConnectAsync();
        var sent = new MemoryStream();
        foreach (var length in new[] { 1, 16_384, 10, 500, 16_000 })
        {
            var data = Enumerable.Range(0, length).Select(i => (byte)(i * length)).ToArray();
            pair.Server.SendTickets(1);
            pair.Server.UpdateKeys();
            await pair.Server.WriteAsync(data);
            sent.Write(data);
        }

        await pair.Server.ShutdownAsync();
        var received = new MemoryStream();
        var buffer = new byte[size];
        while (await pair.Client.ReadAsync(buffer).Soon() is > 0 and var count)
        {
            received.Write(buffer, 0, count);
        }

        Assert.Equal(sent.ToArray(), received.ToArray());
        Assert.Equal(0, pair.Client.HeldBytes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_KeyUpdate_is_answered_by_a_reader_that_waits_without_a_writer(bool blocks)
    {
        await using var pair = await ConnectAsync();
        var read = blocks ? Task.Run(() => pair.Client.Read(new byte[10])) : pair.Client.ReadAsync(new byte[10]).AsTask();
        await pair.InnerClient.UntilReadWaitsAsync().Soon();
        var writes = pair.InnerClient.Writes;
        pair.Server.UpdateKeys(requestPeer: true);

        var answer = pair.Server.ReadAsync(new byte[100]);
        while (pair.InnerClient.Writes == writes)
        {
            await Task.Yield();
        }

        Assert.False(read.IsCompleted || answer.IsCompleted);
        await pair.Server.WriteAsync(new byte[3]);
        Assert.Equal(3, await read.Soon());
        await pair.Client.WriteAsync(new byte[5]);
        Assert.Equal(5, await answer.Soon());
    }

    [Fact]
    public async Task A_pipe_answers_a_KeyUpdate_while_its_reader_waits()
    {
        await using var pair = await ConnectPipesAsync();
        var read = pair.Client.Input.ReadAsync();
        pair.Server.UpdateKeys(requestPeer: true);

        await pair.Server.Output.FlushAsync();

        Assert.False(read.IsCompleted);
        Assert.True(pair.InnerServer.Input.TryRead(out var answer));
        Assert.False(answer.Buffer.IsEmpty);
        pair.InnerServer.Input.AdvanceTo(answer.Buffer.Start);
        await pair.Server.Output.WriteAsync("abc"u8.ToArray());
        Assert.Equal(3, (await read.Soon()).Buffer.Length);
        await pair.Client.Output.WriteAsync("de"u8.ToArray());
        Assert.Equal("de"u8.ToArray(), await PipePair.ReadAsync(pair.Server.Input));
    }

    [Fact]
    public async Task What_cannot_go_out_aside_waits_as_long_as_it_takes_and_breaks_nothing()
    {
        var clock = TestServers.Clock();
        await using var pair = await ConnectAsync(Server(clock), Client(clock), capacity: 300);
        var write = pair.Server.WriteAsync(new byte[10]);

        // The tickets are on their way, and the client does not read for a long time.
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.False(write.IsCompleted);
        Assert.Equal(10, await pair.Client.ReadAsync(new byte[100]).Soon());

        await write.Soon();
        Assert.True(pair.Server.CanWrite);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_does_not_wait_for_its_tickets_to_go_out(bool blocks)
    {
        await using var pair = TlsPair.Create(capacity: 300);
        var server = Server(TimeProvider.System);
        var accept = blocks ? Task.Run(() => pair.Server.AuthenticateAsServer(server)) : pair.Server.AuthenticateAsServerAsync(server);
        await pair.Client.AuthenticateAsClientAsync(Client(TimeProvider.System), TlsPair.Target).Soon();

        // Nobody reads the tickets, which are more than what fits the transport.
        await accept.Soon();
        await pair.Client.WriteAsync(new byte[3]);
        Assert.Equal(3, await pair.Server.ReadAsync(new byte[10]).Soon());
        var write = pair.Server.WriteAsync(new byte[4]);
        Assert.Equal(4, await pair.Client.ReadAsync(new byte[10]).Soon());
        await write.Soon();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tickets_that_cannot_be_sent_fail_the_next_write_and_not_the_handshake(bool blocks)
    {
        var (clientEnd, serverEnd) = MemoryTransport.Create();
        var inner = new DuplexStream(serverEnd);
        await using var stream = new TlsStream(inner);
        using var client = new StepClient(Client(TimeProvider.System), clientEnd);
        await client.GoOnAsync();
        var accept = blocks ? Task.Run(() => stream.AuthenticateAsServer(Server(TimeProvider.System))) : stream.AuthenticateAsServerAsync(Server(TimeProvider.System));
        await inner.UntilReadWaitsAsync().Soon();
        inner.WriteFailure = new IOException("Connection reset by peer");
        await client.GoOnAsync();

        await accept.Soon();
        await client.SendAsync("last words"u8.ToArray());
        await client.CloseAsync();
        var buffer = new byte[100];
        Assert.Equal(10, await stream.ReadAsync(buffer).Soon());
        Assert.Equal(0, await stream.ReadAsync(buffer).Soon());
        await Assert.ThrowsAsync<IOException>(() => stream.WriteAsync(new byte[1]).AsTask());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Disposing_waits_a_little_for_what_is_being_sent_aside_so_that_close_notify_can_follow(bool blocks)
    {
        var clock = TestServers.Clock();
        await using var pair = await ConnectAsync(Server(clock), Client(clock), capacity: 300);

        var dispose = blocks ? Task.Run(pair.Server.Dispose) : pair.Server.DisposeAsync().AsTask();
        Assert.Equal(0, await pair.Client.ReadAsync(new byte[10]).Soon());

        await dispose.Soon();
    }

    [Fact]
    public async Task Disposing_does_not_wait_for_ever_for_what_is_being_sent_aside()
    {
        var clock = TestServers.Clock();
        await using var pair = await ConnectAsync(Server(clock), Client(clock), capacity: 300);
        var dispose = pair.Server.DisposeAsync().AsTask();
        Assert.False(dispose.IsCompleted);

        clock.Advance(TimeSpan.FromSeconds(1));

        await dispose.Soon();
    }

    [Fact]
    public async Task Half_closed_a_side_takes_KeyUpdates_and_sends_none()
    {
        await using var pair = await ConnectAsync();
        await pair.Client.ShutdownAsync();
        var writes = pair.InnerClient.Writes;
        pair.Server.UpdateKeys(requestPeer: true);
        await pair.Server.WriteAsync(new byte[3]);

        Assert.Equal(3, await pair.Client.ReadAsync(new byte[10]).Soon());

        // RFC 8446 §6.1: "the sender will not send any more messages on this connection", and "This does not have any effect on its read side".
        Assert.Equal(writes, pair.InnerClient.Writes);
        Assert.Equal(0, await pair.Server.ReadAsync(new byte[10]).Soon());
        await pair.Server.WriteAsync(new byte[4]);
        Assert.Equal(4, await pair.Client.ReadAsync(new byte[10]).Soon());
    }

    [Fact]
    public async Task Records_between_updates_of_keys_cost_no_allocation()
    {
        await using var pair = await ConnectAsync();
        var (data, buffer) = (new byte[1000], new byte[1000]);
        pair.Server.UpdateKeys(requestPeer: true);

        Allocation.AssertNone(() =>
        {
            Allocation.Now(pair.Server.WriteAsync(data));
            Allocation.Now(pair.Client.ReadAsync(buffer));
            Allocation.Now(pair.Client.WriteAsync(data));
            Allocation.Now(pair.Server.ReadAsync(buffer));
        });
    }
}
