using Kippu.Tests.Handshake;
using Xunit;

namespace Kippu.Tests.Transport;

/// <summary>What ends a server's handshake after it has accepted early data: the transport, the time, the caller, the client.</summary>
public sealed class TlsStreamEarlyDataFailureTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_end_of_the_transport_inside_early_data_is_truncation_after_what_came(bool blocks)
    {
        var scene = await EarlyDataScene.CreateAsync();
        await using var server = new EarlyServer(scene.Client);
        var flight = server.Client.SealFirst("early"u8.ToArray(), "and more"u8.ToArray());
        await server.Client.SendRawAsync(flight[..^1]);
        await server.AuthenticateAsync(scene.Server, blocks).Soon();
        server.Client.End();

        Assert.Equal("early"u8.ToArray(), await server.ReadEarlyAsync(blocks));
        var fault = await Assert.ThrowsAsync<TlsException>(() => server.ReadEarlyAsync(blocks));

        Assert.Equal(TlsFault.Truncated, fault.Fault);
        Assert.Same(fault, await Assert.ThrowsAsync<TlsException>(() => server.CompleteAsync(blocks)));
        Assert.Same(fault, await Assert.ThrowsAsync<TlsException>(() => server.ReadAsync(blocks)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_end_of_the_transport_before_the_client_has_finished_leaves_the_early_data_that_came(bool blocks)
    {
        var scene = await EarlyDataScene.CreateAsync();
        await using var server = await EarlyServer.AcceptAsync(scene, blocks, "early"u8.ToArray());
        server.Client.End();

        var fault = await Assert.ThrowsAsync<TlsException>(() => server.CompleteAsync(blocks));

        Assert.Equal(TlsFault.Truncated, fault.Fault);
        Assert.False(server.Stream.IsAuthenticated);
        Assert.Equal("early"u8.ToArray(), await server.ReadEarlyAsync(blocks));
        Assert.Same(fault, await Assert.ThrowsAsync<TlsException>(() => server.ReadEarlyAsync(blocks)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task More_early_data_than_the_ticket_allows_ends_the_connection(bool blocks)
    {
        var scene = await EarlyDataScene.CreateAsync();
        await using var server = new EarlyServer(scene.Presumptuous());
        await server.Client.SendRawAsync(server.Client.SealFirst(new byte[EarlyDataScene.MaxSize], "x"u8.ToArray()));
        await server.AuthenticateAsync(scene.Server, blocks).Soon();

        Assert.Equal(EarlyDataScene.MaxSize, (await server.ReadEarlyAsync(blocks, 100_000)).Length);
        var fault = await Assert.ThrowsAsync<TlsException>(() => server.ReadEarlyAsync(blocks));
        await server.Client.GoOnAsync();

        Assert.Equal(TlsFault.TooMuchEarlyData, fault.Fault);
        Assert.Equal(AlertDescription.UnexpectedMessage, server.Client.Fault?.Alert);
    }

    [Fact]
    public async Task More_early_data_than_the_ticket_allows_is_not_kept_either()
    {
        var scene = await EarlyDataScene.CreateAsync();
        await using var server = new EarlyServer(scene.Presumptuous());
        await server.Client.SendRawAsync(server.Client.SealFirst(new byte[1000], new byte[1000]));
        await server.AuthenticateAsync(scene.Server, blocks: false).Soon();
        var complete = server.Stream.CompleteHandshakeAsync();

        for (var i = 0; i < 10 && !complete.IsCompleted; i++)
        {
            await server.Client.SendEarlyAsync(new byte[1000]);
        }

        Assert.Equal(TlsFault.TooMuchEarlyData, (await Assert.ThrowsAsync<TlsException>(() => complete.Soon())).Fault);
        Assert.InRange((await server.ReadEarlyAsync(blocks: false, 100_000)).Length, 0, EarlyDataScene.MaxSize);
    }

    [Fact]
    public async Task A_cancelled_read_of_early_data_loses_nothing()
    {
        var scene = await EarlyDataScene.CreateAsync();
        await using var server = await EarlyServer.AcceptAsync(scene, blocks: false);
        using var cancellation = new CancellationTokenSource();
        var flight = server.Client.SealFirst("early"u8.ToArray());
        var read = server.Stream.ReadEarlyDataAsync(new byte[100], cancellation.Token);
        await server.Client.SendRawAsync(flight[..10]);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read.Soon());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => server.Stream.ReadEarlyDataAsync(new byte[100], cancellation.Token).AsTask());
        await server.Client.SendRawAsync(flight[10..]);
        Assert.Equal("early"u8.ToArray(), await server.ReadEarlyAsync(blocks: false));
        await server.Client.GoOnAsync();
        await server.CompleteAsync(blocks: false);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cancelled_wait_for_the_handshake_can_be_taken_up_again(bool byReading)
    {
        var scene = await EarlyDataScene.CreateAsync();
        await using var server = await EarlyServer.AcceptAsync(scene, blocks: false, "early"u8.ToArray());
        using var cancellation = new CancellationTokenSource();
        Task wait = byReading ? server.Stream.ReadAsync(new byte[100], cancellation.Token).AsTask() : server.Stream.CompleteHandshakeAsync(cancellation.Token);
        Assert.False(wait.IsCompleted);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait.Soon());
        await server.Client.GoOnAsync();
        await server.Client.SendAsync("late"u8.ToArray());
        Assert.Equal("late"u8.ToArray(), await server.ReadAsync(blocks: false));
        Assert.Equal("early"u8.ToArray(), await server.ReadAllEarlyAsync(blocks: false));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_time_limit_of_the_handshake_goes_on_while_early_data_is_read(bool complete)
    {
        var scene = await EarlyDataScene.CreateAsync(server => server.HandshakeTimeout = TimeSpan.FromSeconds(5));
        await using var server = await EarlyServer.AcceptAsync(scene, blocks: false, "early"u8.ToArray());
        scene.Clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal("early"u8.ToArray(), await server.ReadEarlyAsync(blocks: false));
        Task wait = complete ? server.Stream.CompleteHandshakeAsync() : server.Stream.ReadEarlyDataAsync(new byte[1]).AsTask();
        Assert.False(wait.IsCompleted);

        scene.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(TlsFault.HandshakeTimeout, (await Assert.ThrowsAsync<TlsException>(() => wait.Soon())).Fault);
        await server.Client.GoOnAsync();
        Assert.Equal(AlertDescription.UserCanceled, server.Client.Fault?.Alert);
    }

    [Fact]
    public async Task The_time_limit_holds_for_a_read_that_comes_too_late()
    {
        var scene = await EarlyDataScene.CreateAsync(server => server.HandshakeTimeout = TimeSpan.FromSeconds(5));
        await using var server = await EarlyServer.AcceptAsync(scene, blocks: false);
        scene.Clock.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal(TlsFault.HandshakeTimeout, (await Assert.ThrowsAsync<TlsException>(() => server.ReadAsync(blocks: false))).Fault);
    }

    [Fact]
    public async Task A_blocking_read_of_early_data_has_the_time_outs_of_the_inner_stream_and_leaves_those_of_a_writer_alone()
    {
        var scene = await EarlyDataScene.CreateAsync(server => server.HandshakeTimeout = TimeSpan.FromSeconds(5));
        await using var server = await EarlyServer.AcceptAsync(scene, blocks: false);
        (server.Inner.HasTimeouts, server.Inner.ReadTimeout, server.Inner.WriteTimeout) = (true, 111, 222);
        server.Inner.BeforeBlocking = () =>
        {
            Assert.Equal(222, server.Inner.WriteTimeout);
            scene.Clock.Advance(TimeSpan.FromMilliseconds(server.Inner.ReadTimeout));
            throw new IOException("timed out");
        };

        Assert.Equal(TlsFault.HandshakeTimeout, Assert.Throws<TlsException>(() => server.Stream.ReadEarlyData(new byte[1])).Fault);
        Assert.Equal((111, 222), (server.Inner.ReadTimeout, server.Inner.WriteTimeout));
    }

    [Fact]
    public async Task A_blocking_read_of_early_data_without_time_outs_is_ended_by_disposing_the_inner_stream()
    {
        var scene = await EarlyDataScene.CreateAsync(server => server.HandshakeTimeout = TimeSpan.FromSeconds(5));
        await using var server = await EarlyServer.AcceptAsync(scene, blocks: true);
        var read = server.ReadEarlyAsync(blocks: true);
        await server.Inner.UntilReadWaitsAsync().Soon();

        scene.Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(TlsFault.HandshakeTimeout, (await Assert.ThrowsAsync<TlsException>(() => read)).Fault);
        Assert.True(server.Inner.IsDisposed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Disposing_says_close_notify_and_ends_a_read_that_waits(bool blocks)
    {
        var scene = await EarlyDataScene.CreateAsync();
        await using var server = await EarlyServer.AcceptAsync(scene, blocks);
        var read = server.ReadEarlyAsync(blocks);
        await server.Inner.UntilReadWaitsAsync().Soon();

        await server.Stream.DisposeAsync().Soon();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => read);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => server.ReadEarlyAsync(blocks));
        server.Client.Take();
        Assert.True(server.Client.IsClosedByPeer);
        Assert.Equal(0, server.Stream.HeldBytes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_that_sends_something_else_under_the_early_keys_is_found_out(bool blocks)
    {
        var scene = await EarlyDataScene.CreateAsync();
        await using var server = new EarlyServer(scene.Client);
        var flight = server.Client.SealFirst("early"u8.ToArray());
        flight[^1] ^= 1;
        await server.Client.SendRawAsync(flight);
        // The record may be looked at together with the hello; what is wrong with it is then said here.
        var fault = await Assert.ThrowsAsync<TlsException>(async () =>
        {
            await server.AuthenticateAsync(scene.Server, blocks).Soon();
            await server.ReadEarlyAsync(blocks);
        });

        await server.Client.GoOnAsync();
        Assert.Equal(TlsFault.BadRecordMac, fault.Fault);
        Assert.Equal(AlertDescription.BadRecordMac, server.Client.Fault?.Alert);
    }
}
