using System.Security.Cryptography;
using Kippu.Tests.Handshake;
using Xunit;

namespace Kippu.Tests.Transport;

/// <summary>A server reads early data before the handshake is complete, apart from the data after it (RFC 8446 §2.3).</summary>
public sealed class TlsStreamEarlyDataTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Accepted_early_data_can_be_read_at_once_and_ends_with_the_clients_second_flight(bool blocks)
    {
        var scene = await EarlyDataScene.CreateAsync();
        await using var server = await EarlyServer.AcceptAsync(scene, blocks, "early"u8.ToArray());
        Assert.True(server.Stream.CanRead && server.Stream.CanWrite);
        Assert.False(server.Stream.IsAuthenticated || server.Client.Connection.IsConnected);
        Assert.True(server.Stream.Info is { EarlyDataAccepted: true, IsResumed: true, ServerName: TestServers.Name });

        Assert.Equal("early"u8.ToArray(), await server.ReadEarlyAsync(blocks));
        var end = server.ReadEarlyAsync(blocks);
        await server.Inner.UntilReadWaitsAsync().Soon();
        Assert.False(end.IsCompleted);
        await server.Client.SendEarlyAsync(" and more"u8.ToArray());
        Assert.Equal(" and more"u8.ToArray(), await end);
        await server.Client.GoOnAsync();

        Assert.Empty(await server.ReadEarlyAsync(blocks));
        Assert.True(server.Stream.IsAuthenticated);
        await server.Client.SendAsync("late"u8.ToArray());
        Assert.Equal("late"u8.ToArray(), await server.ReadAsync(blocks));
        Assert.Empty(await server.ReadEarlyAsync(blocks));
        Assert.True(server.Stream.Info is { EarlyDataAccepted: true, NewTicket: true });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_first_flight_may_be_answered_before_the_client_has_finished(bool blocks)
    {
        var scene = await EarlyDataScene.CreateAsync();
        await using var server = await EarlyServer.AcceptAsync(scene, blocks, "early"u8.ToArray());

        if (blocks)
        {
            server.Stream.Write("answer"u8);
        }
        else
        {
            await server.Stream.WriteAsync("answer"u8.ToArray());
        }

        Assert.False(server.Stream.IsAuthenticated);
        await server.Client.GoOnAsync();
        Assert.Equal("answer"u8.ToArray(), server.Client.Delivered);
        await server.CompleteAsync(blocks);
        Assert.True(server.Stream.IsAuthenticated);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Early_data_that_nobody_has_read_when_the_handshake_completes_is_kept_and_never_mixed_with_what_comes_later(bool blocks)
    {
        var scene = await EarlyDataScene.CreateAsync();
        var data = RandomNumberGenerator.GetBytes(EarlyDataScene.MaxSize);
        await using var server = await EarlyServer.AcceptAsync(scene, blocks, data[..1000], data[1000..1001]);
        await server.Client.SendEarlyAsync(data[1001..]);
        await server.Client.GoOnAsync();
        await server.Client.SendAsync("late"u8.ToArray());

        await server.CompleteAsync(blocks);
        Assert.Equal("late"u8.ToArray(), await server.ReadAsync(blocks, 10_000));
        await server.Client.SendAsync("later"u8.ToArray());

        Assert.Equal(data, await server.ReadAllEarlyAsync(blocks, 700));
        Assert.Equal("later"u8.ToArray(), await server.ReadAsync(blocks));
        Assert.Equal(0, server.Stream.HeldBytes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_read_of_late_data_waits_for_the_handshake_first(bool blocks)
    {
        var scene = await EarlyDataScene.CreateAsync();
        await using var server = await EarlyServer.AcceptAsync(scene, blocks, "early"u8.ToArray());
        var read = server.ReadAsync(blocks);
        await server.Inner.UntilReadWaitsAsync().Soon();
        await server.Client.SendEarlyAsync(" and more"u8.ToArray());
        await server.Client.GoOnAsync();
        Assert.False(read.IsCompleted);

        await server.Client.SendAsync("late"u8.ToArray());

        Assert.Equal("late"u8.ToArray(), await read);
        Assert.Equal("early and more"u8.ToArray(), await server.ReadAllEarlyAsync(blocks));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Early_data_is_read_in_pieces_of_any_size(bool blocks)
    {
        var scene = await EarlyDataScene.CreateAsync();
        await using var server = await EarlyServer.AcceptAsync(scene, blocks, "0123456"u8.ToArray(), "789"u8.ToArray());

        Assert.Equal("012"u8.ToArray(), await server.ReadEarlyAsync(blocks, 3));
        Assert.Empty(await server.ReadEarlyAsync(blocks, 0));
        Assert.Equal("3456"u8.ToArray(), await server.ReadEarlyAsync(blocks, 100));
        await server.Client.GoOnAsync();
        Assert.Equal("78"u8.ToArray(), await server.ReadEarlyAsync(blocks, 2));
        Assert.Equal("9"u8.ToArray(), await server.ReadEarlyAsync(blocks, 100));
        Assert.Empty(await server.ReadEarlyAsync(blocks));
        Assert.Empty(await server.ReadEarlyAsync(blocks));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_transport_that_trickles_byte_by_byte_is_as_good(bool blocks)
    {
        var scene = await EarlyDataScene.CreateAsync();
        await using var server = new EarlyServer(scene.Client);
        server.Inner.MaxRead = 1;
        await server.Client.SendRawAsync(server.Client.SealFirst(new byte[300], new byte[1]));
        await server.AuthenticateAsync(scene.Server, blocks).Soon();
        await server.Client.GoOnAsync();
        await server.Client.SendAsync(new byte[50]);

        Assert.Equal(301, (await server.ReadAllEarlyAsync(blocks)).Length);
        Assert.Equal(50, (await server.ReadAsync(blocks)).Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_there_is_no_early_data_it_is_at_its_end_at_once(bool blocks)
    {
        var scene = await EarlyDataScene.CreateAsync();
        await using var pair = await TlsPair.ConnectAsync(scene.Server, scene.Client);

        Assert.True(pair.Server.IsAuthenticated);
        Assert.False(pair.Server.Info.EarlyDataAccepted);
        foreach (var stream in new[] { pair.Client, pair.Server })
        {
            Assert.Equal(0, blocks ? stream.ReadEarlyData(new byte[1]) : await stream.ReadEarlyDataAsync(new byte[1]).Soon());
            if (blocks)
            {
                stream.CompleteHandshake();
            }
            else
            {
                await stream.CompleteHandshakeAsync().Soon();
            }
        }
    }

    [Fact]
    public async Task Before_the_handshake_there_is_nothing_to_read_or_to_complete()
    {
        var scene = await EarlyDataScene.CreateAsync();
        await using var server = new EarlyServer(scene.Client);

        await Assert.ThrowsAsync<InvalidOperationException>(() => server.Stream.ReadEarlyDataAsync(new byte[1]).AsTask());
        await Assert.ThrowsAsync<InvalidOperationException>(() => server.Stream.CompleteHandshakeAsync());
        Assert.Throws<InvalidOperationException>(() => server.Stream.ReadEarlyData(new byte[1]));
        Assert.Throws<InvalidOperationException>(server.Stream.CompleteHandshake);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_reads_at_a_time(bool blocks)
    {
        var scene = await EarlyDataScene.CreateAsync();
        await using var server = await EarlyServer.AcceptAsync(scene, blocks);
        var read = server.ReadEarlyAsync(blocks);
        await server.Inner.UntilReadWaitsAsync().Soon();

        await Assert.ThrowsAsync<InvalidOperationException>(() => server.Stream.ReadAsync(new byte[1]).AsTask());
        await Assert.ThrowsAsync<InvalidOperationException>(() => server.Stream.CompleteHandshakeAsync());
        Assert.Throws<InvalidOperationException>(() => server.Stream.ReadEarlyData(new byte[1]));
        Assert.Throws<InvalidOperationException>(server.Stream.CompleteHandshake);

        await server.Client.SendEarlyAsync("early"u8.ToArray());
        Assert.Equal("early"u8.ToArray(), await read);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_closes_before_the_client_has_finished_says_so_and_nothing_after_it(bool blocks)
    {
        var scene = await EarlyDataScene.CreateAsync();
        await using var server = await EarlyServer.AcceptAsync(scene, blocks, "early"u8.ToArray());
        if (blocks)
        {
            server.Stream.Shutdown();
        }
        else
        {
            await server.Stream.ShutdownAsync();
        }

        Assert.False(server.Stream.CanWrite);
        await server.Client.GoOnAsync();
        var writes = server.Inner.Writes;
        await server.CompleteAsync(blocks);

        // RFC 8446 §6.1: no tickets after close_notify.
        Assert.True(server.Client.IsClosedByPeer);
        Assert.Equal(writes, server.Inner.Writes);
        Assert.False(server.Stream.Info.NewTicket);
        await server.Client.SendAsync("late"u8.ToArray());
        Assert.Equal("late"u8.ToArray(), await server.ReadAsync(blocks));
    }
}
