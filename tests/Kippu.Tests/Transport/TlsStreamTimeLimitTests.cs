using System.Security.Authentication;
using Kippu.Tests.Handshake;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kippu.Tests.Transport;

public abstract class TlsStreamTimeLimitTests(SslProtocols protocol) : TransportTests(protocol)
{
    private readonly FakeTimeProvider _clock = TestServers.Clock();

    [Fact]
    public async Task A_handshake_that_is_not_over_within_its_time_limit_is_given_up_and_the_peer_is_told()
    {
        await using var pair = TlsPair.Create();
        var accept = pair.Server.AuthenticateAsServerAsync(Server());
        _clock.Advance(TimeSpan.FromSeconds(4.999));
        Assert.False(accept.IsCompleted);

        _clock.Advance(TimeSpan.FromSeconds(0.001));

        var fault = await Assert.ThrowsAsync<TlsException>(() => accept.Soon());
        Assert.Equal(TlsFault.HandshakeTimeout, fault.Fault);
        Assert.Contains("5 s", fault.Message, StringComparison.Ordinal);
        Assert.Equal([21, 3, 3, 0, 2, 2, (byte)AlertDescription.UserCanceled], await ReceivedBy(pair.InnerClient));
    }

    [Fact]
    public async Task The_client_has_the_same_time_limit()
    {
        await using var pair = TlsPair.Create();
        var client = Client(_clock, options => options.HandshakeTimeout = TimeSpan.FromSeconds(5));
        var connect = pair.Client.AuthenticateAsClientAsync(client, TlsPair.Target);

        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(TlsFault.HandshakeTimeout, (await Assert.ThrowsAsync<TlsException>(() => connect.Soon())).Fault);
    }

    [Fact]
    public async Task The_time_limit_holds_for_callbacks_that_do_not_look_at_their_token()
    {
        await using var pair = TlsPair.Create();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var never = new TaskCompletionSource<TlsHost?>();
        var server = Server(_clock, options =>
        {
            options.HandshakeTimeout = TimeSpan.FromSeconds(5);
            options.HostSelector = (_, _) =>
            {
                asked.SetResult();
                return new ValueTask<TlsHost?>(never.Task);
            };
        });
        var accept = pair.Server.AuthenticateAsServerAsync(server);
        var connect = pair.Client.AuthenticateAsClientAsync(Client(_clock), TlsPair.Target);
        await asked.Task.Soon();

        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(TlsFault.HandshakeTimeout, (await Assert.ThrowsAsync<TlsException>(() => accept.Soon())).Fault);
        Assert.Equal(AlertDescription.UserCanceled, (await Assert.ThrowsAsync<TlsException>(() => connect.Soon())).Alert);
    }

    [Fact]
    public async Task A_handshake_without_time_limit_waits()
    {
        await using var pair = TlsPair.Create();
        var accept = pair.Server.AuthenticateAsServerAsync(Server(_clock, options => options.HandshakeTimeout = Timeout.InfiniteTimeSpan));
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.False(accept.IsCompleted);

        await pair.Client.AuthenticateAsClientAsync(Client(_clock), TlsPair.Target).Soon();

        await accept.Soon();
    }

    [Fact]
    public async Task After_the_handshake_there_is_no_time_limit()
    {
        await using var pair = await ConnectAsync(Server(), Client(_clock));
        var read = pair.Server.ReadAsync(new byte[1]);

        _clock.Advance(TimeSpan.FromDays(1));

        Assert.False(read.IsCompleted);
        await pair.Client.WriteAsync(new byte[1]);
        Assert.Equal(1, await read.Soon());
    }

    [Fact]
    public async Task The_caller_who_gives_up_gets_his_own_cancellation()
    {
        await using var pair = TlsPair.Create();
        using var cancellation = new CancellationTokenSource();
        var accept = pair.Server.AuthenticateAsServerAsync(Server(), cancellation.Token);

        await cancellation.CancelAsync();
        _clock.Advance(TimeSpan.FromSeconds(10));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => accept.Soon());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pair.Server.ReadAsync(new byte[1]).AsTask());
    }

    [Fact]
    public async Task A_blocking_handshake_without_time_outs_is_ended_by_disposing_the_inner_stream()
    {
        await using var pair = TlsPair.Create();
        var accept = Task.Run(() => pair.Server.AuthenticateAsServer(Server()));
        await pair.InnerServer.UntilReadWaitsAsync().Soon();

        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(TlsFault.HandshakeTimeout, (await Assert.ThrowsAsync<TlsException>(() => accept.Soon())).Fault);
        Assert.True(pair.InnerServer.IsDisposed);
    }

    [Fact]
    public async Task A_blocking_handshake_uses_the_time_outs_of_the_inner_stream_and_restores_them()
    {
        await using var pair = TlsPair.Create();
        (pair.InnerServer.HasTimeouts, pair.InnerServer.ReadTimeout, pair.InnerServer.WriteTimeout) = (true, 111, 222);
        pair.InnerServer.BeforeBlocking = () =>
        {
            _clock.Advance(TimeSpan.FromMilliseconds(pair.InnerServer.ReadTimeout));
            throw new IOException("timed out");
        };

        var fault = Assert.Throws<TlsException>(() => pair.Server.AuthenticateAsServer(Server()));

        Assert.Equal(TlsFault.HandshakeTimeout, fault.Fault);
        Assert.Equal((111, 222), (pair.InnerServer.ReadTimeout, pair.InnerServer.WriteTimeout));
        Assert.Equal([21, 3, 3, 0, 2, 2, (byte)AlertDescription.UserCanceled], await ReceivedBy(pair.InnerClient));
    }

    private static async Task<byte[]> ReceivedBy(DuplexStream stream)
    {
        var buffer = new byte[100];
        var count = await stream.ReadAsync(buffer).Soon();
        return buffer[..count];
    }

    private TlsServer Server() => Server(_clock, options => options.HandshakeTimeout = TimeSpan.FromSeconds(5));
}

public sealed class TlsStreamTimeLimitTestsOver12() : TlsStreamTimeLimitTests(SslProtocols.Tls12);

public sealed class TlsStreamTimeLimitTestsOver13() : TlsStreamTimeLimitTests(SslProtocols.Tls13);
