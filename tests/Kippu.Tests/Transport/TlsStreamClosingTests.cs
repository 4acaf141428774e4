using System.Security.Authentication;
using Kippu.Tests.Handshake;
using Xunit;

namespace Kippu.Tests.Transport;

public abstract class TlsStreamClosingTests(SslProtocols protocol) : TransportTests(protocol)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Half_closed_one_side_goes_on_reading_and_the_other_writing(bool blocks)
    {
        await using var pair = await ConnectAsync();
        await pair.Client.WriteAsync(new byte[3]);

        if (blocks)
        {
            pair.Client.Shutdown();
            pair.Client.Shutdown();
        }
        else
        {
            await pair.Client.ShutdownAsync();
            await pair.Client.ShutdownAsync();
        }

        Assert.False(pair.Client.CanWrite);
        Assert.True(pair.Client.CanRead);
        await Assert.ThrowsAsync<InvalidOperationException>(() => pair.Client.WriteAsync(new byte[1]).AsTask());
        Assert.Throws<InvalidOperationException>(() => pair.Client.Write(new byte[1]));
        Assert.Equal(3, await pair.Server.ReadAsync(new byte[10]).Soon());
        Assert.Equal(0, await pair.Server.ReadAsync(new byte[10]).Soon());
        Assert.Equal(0, await Task.Run(() => pair.Server.Read(new byte[10])).Soon());

        await pair.Server.WriteAsync(new byte[5]);
        await pair.Server.ShutdownAsync();
        Assert.Equal(5, await pair.Client.ReadAsync(new byte[10]).Soon());
        Assert.Equal(0, await pair.Client.ReadAsync(new byte[10]).Soon());
    }

    [Fact]
    public async Task The_end_after_close_notify_is_no_error_and_the_transport_is_not_asked_again()
    {
        await using var pair = await ConnectAsync();
        await pair.Client.ShutdownAsync();
        pair.InnerClient.EndWriting();
        Assert.Equal(0, await pair.Server.ReadAsync(new byte[10]).Soon());
        pair.InnerServer.ReadFailure = new IOException("gone");

        Assert.Equal(0, await pair.Server.ReadAsync(new byte[10]).Soon());
        Assert.True(pair.Server.Connection.IsClosedByPeer);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Disposing_says_close_notify(bool blocks)
    {
        await using var pair = await ConnectAsync();

        if (blocks)
        {
            pair.Client.Dispose();
        }
        else
        {
            await pair.Client.DisposeAsync();
        }

        Assert.Equal(0, await pair.Server.ReadAsync(new byte[10]).Soon());
        Assert.True(pair.InnerClient.IsDisposed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_inner_stream_stays_open_if_it_is_to_stay_open(bool blocks)
    {
        await using var pair = await ConnectAsync(Server(TimeProvider.System, options => options.Tickets.Enabled = false), leaveInnerStreamsOpen: true);

        if (blocks)
        {
            pair.Client.Dispose();
        }
        else
        {
            await pair.Client.DisposeAsync();
        }

        Assert.False(pair.InnerClient.IsDisposed);
        await pair.InnerServer.WriteAsync(new byte[3]);
        Assert.Equal(3, await pair.InnerClient.ReadAsync(new byte[10]));
    }

    [Fact]
    public async Task A_read_under_way_ends_with_the_inner_stream_and_not_before()
    {
        await using var pair = await ConnectAsync(Server(TimeProvider.System, options => options.Tickets.Enabled = false), leaveInnerStreamsOpen: true);
        var read = pair.Client.ReadAsync(new byte[10]).AsTask();
        await pair.Client.DisposeAsync();
        Assert.False(read.IsCompleted);

        await pair.Server.WriteAsync(new byte[3]);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => read.Soon());
    }

    [Fact]
    public async Task A_read_that_is_cancelled_before_disposing_leaves_the_inner_stream_alone()
    {
        await using var pair = await ConnectAsync(Server(TimeProvider.System, options => options.Tickets.Enabled = false), leaveInnerStreamsOpen: true);
        using var cancellation = new CancellationTokenSource();
        var read = pair.Client.ReadAsync(new byte[10], cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read.Soon());
        await pair.Client.DisposeAsync();

        await pair.InnerServer.WriteAsync(new byte[3]);
        Assert.Equal(3, await pair.InnerClient.ReadAsync(new byte[10]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_works_after_disposing(bool blocks)
    {
        await using var pair = await ConnectAsync();
        await pair.Client.DisposeAsync();
        await pair.Client.DisposeAsync();

        Assert.False(pair.Client.CanRead || pair.Client.CanWrite);
        if (blocks)
        {
            Assert.Throws<ObjectDisposedException>(() => pair.Client.Read(new byte[1]));
            Assert.Throws<ObjectDisposedException>(() => pair.Client.Write(new byte[1]));
            Assert.Throws<ObjectDisposedException>(() => pair.Client.Flush());
            Assert.Throws<ObjectDisposedException>(() => pair.Client.Shutdown());
        }
        else
        {
            await Assert.ThrowsAsync<ObjectDisposedException>(() => pair.Client.ReadAsync(new byte[1]).AsTask());
            await Assert.ThrowsAsync<ObjectDisposedException>(() => pair.Client.WriteAsync(new byte[1]).AsTask());
            await Assert.ThrowsAsync<ObjectDisposedException>(() => pair.Client.FlushAsync());
            await Assert.ThrowsAsync<ObjectDisposedException>(() => pair.Client.ShutdownAsync());
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Disposing_does_not_wait_for_a_peer_that_does_not_read(bool blocks)
    {
        var clock = TestServers.Clock();
        await using var pair = await ConnectAsync(Server(clock), Client(clock), capacity: 4);
        var disposing = blocks ? Task.Run(pair.Client.Dispose) : pair.Client.DisposeAsync().AsTask();

        while (!disposing.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await disposing.Soon();
        Assert.True(pair.InnerClient.IsDisposed);
    }

    [Fact]
    public async Task Disposing_does_not_wait_for_a_write_that_never_ends()
    {
        await using var pair = await ConnectAsync(capacity: 1000);
        var write = pair.Client.WriteAsync(new byte[5000]);
        Assert.False(write.IsCompleted);

        await pair.Client.DisposeAsync().Soon();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => write.Soon());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Disposing_ends_a_read_that_waits(bool blocks)
    {
        await using var pair = await ConnectAsync();
        var read = blocks ? Task.Run(() => pair.Client.Read(new byte[10])) : pair.Client.ReadAsync(new byte[10]).AsTask();
        await pair.InnerClient.UntilReadWaitsAsync().Soon();

        await pair.Client.DisposeAsync().Soon();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => read.Soon());
        Assert.Equal(0, pair.Client.HeldBytes);
    }

    [Fact]
    public async Task Disposing_ends_a_handshake_under_way()
    {
        await using var pair = TlsPair.Create();
        var accept = pair.Server.AuthenticateAsServerAsync(Server(TimeProvider.System));

        await pair.Server.DisposeAsync().Soon();

        await Assert.ThrowsAnyAsync<Exception>(() => accept.Soon());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => pair.Server.ReadAsync(new byte[1]).AsTask());
    }

    [Fact]
    public async Task Disposing_before_the_handshake_sends_nothing()
    {
        await using var pair = TlsPair.Create();

        await pair.Client.DisposeAsync();

        Assert.Equal(0, pair.InnerClient.Writes);
        Assert.Throws<ObjectDisposedException>(() => pair.Client.AuthenticateAsClient(Client(TimeProvider.System), TlsPair.Target));
    }

    [Fact]
    public async Task Disposing_survives_an_inner_stream_that_fails()
    {
        await using var pair = await ConnectAsync();
        pair.InnerClient.WriteFailure = new IOException("Broken pipe");

        await pair.Client.DisposeAsync();

        Assert.True(pair.InnerClient.IsDisposed);
    }

    [Fact]
    public async Task What_the_read_half_has_to_say_goes_out_with_the_next_read()
    {
        await using var pair = await ConnectAsync();
        pair.Client.Connection.Close();

        var read = pair.Client.ReadAsync(new byte[1]);

        Assert.Equal(0, await pair.Server.ReadAsync(new byte[1]).Soon());
        Assert.False(read.IsCompleted);
    }

    [Fact]
    public async Task What_the_read_half_has_to_say_goes_out_behind_a_write_that_is_under_way()
    {
        await using var pair = await ConnectAsync(capacity: 1000);
        var write = pair.Client.WriteAsync(new byte[3000]);
        pair.Client.Connection.Close();
        var read = pair.Client.ReadAsync(new byte[1]);
        Assert.False(write.IsCompleted || read.IsCompleted);

        await pair.Server.ReadExactlyAsync(new byte[3000]).AsTask().Soon();

        Assert.Equal(0, await pair.Server.ReadAsync(new byte[1]).Soon());
        await write.Soon();
    }
}

public sealed class TlsStreamClosingTestsOver12() : TlsStreamClosingTests(SslProtocols.Tls12);

public sealed class TlsStreamClosingTestsOver13() : TlsStreamClosingTests(SslProtocols.Tls13);
