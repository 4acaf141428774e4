using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;
using Kippu.Tests.Handshake;
using Xunit;

namespace Kippu.Tests.Transport;

/// <summary>Early data in the idiom of pipes: a reader of its own, completed at its end.</summary>
public sealed class TlsDuplexPipeEarlyDataTests
{
    [Fact]
    public async Task Accepted_early_data_can_be_read_at_once_and_ends_with_the_clients_second_flight()
    {
        var scene = await EarlyDataScene.CreateAsync();
        await using var server = await EarlyPipe.AcceptAsync(scene, "early"u8.ToArray());
        Assert.False(server.Pipe.IsAuthenticated);
        Assert.True(server.Pipe.Info is { EarlyDataAccepted: true, IsResumed: true });

        Assert.Equal("early"u8.ToArray(), await PipePair.ReadAsync(server.Pipe.EarlyInput));
        var next = PipePair.ReadAsync(server.Pipe.EarlyInput);
        Assert.False(next.IsCompleted);
        await server.Client.SendEarlyAsync("more"u8.ToArray());
        Assert.Equal("more"u8.ToArray(), await next);
        await server.Client.GoOnAsync();

        Assert.True((await server.Pipe.EarlyInput.ReadAsync().Soon()).IsCompleted);
        Assert.True(server.Pipe.IsAuthenticated);
        await server.Client.SendAsync("late"u8.ToArray());
        Assert.Equal("late"u8.ToArray(), await PipePair.ReadAsync(server.Pipe.Input));
    }

