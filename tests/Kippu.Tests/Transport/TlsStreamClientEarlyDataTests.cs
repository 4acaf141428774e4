using System.Net.Security;
using System.Security.Cryptography;
using Kippu.Tests.Handshake;
using Xunit;

namespace Kippu.Tests.Transport;

/// <summary>A client sends data with its first flight; what does not get through as such is sent later, by whom the caller says, and never lost or sent twice.</summary>
public sealed class TlsStreamClientEarlyDataTests
{
    private static readonly byte[] s_request = "GET / HTTP/1.1"u8.ToArray();

    [Theory]
    [InlineData(false, EarlyDataFallback.SendAfterHandshake)]
    [InlineData(false, EarlyDataFallback.LeaveToCaller)]
    [InlineData(true, EarlyDataFallback.SendAfterHandshake)]
    [InlineData(true, EarlyDataFallback.LeaveToCaller)]
    public async Task What_is_accepted_has_come_and_nothing_is_left(bool blocks, EarlyDataFallback fallback)
    {
        var scene = await EarlyDataScene.CreateAsync();
        await using var pair = TlsPair.Create();

        var (rest, early, _) = await ConnectAsync(scene, pair, new ClientEarlyData(s_request, fallback), blocks, lateLength: 0);

        Assert.Empty(rest);
        Assert.Equal(s_request, early);
        Assert.True(pair.Client.Info.EarlyDataAccepted && pair.Server.Info.EarlyDataAccepted);
        await AssertNothingElseAsync(pair);
    }

    [Fact]
    public async Task The_first_flight_is_one_write()
    {
        var scene = await EarlyDataScene.CreateAsync();
        await using var pair = TlsPair.Create();

        _ = pair.Client.AuthenticateAsClientAsync(scene.Client, TlsPair.Target, new ClientEarlyData(s_request, EarlyDataFallback.SendAfterHandshake));

        Assert.Equal((1, 1), (pair.InnerClient.Writes, pair.InnerClient.Flushes));
    }

    [Theory]
    [InlineData(false, EarlyDataFallback.SendAfterHandshake)]
    [InlineData(false, EarlyDataFallback.LeaveToCaller)]
    [InlineData(true, EarlyDataFallback.SendAfterHandshake)]
    [InlineData(true, EarlyDataFallback.LeaveToCaller)]
    public async Task What_is_refused_is_sent_again_by_whom_the_caller_says(bool blocks, EarlyDataFallback fallback)
    {
        var scene = await EarlyDataScene.CreateAsync(server => server.EarlyData.ReplayGuard = new RefusingGuard());
        await using var pair = TlsPair.Create();
        var sendsAgain = fallback == EarlyDataFallback.SendAfterHandshake;

        var (rest, early, late) = await ConnectAsync(scene, pair, new ClientEarlyData(s_request, fallback), blocks, sendsAgain ? s_request.Length : 0);

        Assert.True(pair.Client.Info is { EarlyDataAccepted: false, IsResumed: true });
        Assert.Empty(early);
        Assert.Equal(sendsAgain ? [] : s_request, rest);
        Assert.Equal(sendsAgain ? s_request : [], late);
        await AssertNothingElseAsync(pair);
    }

    [Theory]
    [InlineData(false, EarlyDataFallback.SendAfterHandshake)]
    [InlineData(false, EarlyDataFallback.LeaveToCaller)]
    [InlineData(true, EarlyDataFallback.SendAfterHandshake)]
    [InlineData(true, EarlyDataFallback.LeaveToCaller)]
    public async Task What_the_session_does_not_allow_goes_after_the_handshake(bool blocks, EarlyDataFallback fallback)
    {
        var scene = await EarlyDataScene.CreateAsync();
        await using var pair = TlsPair.Create();
        var data = RandomNumberGenerator.GetBytes(EarlyDataScene.MaxSize + 300);
        var sendsRest = fallback == EarlyDataFallback.SendAfterHandshake;

        var (rest, early, late) = await ConnectAsync(scene, pair, new ClientEarlyData(data, fallback), blocks, sendsRest ? 300 : 0);

        Assert.Equal(data[..EarlyDataScene.MaxSize], early);
        Assert.Equal(data[EarlyDataScene.MaxSize..], sendsRest ? late : rest);
        Assert.Empty(sendsRest ? rest : late);
        await AssertNothingElseAsync(pair);
    }

