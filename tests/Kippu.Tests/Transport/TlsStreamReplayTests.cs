using Kippu.Tests.Handshake;
using Xunit;

namespace Kippu.Tests.Transport;

/// <summary>Early data is taken once, if the guard says so; otherwise the handshake goes on without it.</summary>
public sealed class TlsStreamReplayTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_replayed_first_flight_gets_no_early_data_through_and_no_further(bool blocks)
    {
        var scene = await EarlyDataScene.CreateAsync();
        await using var server = new EarlyServer(scene.Client);
        var flight = server.Client.SealFirst("early"u8.ToArray());
        await server.Client.SendRawAsync(flight);
        await server.AuthenticateAsync(scene.Server, blocks).Soon();
        Assert.Equal("early"u8.ToArray(), await server.ReadEarlyAsync(blocks));

        var (attacker, victim) = MemoryTransport.CreateStreams();
        await using var stream = new TlsStream(victim);
        await attacker.WriteAsync(flight);
        var accept = blocks ? Task.Run(() => stream.AuthenticateAsServer(scene.Server)) : stream.AuthenticateAsServerAsync(scene.Server);
        await victim.UntilReadWaitsAsync().Soon();
        Assert.False(accept.IsCompleted);
        attacker.EndWriting();

        Assert.Equal(TlsFault.Truncated, (await Assert.ThrowsAsync<TlsException>(() => accept.Soon())).Fault);
        Assert.False(stream.CanRead || stream.CanWrite);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    public async Task A_guard_of_the_applications_own_is_waited_for_and_has_the_last_word(bool blocks, bool isFirstUse)
    {
        var guard = new SlowGuard();
        var scene = await EarlyDataScene.CreateAsync(server => server.EarlyData.ReplayGuard = guard);
        await using var server = new EarlyServer(scene.Client);
        await server.Client.SendEarlyAsync("early"u8.ToArray());
        var accept = server.AuthenticateAsync(scene.Server, blocks);
        await guard.Asked.Task.Soon();
        Assert.False(accept.IsCompleted);
        Assert.Equal(32, guard.Key.Length);
        Assert.Equal(scene.Clock.GetUtcNow() + TimeSpan.FromSeconds(20), guard.Expires);

        guard.Answer.SetResult(isFirstUse);

        if (isFirstUse)
        {
            await accept.Soon();
            Assert.Equal("early"u8.ToArray(), await server.ReadEarlyAsync(blocks));
            await server.Client.GoOnAsync();
        }
        else
        {
            await server.GoOnUntilAsync(accept).Soon();
            Assert.Empty(await server.ReadEarlyAsync(blocks));
        }

        await server.CompleteAsync(blocks);
        Assert.Equal(isFirstUse, server.Stream.Info.EarlyDataAccepted);
        Assert.True(server.Stream.Info.IsResumed);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_guard_that_throws_has_seen_it_before(bool blocks, bool atOnce)
    {
        var guard = new SlowGuard { Failure = atOnce ? new TimeoutException("no answer from the store") : null };
        var scene = await EarlyDataScene.CreateAsync(server => server.EarlyData.ReplayGuard = guard);
        await using var server = new EarlyServer(scene.Client);
        await server.Client.SendEarlyAsync("early"u8.ToArray());
        var accept = server.AuthenticateAsync(scene.Server, blocks);
        await guard.Asked.Task.Soon();
        guard.Answer.TrySetException(new TimeoutException("no answer from the store"));

        await server.GoOnUntilAsync(accept).Soon();

        Assert.True(server.Stream.IsAuthenticated);
        Assert.True(server.Stream.Info is { EarlyDataAccepted: false, IsResumed: true });
        await server.Client.SendAsync("late"u8.ToArray());
        Assert.Equal("late"u8.ToArray(), await server.ReadAsync(blocks));
    }

    [Fact]
    public async Task A_guard_that_never_answers_is_not_waited_for_beyond_the_time_limit()
    {
        var guard = new SlowGuard();
        var scene = await EarlyDataScene.CreateAsync(server => server.EarlyData.ReplayGuard = guard);
        await using var server = new EarlyServer(scene.Client);
        await server.Client.SendEarlyAsync("early"u8.ToArray());
        var accept = server.AuthenticateAsync(scene.Server, blocks: false);
        await guard.Asked.Task.Soon();

        scene.Clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(TlsFault.HandshakeTimeout, (await Assert.ThrowsAsync<TlsException>(() => accept.Soon())).Fault);
    }

    private sealed class SlowGuard : IReplayGuard
    {
        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<bool> Answer { get; } = new();

        public Exception? Failure { get; init; }

        public byte[] Key { get; private set; } = [];

        public DateTimeOffset Expires { get; private set; }

        public ValueTask<bool> TryUseAsync(ReadOnlyMemory<byte> key, DateTimeOffset expires, CancellationToken cancellationToken)
        {
            (Key, Expires) = (key.ToArray(), expires);
            Asked.SetResult();
            return Failure is { } failure ? throw failure : new ValueTask<bool>(Answer.Task);
        }
    }
}
