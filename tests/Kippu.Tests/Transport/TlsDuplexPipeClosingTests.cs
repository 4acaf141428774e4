using System.Security.Authentication;
using Kippu.Tests.Handshake;
using Xunit;

namespace Kippu.Tests.Transport;

public abstract class TlsDuplexPipeClosingTests(SslProtocols protocol) : TransportTests(protocol)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Completing_the_output_sends_what_is_left_and_close_notify_and_reading_goes_on(bool blocks)
    {
        await using var pair = await ConnectPipesAsync();
        "abc"u8.CopyTo(pair.Client.Output.GetSpan(3));
        pair.Client.Output.Advance(3);

        if (blocks)
        {
            pair.Client.Output.Complete();
            pair.Client.Output.Complete();
        }
        else
        {
            await pair.Client.Output.CompleteAsync();
            await pair.Client.Output.CompleteAsync();
        }

        Assert.Equal("abc"u8.ToArray(), await PipePair.ReadAllAsync(pair.Server.Input).Soon());
        Assert.True(pair.Server.Connection.IsClosedByPeer);
        Assert.True((await pair.InnerServer.Input.ReadAsync().Soon()).IsCompleted);
        await pair.Server.Output.WriteAsync("defg"u8.ToArray());
        Assert.Equal("defg"u8.ToArray(), await PipePair.ReadAsync(pair.Client.Input));
    }

    [Fact]
    public async Task Completing_with_an_exception_sends_neither_data_nor_close_notify()
    {
        await using var pair = await ConnectPipesAsync();
        pair.Client.Output.GetSpan(3).Clear();
        pair.Client.Output.Advance(3);
        var reason = new InvalidOperationException("the application gives up");

        await pair.Client.Output.CompleteAsync(reason);

        Assert.Same(reason, await Assert.ThrowsAsync<InvalidOperationException>(() => pair.Server.Input.ReadAsync().Soon()));
        Assert.False(pair.Server.Connection.IsClosedByPeer);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_transport_stays_open_if_it_is_to_stay_open(bool blocks)
    {
        await using var pair = await ConnectPipesAsync(Server(TimeProvider.System, options => options.Tickets.Enabled = false), leaveTransportsOpen: true);

        if (blocks)
        {
            pair.Client.Output.Complete();
            pair.Client.Input.Complete();
        }
        else
        {
            await pair.Client.DisposeAsync();
        }

        Assert.Empty(await PipePair.ReadAllAsync(pair.Server.Input).Soon());
        await pair.InnerClient.Output.WriteAsync(new byte[3]);
        Assert.Equal(3, (await pair.InnerServer.Input.ReadAsync().Soon()).Buffer.Length);
        await pair.InnerServer.Output.WriteAsync(new byte[4]);
        Assert.Equal(4, (await pair.InnerClient.Input.ReadAsync().Soon()).Buffer.Length);
    }

    [Fact]
    public async Task The_end_without_close_notify_is_reported_as_truncation_after_what_came()
    {
        await using var pair = await ConnectPipesAsync();
        await pair.Client.Output.WriteAsync("abc"u8.ToArray());
        await pair.InnerClient.Output.CompleteAsync();

        Assert.Equal("abc"u8.ToArray(), await PipePair.ReadAsync(pair.Server.Input));
        var fault = await Assert.ThrowsAsync<TlsException>(() => pair.Server.Input.ReadAsync().Soon());

        Assert.Equal(TlsFault.Truncated, fault.Fault);
        Assert.Same(fault, await Assert.ThrowsAsync<TlsException>(() => pair.Server.Input.ReadAsync().Soon()));
        Assert.Same(fault, Assert.Throws<TlsException>(() => pair.Server.Input.TryRead(out _)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_accepts_an_incomplete_close_accepts_none_inside_a_record(bool insideRecord)
    {
        await using var pair = await PipePair.ConnectAsync(serverAcceptsIncompleteClose: true);
        await pair.Client.Output.WriteAsync("abc"u8.ToArray());
        Assert.Equal("abc"u8.ToArray(), await PipePair.ReadAsync(pair.Server.Input));
        await pair.InnerClient.Output.WriteAsync(insideRecord ? new byte[] { 23, 3, 3, 0, 100, 1, 2 } : []);
        await pair.InnerClient.Output.CompleteAsync();

        if (insideRecord)
        {
            Assert.Equal(TlsFault.Truncated, (await Assert.ThrowsAsync<TlsException>(() => pair.Server.Input.ReadAsync().Soon())).Fault);
        }
        else
        {
            var end = await pair.Server.Input.ReadAsync().Soon();
            Assert.True(end is { IsCompleted: true, Buffer.IsEmpty: true });
        }
    }

    [Fact]
    public async Task The_end_inside_a_record_is_reported_at_once()
    {
        await using var pair = await ConnectPipesAsync();
        await pair.InnerClient.Output.WriteAsync(new byte[] { 23, 3, 3, 0, 100, 1, 2 });
        var read = pair.Server.Input.ReadAsync();
        Assert.False(read.IsCompleted);

        await pair.InnerClient.Output.CompleteAsync();

        Assert.Equal(TlsFault.Truncated, (await Assert.ThrowsAsync<TlsException>(() => read.Soon())).Fault);
    }

    [Fact]
    public async Task A_transport_that_fails_is_reported_as_it_is()
    {
        await using var pair = await ConnectPipesAsync();
        var reset = new IOException("Connection reset by peer");
        await pair.InnerClient.Output.CompleteAsync(reset);

        Assert.Same(reset, await Assert.ThrowsAsync<IOException>(() => pair.Server.Input.ReadAsync().Soon()));
    }

    [Fact]
    public async Task A_fault_reaches_the_peer_as_an_alert_and_comes_after_what_was_delivered()
    {
        await using var pair = await ConnectPipesAsync();
        await pair.Client.Output.WriteAsync("abc"u8.ToArray());
        await pair.InnerClient.Output.WriteAsync(new byte[] { 23, 3, 3, 0, 30 });
        await pair.InnerClient.Output.WriteAsync(new byte[30]);

        Assert.Equal("abc"u8.ToArray(), await PipePair.ReadAsync(pair.Server.Input));
        var fault = await Assert.ThrowsAsync<TlsException>(() => pair.Server.Input.ReadAsync().Soon());
        var told = await Assert.ThrowsAsync<TlsException>(() => pair.Client.Input.ReadAsync().Soon());

        Assert.Equal(TlsFault.BadRecordMac, fault.Fault);
        Assert.Equal(AlertDescription.BadRecordMac, told.Alert);
        Assert.Same(fault, await Assert.ThrowsAsync<TlsException>(() => pair.Server.Output.WriteAsync("x"u8.ToArray()).Soon()));
    }

    [Fact]
    public async Task A_writer_learns_that_the_peer_reads_no_more()
    {
        await using var pair = await ConnectPipesAsync();

        await pair.Server.Input.CompleteAsync();

        Assert.True((await pair.Client.Output.WriteAsync(new byte[10]).Soon()).IsCompleted);
    }

    [Fact]
    public async Task Completing_the_input_ends_a_read_that_waits()
    {
        await using var pair = await ConnectPipesAsync();
        var read = pair.Server.Input.ReadAsync();

        await pair.Server.Input.CompleteAsync();

        await Assert.ThrowsAnyAsync<InvalidOperationException>(() => read.Soon());
        await Assert.ThrowsAnyAsync<InvalidOperationException>(() => pair.Server.Input.ReadAsync().Soon());
    }

    [Fact]
    public async Task Disposing_does_not_wait_for_a_flush_that_never_ends()
    {
        await using var pair = await ConnectPipesAsync(capacity: 1000);
        var flush = pair.Client.Output.WriteAsync(new byte[5000]);
        Assert.False(flush.IsCompleted);

        await pair.Client.DisposeAsync().Soon();

        await flush.Soon();
    }

    [Fact]
    public async Task Writing_after_completion_is_refused()
    {
        await using var pair = await ConnectPipesAsync();
        await pair.Client.Output.CompleteAsync();

        Assert.Throws<InvalidOperationException>(() => pair.Client.Output.GetMemory());
        await Assert.ThrowsAnyAsync<InvalidOperationException>(() => pair.Client.Output.FlushAsync().Soon());
    }

    [Fact]
    public async Task Nothing_is_read_or_written_before_the_handshake_and_there_is_one_only()
    {
        await using var pair = PipePair.Create();
        Assert.Throws<InvalidOperationException>(() => pair.Client.Input);
        Assert.Throws<InvalidOperationException>(() => pair.Client.Output);
        Assert.Throws<InvalidOperationException>(() => pair.Client.Info);

        await using var connected = await ConnectPipesAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => connected.Server.AuthenticateAsServerAsync(Server(TimeProvider.System)));
    }

    [Fact]
    public async Task A_handshake_that_fails_tells_the_peer_and_shows_the_application_nothing()
    {
        await using var pair = PipePair.Create();
        var accept = pair.Server.AuthenticateAsServerAsync(Server(TimeProvider.System));

        var fault = await Assert.ThrowsAsync<TlsException>(
            () => pair.Client.AuthenticateAsClientAsync(Client(TimeProvider.System), new TlsTarget("other.example")).Soon());
        var told = await Assert.ThrowsAsync<TlsException>(() => accept.Soon());

        Assert.Equal(TlsFault.CertificateNameMismatch, fault.Fault);
        Assert.Equal(AlertDescription.BadCertificate, told.Alert);
        Assert.Throws<InvalidOperationException>(() => pair.Server.Input);
    }

    [Fact]
    public async Task A_handshake_has_a_time_limit_and_can_be_cancelled()
    {
        var clock = TestServers.Clock();
        await using var pair = PipePair.Create();
        var accept = pair.Server.AuthenticateAsServerAsync(Server(clock));
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(TlsFault.HandshakeTimeout, (await Assert.ThrowsAsync<TlsException>(() => accept.Soon())).Fault);

        await using var other = PipePair.Create();
        using var cancellation = new CancellationTokenSource();
        var cancelled = other.Server.AuthenticateAsServerAsync(Server(clock), cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.Soon());
    }

    [Fact]
    public async Task Disposing_ends_a_handshake_under_way_and_does_not_wait_for_it()
    {
        await using var pair = PipePair.Create();
        var accept = pair.Server.AuthenticateAsServerAsync(Server(TimeProvider.System));

        await pair.Server.DisposeAsync().Soon();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => accept.Soon());
        Assert.True((await pair.InnerClient.Input.ReadAsync().Soon()).IsCompleted);
    }

    [Fact]
    public async Task Disposing_before_the_handshake_completes_the_transport()
    {
        await using var pair = PipePair.Create();

        await pair.Server.DisposeAsync();

        Assert.True((await pair.InnerClient.Input.ReadAsync().Soon()).IsCompleted);
    }

    [Fact]
    public async Task The_end_of_the_transport_during_the_handshake_is_reported_at_once()
    {
        await using var pair = PipePair.Create();
        var accept = pair.Server.AuthenticateAsServerAsync(Server(TimeProvider.System));
        await pair.InnerClient.Output.WriteAsync(new byte[] { 22, 3, 1 });

        await pair.InnerClient.Output.CompleteAsync();

        Assert.Equal(TlsFault.Truncated, (await Assert.ThrowsAsync<TlsException>(() => accept.Soon())).Fault);
    }
}

public sealed class TlsDuplexPipeClosingTestsOver12() : TlsDuplexPipeClosingTests(SslProtocols.Tls12);

public sealed class TlsDuplexPipeClosingTestsOver13() : TlsDuplexPipeClosingTests(SslProtocols.Tls13);