    [Theory]
    [InlineData(EarlyDataFallback.SendAfterHandshake)]
    [InlineData(EarlyDataFallback.LeaveToCaller)]
    public async Task Without_a_session_all_of_it_goes_after_the_handshake(EarlyDataFallback fallback)
    {
        var scene = await EarlyDataScene.CreateAsync();
        scene.Client.SessionStore.Clear();
        await using var pair = TlsPair.Create();
        var sends = fallback == EarlyDataFallback.SendAfterHandshake;

        var (rest, early, late) = await ConnectAsync(scene, pair, new ClientEarlyData(s_request, fallback), blocks: false, sends ? s_request.Length : 0);

        Assert.False(pair.Client.Info.IsResumed);
        Assert.Empty(early);
        Assert.Equal(s_request, sends ? late : rest);
    }

    [Fact]
    public async Task Unless_it_is_enabled_nothing_goes_early()
    {
        var scene = await EarlyDataScene.CreateAsync(client: client => client.EnableEarlyData = false);
        await using var pair = TlsPair.Create();

        var (_, early, late) = await ConnectAsync(
            scene, pair, new ClientEarlyData(s_request, EarlyDataFallback.SendAfterHandshake), blocks: false, s_request.Length);

        Assert.Empty(early);
        Assert.Equal(s_request, late);
        Assert.True(pair.Client.Info is { EarlyDataAccepted: false, IsResumed: true });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_has_nothing_to_send_offers_no_early_data(bool empty)
    {
        var scene = await EarlyDataScene.CreateAsync();
        await using var pair = TlsPair.Create();
        var accept = pair.Server.AuthenticateAsServerAsync(scene.Server);
        var connect = empty
            ? pair.Client.AuthenticateAsClientAsync(scene.Client, TlsPair.Target, new ClientEarlyData(default, EarlyDataFallback.LeaveToCaller))
            : pair.Client.AuthenticateAsClientAsync(scene.Client, TlsPair.Target);
        await Task.WhenAll(accept, connect).Soon();

        Assert.True(pair.Server.IsAuthenticated);
        Assert.True(pair.Server.Info is { EarlyDataAccepted: false, IsResumed: true });
    }

    [Fact]
    public async Task A_hello_that_is_retried_loses_its_early_data_and_it_is_sent_again()
    {
        var scene = await EarlyDataScene.CreateAsync(server => server.Groups.Add(NamedGroup.Secp384r1));
        await using var pair = TlsPair.Create();

        var (_, early, late) = await ConnectAsync(
            scene, pair, new ClientEarlyData(s_request, EarlyDataFallback.SendAfterHandshake), blocks: false, s_request.Length);

        Assert.True(pair.Client.Info is { EarlyDataAccepted: false, RetriedHello: true });
        Assert.Empty(early);
        Assert.Equal(s_request, late);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Much_early_data_and_much_after_it_arrive_in_order(bool blocks)
    {
        var size = 300_000;
        var scene = await EarlyDataScene.CreateAsync(server => server.EarlyData.MaxSize = size);
        await using var pair = TlsPair.Create(capacity: 20_000);
        var data = RandomNumberGenerator.GetBytes(size + 200_000);

        var (rest, early, late) = await ConnectAsync(scene, pair, new ClientEarlyData(data, EarlyDataFallback.SendAfterHandshake), blocks, 200_000);

        Assert.Empty(rest);
        Assert.Equal(data, early.Concat(late));
        Assert.Equal(size, early.Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answer_that_comes_with_the_servers_first_flight_is_not_lost(bool blocks)
    {
        var scene = await EarlyDataScene.CreateAsync();
        await using var pair = TlsPair.Create();
        var answer = AnswerAsync();
        await Authenticate(pair.Client, scene.Client, new ClientEarlyData(s_request, EarlyDataFallback.LeaveToCaller), blocks).Soon();
        await answer.Soon();

        var buffer = new byte[100];
        var count = blocks ? await Task.Run(() => pair.Client.Read(buffer)).Soon() : await pair.Client.ReadAsync(buffer).Soon();

        Assert.Equal("answer"u8.ToArray(), buffer[..count]);
        await pair.Server.CompleteHandshakeAsync().Soon();

        // It goes on where the client writes its first flight: the answer is there before the client looks for one.
        async Task AnswerAsync()
        {
            await pair.Server.AuthenticateAsServerAsync(scene.Server).ConfigureAwait(false);
            await pair.Server.WriteAsync("answer"u8.ToArray()).ConfigureAwait(false);
        }
    }

    [Fact]
    public async Task A_client_that_offers_several_protocols_must_say_which_one_the_early_data_is_written_in()
    {
        var scene = await EarlyDataScene.CreateAsync(client: OffersBoth);
        await using var pair = TlsPair.Create();

        Assert.Throws<ArgumentException>(() => pair.Client.AuthenticateAsClient(
            scene.Client, TlsPair.Target, new ClientEarlyData(s_request, EarlyDataFallback.LeaveToCaller)));
        await Assert.ThrowsAsync<ArgumentException>(() => pair.Client.AuthenticateAsClientAsync(
            scene.Client, TlsPair.Target, new ClientEarlyData(s_request, EarlyDataFallback.LeaveToCaller) { ApplicationProtocol = SslApplicationProtocol.Http3 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ClientEarlyData(s_request, (EarlyDataFallback)7));
    }

    [Fact]
    public async Task Early_data_goes_in_a_session_of_its_own_protocol()
    {
        var scene = await EarlyDataScene.CreateAsync(server => server.ApplicationProtocols.Add(SslApplicationProtocol.Http11), OffersBoth);
        await using var pair = TlsPair.Create();
        var data = new ClientEarlyData(s_request, EarlyDataFallback.SendAfterHandshake) { ApplicationProtocol = SslApplicationProtocol.Http11 };

        var (_, early, _) = await ConnectAsync(scene, pair, data, blocks: false, lateLength: 0);

        Assert.Equal(s_request, early);
        Assert.Equal(SslApplicationProtocol.Http11, pair.Server.Info.ApplicationProtocol);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_is_sent_in_another_protocol_than_its_own(bool blocks)
    {
        var scene = await EarlyDataScene.CreateAsync(server => server.ApplicationProtocols.Add(SslApplicationProtocol.Http2), OffersBoth);
        await using var pair = TlsPair.Create();
        var data = new ClientEarlyData(s_request, EarlyDataFallback.SendAfterHandshake) { ApplicationProtocol = SslApplicationProtocol.Http11 };
        var accept = pair.Server.AuthenticateAsServerAsync(scene.Server);

        var fault = await Assert.ThrowsAsync<TlsException>(() => Authenticate(pair.Client, scene.Client, data, blocks).Soon());
        await accept.Soon();
        var told = await Assert.ThrowsAsync<TlsException>(() => pair.Server.ReadAsync(new byte[1]).Soon());

        Assert.Equal(TlsFault.NoApplicationProtocol, fault.Fault);
        Assert.Equal(AlertDescription.NoApplicationProtocol, told.Alert);
        Assert.False(pair.Client.IsAuthenticated || pair.Client.CanWrite);
        Assert.Same(fault, Assert.Throws<TlsException>(() => pair.Client.Write(new byte[1])));
    }

    [Fact]
    public async Task What_cannot_be_sent_in_its_own_protocol_can_be_left_to_the_caller()
    {
        var scene = await EarlyDataScene.CreateAsync(server => server.ApplicationProtocols.Add(SslApplicationProtocol.Http2), OffersBoth);
        await using var pair = TlsPair.Create();
        var data = new ClientEarlyData(s_request, EarlyDataFallback.LeaveToCaller) { ApplicationProtocol = SslApplicationProtocol.Http11 };

        var (rest, early, late) = await ConnectAsync(scene, pair, data, blocks: false, lateLength: 0);

        Assert.Equal(s_request, rest);
        Assert.Empty(early.Concat(late));
        Assert.Equal(SslApplicationProtocol.Http2, pair.Client.Info.ApplicationProtocol);
        await AssertNothingElseAsync(pair);
    }

    [Fact]
    public async Task What_was_refused_is_not_sent_again_by_itself_once_the_server_has_changed_its_protocol()
    {
        var scene = await EarlyDataScene.CreateAsync(
            server => server.ApplicationProtocols.Add(SslApplicationProtocol.Http11), client => client.ApplicationProtocols.Add(SslApplicationProtocol.Http11));
        var other = scene.NewServer();
        await using var pair = TlsPair.Create();
        var accept = pair.Server.AuthenticateAsServerAsync(other);

        var connect = Authenticate(pair.Client, scene.Client, new ClientEarlyData(s_request, EarlyDataFallback.SendAfterHandshake), blocks: false);

        Assert.Equal(TlsFault.NoApplicationProtocol, (await Assert.ThrowsAsync<TlsException>(() => connect.Soon())).Fault);
        await accept.Soon();
    }

    [Fact]
    public async Task A_first_flight_is_cancelled_while_it_waits_to_be_sent()
    {
        var scene = await EarlyDataScene.CreateAsync();
        await using var pair = TlsPair.Create(capacity: 100);
        using var cancellation = new CancellationTokenSource();
        var connect = pair.Client.AuthenticateAsClientAsync(
            scene.Client, TlsPair.Target, new ClientEarlyData(s_request, EarlyDataFallback.SendAfterHandshake), cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connect.Soon());
        Assert.False(pair.Client.CanWrite);
    }

    [Fact]
    public async Task A_first_flight_that_nobody_takes_is_given_up_in_time()
    {
        var scene = await EarlyDataScene.CreateAsync();
        await using var pair = TlsPair.Create(capacity: 100);
        var connect = pair.Client.AuthenticateAsClientAsync(scene.Client, TlsPair.Target, new ClientEarlyData(s_request, EarlyDataFallback.SendAfterHandshake));

        scene.Clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(TlsFault.HandshakeTimeout, (await Assert.ThrowsAsync<TlsException>(() => connect.Soon())).Fault);
    }

    private static void OffersBoth(TlsClientOptions options)
    {
        options.ApplicationProtocols.Add(SslApplicationProtocol.Http2);
        options.ApplicationProtocols.Add(SslApplicationProtocol.Http11);
    }

    private static async Task<byte[]> Authenticate(TlsStream stream, TlsClient client, ClientEarlyData data, bool blocks)
    {
        var rest = blocks
            ? await Task.Run(() => stream.AuthenticateAsClient(client, TlsPair.Target, data))
            : await stream.AuthenticateAsClientAsync(client, TlsPair.Target, data);
        return rest.ToArray();
    }

    /// <summary>Both sides at once; the server reads all early data, and so much of what comes after it.</summary>
    private static async Task<(byte[] Left, byte[] Early, byte[] Late)> ConnectAsync(EarlyDataScene scene, TlsPair pair, ClientEarlyData data, bool blocks, int lateLength)
    {
        var serve = ServeAsync(scene.Server, pair.Server, lateLength);
        var rest = await Authenticate(pair.Client, scene.Client, data, blocks).Soon();
        var (early, late) = await serve.Soon();
        return (rest, early, late);
    }

    private static async Task<(byte[] Early, byte[] Late)> ServeAsync(TlsServer server, TlsStream stream, int lateLength)
    {
        await stream.AuthenticateAsServerAsync(server);
        var early = new MemoryStream();
        var buffer = new byte[5000];
        while (await stream.ReadEarlyDataAsync(buffer) is > 0 and var count)
        {
            early.Write(buffer, 0, count);
        }

        var late = new byte[lateLength];
        await stream.ReadExactlyAsync(late);
        return (early.ToArray(), late);
    }

    private static async Task AssertNothingElseAsync(TlsPair pair)
    {
        await pair.Client.WriteAsync("next"u8.ToArray());
        var buffer = new byte[100];
        var count = await pair.Server.ReadAsync(buffer).Soon();
        Assert.Equal("next"u8.ToArray(), buffer[..count]);
        await pair.Server.WriteAsync("answer"u8.ToArray());
        count = await pair.Client.ReadAsync(buffer).Soon();
        Assert.Equal("answer"u8.ToArray(), buffer[..count]);
    }

    private sealed class RefusingGuard : IReplayGuard
    {
        public ValueTask<bool> TryUseAsync(ReadOnlyMemory<byte> key, DateTimeOffset expires, CancellationToken cancellationToken) => new(false);
    }
}