    [Fact]
    public async Task The_first_flight_may_be_answered_before_the_client_has_finished()
    {
        var scene = await EarlyDataScene.CreateAsync();
        await using var server = await EarlyPipe.AcceptAsync(scene, "early"u8.ToArray());

        await server.Pipe.Output.WriteAsync("answer"u8.ToArray());

        await server.Client.GoOnAsync();
        Assert.Equal("answer"u8.ToArray(), server.Client.Delivered);
        await server.Pipe.CompleteHandshakeAsync().Soon();
        Assert.True(server.Pipe.IsAuthenticated);
        await server.Pipe.CompleteHandshakeAsync().Soon();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Early_data_that_nobody_has_read_when_the_handshake_completes_is_kept_and_never_mixed_with_what_comes_later(bool byReading)
    {
        var scene = await EarlyDataScene.CreateAsync();
        var data = RandomNumberGenerator.GetBytes(EarlyDataScene.MaxSize);
        await using var server = await EarlyPipe.AcceptAsync(scene, data[..1000], data[1000..1001]);
        var read = byReading ? PipePair.ReadAsync(server.Pipe.Input) : null;
        await server.Client.SendEarlyAsync(data[1001..]);
        await server.Client.GoOnAsync();
        await server.Client.SendAsync("late"u8.ToArray());

        await server.Pipe.CompleteHandshakeAsync().Soon();

        Assert.Equal("late"u8.ToArray(), await (read ?? PipePair.ReadAsync(server.Pipe.Input)));
        Assert.Equal(data, await PipePair.ReadAllAsync(server.Pipe.EarlyInput).Soon());
    }

    [Fact]
    public async Task A_try_to_read_takes_what_has_come()
    {
        var scene = await EarlyDataScene.CreateAsync();
        await using var server = await EarlyPipe.AcceptAsync(scene);
        Assert.False(server.Pipe.EarlyInput.TryRead(out _));
        Assert.False(server.Pipe.Input.TryRead(out _));
        await server.Client.SendEarlyAsync("early"u8.ToArray());
        Assert.False(server.Pipe.Input.TryRead(out _));
        Assert.True(server.Pipe.EarlyInput.TryRead(out var early));
        Assert.Equal("early"u8.ToArray(), early.Buffer.ToArray());
        server.Pipe.EarlyInput.AdvanceTo(early.Buffer.GetPosition(1), early.Buffer.GetPosition(2));
        Assert.True(server.Pipe.EarlyInput.TryRead(out early));
        Assert.Equal("arly"u8.ToArray(), early.Buffer.ToArray());
        server.Pipe.EarlyInput.AdvanceTo(early.Buffer.End);

        await server.Client.GoOnAsync();
        await server.Client.SendAsync("late"u8.ToArray());

        Assert.True(server.Pipe.Input.TryRead(out var late));
        Assert.Equal("late"u8.ToArray(), late.Buffer.ToArray());
        Assert.True(server.Pipe.EarlyInput.TryRead(out early));
        Assert.True(early is { IsCompleted: true, Buffer.IsEmpty: true });
    }

    [Fact]
    public async Task Where_there_is_no_early_data_it_is_at_its_end_at_once()
    {
        var scene = await EarlyDataScene.CreateAsync();
        await using var pair = await PipePair.ConnectAsync(scene.Server, scene.Client);

        Assert.True(pair.Server.IsAuthenticated);
        foreach (var pipe in new[] { pair.Client, pair.Server })
        {
            Assert.Empty(await PipePair.ReadAllAsync(pipe.EarlyInput).Soon());
            await pipe.CompleteHandshakeAsync().Soon();
        }

        await using var other = PipePair.Create();
        Assert.Throws<InvalidOperationException>(() => other.Server.EarlyInput);
        await Assert.ThrowsAsync<InvalidOperationException>(() => other.Server.CompleteHandshakeAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_pending_read_is_cancelled_and_the_handshake_goes_on(bool early)
    {
        var scene = await EarlyDataScene.CreateAsync();
        await using var server = await EarlyPipe.AcceptAsync(scene);
        var reader = early ? server.Pipe.EarlyInput : server.Pipe.Input;
        var read = reader.ReadAsync();
        Assert.False(read.IsCompleted);

        reader.CancelPendingRead();

        var result = await read.Soon();
        Assert.True(result is { IsCanceled: true, IsCompleted: false });
        reader.AdvanceTo(result.Buffer.End);
        await server.Client.SendEarlyAsync("early"u8.ToArray());
        await server.Client.GoOnAsync();
        await server.Client.SendAsync("late"u8.ToArray());
        Assert.Equal("late"u8.ToArray(), await PipePair.ReadAsync(server.Pipe.Input));
        Assert.Equal("early"u8.ToArray(), await PipePair.ReadAllAsync(server.Pipe.EarlyInput).Soon());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_wait_is_cancelled_by_its_token_and_loses_nothing(int which)
    {
        var scene = await EarlyDataScene.CreateAsync();
        await using var server = await EarlyPipe.AcceptAsync(scene);
        using var cancellation = new CancellationTokenSource();
        Task wait = which switch
        {
            0 => server.Pipe.EarlyInput.ReadAsync(cancellation.Token).AsTask(),
            1 => server.Pipe.Input.ReadAsync(cancellation.Token).AsTask(),
            _ => server.Pipe.CompleteHandshakeAsync(cancellation.Token),
        };

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait.Soon());
        await server.Client.SendEarlyAsync("early"u8.ToArray());
        await server.Client.GoOnAsync();
        Assert.Equal("early"u8.ToArray(), await PipePair.ReadAllAsync(server.Pipe.EarlyInput).Soon());
        await server.Pipe.CompleteHandshakeAsync().Soon();
    }

    [Fact]
    public async Task One_reads_at_a_time()
    {
        var scene = await EarlyDataScene.CreateAsync();
        await using var server = await EarlyPipe.AcceptAsync(scene);
        var read = PipePair.ReadAsync(server.Pipe.EarlyInput);

        await Assert.ThrowsAsync<InvalidOperationException>(() => server.Pipe.Input.ReadAsync().AsTask());
        await Assert.ThrowsAsync<InvalidOperationException>(() => server.Pipe.CompleteHandshakeAsync());

        await server.Client.SendEarlyAsync("early"u8.ToArray());
        Assert.Equal("early"u8.ToArray(), await read);
    }

    [Fact]
    public async Task Who_completes_the_early_input_throws_the_rest_of_it_away()
    {
        var scene = await EarlyDataScene.CreateAsync();
        await using var server = await EarlyPipe.AcceptAsync(scene, "early"u8.ToArray());

        await server.Pipe.EarlyInput.CompleteAsync();

        await server.Client.SendEarlyAsync(new byte[1000]);
        await server.Client.GoOnAsync();
        await server.Client.SendAsync("late"u8.ToArray());
        Assert.Equal("late"u8.ToArray(), await PipePair.ReadAsync(server.Pipe.Input));
    }

    [Fact]
    public async Task The_end_of_the_transport_inside_early_data_is_truncation_after_what_came()
    {
        var scene = await EarlyDataScene.CreateAsync();
        await using var server = new EarlyPipe(scene.Client);
        var flight = server.Client.SealFirst("early"u8.ToArray(), "and more"u8.ToArray());
        await server.Client.SendRawAsync(flight[..^1]);
        await server.Pipe.AuthenticateAsServerAsync(scene.Server).Soon();
        server.Client.End();

        Assert.Equal("early"u8.ToArray(), await PipePair.ReadAsync(server.Pipe.EarlyInput));
        var fault = await Assert.ThrowsAsync<TlsException>(() => server.Pipe.EarlyInput.ReadAsync().Soon());

        Assert.Equal(TlsFault.Truncated, fault.Fault);
        Assert.Same(fault, await Assert.ThrowsAsync<TlsException>(() => server.Pipe.Input.ReadAsync().Soon()));
        Assert.Same(fault, Assert.Throws<TlsException>(() => server.Pipe.EarlyInput.TryRead(out _)));
    }

    [Fact]
    public async Task More_early_data_than_the_ticket_allows_ends_the_connection()
    {
        var scene = await EarlyDataScene.CreateAsync();
        await using var server = new EarlyPipe(scene.Presumptuous());
        await server.Client.SendRawAsync(server.Client.SealFirst(new byte[EarlyDataScene.MaxSize], "x"u8.ToArray()));
        await server.Pipe.AuthenticateAsServerAsync(scene.Server).Soon();

        var fault = await Assert.ThrowsAsync<TlsException>(() => server.Pipe.CompleteHandshakeAsync().Soon());
        server.Client.Take();

        Assert.Equal(TlsFault.TooMuchEarlyData, fault.Fault);
        Assert.Equal(AlertDescription.UnexpectedMessage, server.Client.Fault?.Alert);
        Assert.Equal(EarlyDataScene.MaxSize, (await PipePair.ReadAsync(server.Pipe.EarlyInput)).Length);
    }

    [Fact]
    public async Task The_time_limit_of_the_handshake_goes_on_while_early_data_is_read()
    {
        var scene = await EarlyDataScene.CreateAsync();
        await using var server = await EarlyPipe.AcceptAsync(scene);
        var read = server.Pipe.EarlyInput.ReadAsync();

        scene.Clock.Advance(TimeSpan.FromSeconds(10));

        var fault = await Assert.ThrowsAsync<TlsException>(() => read.Soon());
        Assert.Equal(TlsFault.HandshakeTimeout, fault.Fault);
        server.Client.Take();
        Assert.Equal(AlertDescription.UserCanceled, server.Client.Fault?.Alert);
        await using var other = await EarlyPipe.AcceptAsync(scene);
        scene.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(TlsFault.HandshakeTimeout, Assert.Throws<TlsException>(() => other.Pipe.Input.TryRead(out _)).Fault);
    }

    [Fact]
    public async Task A_replayed_first_flight_gets_no_early_data_through()
    {
        var scene = await EarlyDataScene.CreateAsync();
        await using var server = new EarlyPipe(scene.Client);
        var flight = server.Client.SealFirst("early"u8.ToArray());
        await server.Client.SendRawAsync(flight);
        await server.Pipe.AuthenticateAsServerAsync(scene.Server).Soon();

        await using var pair = PipePair.Create();
        var accept = pair.Server.AuthenticateAsServerAsync(scene.Server);
        await pair.InnerClient.Output.WriteAsync(flight);
        Assert.False(accept.IsCompleted);
        await pair.InnerClient.Output.CompleteAsync();

        Assert.Equal(TlsFault.Truncated, (await Assert.ThrowsAsync<TlsException>(() => accept.Soon())).Fault);
    }

    [Fact]
    public async Task Disposing_ends_a_read_that_waits_and_says_close_notify()
    {
        var scene = await EarlyDataScene.CreateAsync();
        await using var server = await EarlyPipe.AcceptAsync(scene);
        var read = server.Pipe.EarlyInput.ReadAsync();

        await server.Pipe.DisposeAsync().Soon();

        await Assert.ThrowsAnyAsync<InvalidOperationException>(() => read.Soon());
        server.Client.Take();
        Assert.True(server.Client.IsClosedByPeer);
    }

    [Theory]
    [InlineData(EarlyDataFallback.SendAfterHandshake)]
    [InlineData(EarlyDataFallback.LeaveToCaller)]
    public async Task A_client_is_told_what_is_left_to_send(EarlyDataFallback fallback)
    {
        var scene = await EarlyDataScene.CreateAsync(server => server.EarlyData.MaxSize = 100_000);
        await using var pair = PipePair.Create(capacity: 10_000);
        var data = RandomNumberGenerator.GetBytes(150_000);
        var accept = pair.Server.AuthenticateAsServerAsync(scene.Server);
        var connect = pair.Client.AuthenticateAsClientAsync(scene.Client, TlsPair.Target, new ClientEarlyData(data, fallback));
        await accept.Soon();
        var early = await PipePair.ReadAllAsync(pair.Server.EarlyInput).Soon();
        var received = PipePair.ReadAllAsync(pair.Server.Input);

        var rest = await connect.Soon();
        await pair.Client.Output.CompleteAsync();

        Assert.True(pair.Client.Info.EarlyDataAccepted);
        Assert.Equal(data[..100_000], early);
        var sends = fallback == EarlyDataFallback.SendAfterHandshake;
        Assert.Equal(sends ? [] : data[100_000..], rest.ToArray());
        Assert.Equal(sends ? data[100_000..] : [], await received.Soon());
    }

    [Fact]
    public async Task What_is_refused_is_sent_again_if_the_caller_says_so()
    {
        var scene = await EarlyDataScene.CreateAsync(server => server.Groups.Add(NamedGroup.Secp384r1));
        await using var pair = PipePair.Create();
        var accept = pair.Server.AuthenticateAsServerAsync(scene.Server);

        var rest = await pair.Client.AuthenticateAsClientAsync(
            scene.Client, TlsPair.Target, new ClientEarlyData("request"u8.ToArray(), EarlyDataFallback.SendAfterHandshake)).Soon();

        await accept.Soon();
        Assert.True(rest.IsEmpty);
        Assert.False(pair.Client.Info.EarlyDataAccepted);
        Assert.Equal("request"u8.ToArray(), await PipePair.ReadAsync(pair.Server.Input));
    }

    [Fact]
    public async Task Nothing_is_sent_in_another_protocol_than_its_own()
    {
        var http11 = System.Net.Security.SslApplicationProtocol.Http11;
        var scene = await EarlyDataScene.CreateAsync(client: client => client.ApplicationProtocols.Add(http11));
        await using var pair = PipePair.Create();
        var accept = pair.Server.AuthenticateAsServerAsync(scene.Server);

        var connect = pair.Client.AuthenticateAsClientAsync(
            scene.Client, TlsPair.Target, new ClientEarlyData("request"u8.ToArray(), EarlyDataFallback.SendAfterHandshake) { ApplicationProtocol = http11 });

        Assert.Equal(TlsFault.NoApplicationProtocol, (await Assert.ThrowsAsync<TlsException>(() => connect.Soon())).Fault);
        await accept.Soon();
        Assert.Equal(AlertDescription.NoApplicationProtocol, (await Assert.ThrowsAsync<TlsException>(() => pair.Server.Input.ReadAsync().Soon())).Alert);
        Assert.Throws<InvalidOperationException>(() => pair.Client.Output);
    }

    /// <summary>A server's pipe whose client does one thing at a time.</summary>
    private sealed class EarlyPipe : IAsyncDisposable
    {
        public EarlyPipe(TlsClient client)
        {
            var (clientEnd, serverEnd) = MemoryTransport.Create();
            Client = new StepClient(client, clientEnd);
            Pipe = new TlsDuplexPipe(serverEnd);
        }

        public StepClient Client { get; }

        public TlsDuplexPipe Pipe { get; }

        public static async Task<EarlyPipe> AcceptAsync(EarlyDataScene scene, params byte[][] earlyData)
        {
            var pipe = new EarlyPipe(scene.Client);
            await pipe.Client.SendRawAsync(pipe.Client.SealFirst(earlyData.DefaultIfEmpty([])));
            await pipe.Pipe.AuthenticateAsServerAsync(scene.Server).Soon();
            return pipe;
        }

        public async ValueTask DisposeAsync()
        {
            await Pipe.DisposeAsync();
            Client.Dispose();
        }
    }
}
