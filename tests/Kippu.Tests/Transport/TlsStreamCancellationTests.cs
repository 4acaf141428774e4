using System.Security.Authentication;
using Kippu.Tests.Handshake;
using Xunit;

namespace Kippu.Tests.Transport;

public abstract class TlsStreamCancellationTests(SslProtocols protocol) : TransportTests(protocol)
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(60)]
    public async Task A_cancelled_read_loses_nothing(int bytesOfTheRecordThatHaveCome)
    {
        await using var pair = await ConnectAsync();
        var record = new byte[pair.Client.Connection.GetWriteSize(100)];
        var length = pair.Client.Connection.Write(Enumerable.Range(0, 100).Select(i => (byte)i).ToArray(), record).Written;
        using var cancellation = new CancellationTokenSource();
        var read = pair.Server.ReadAsync(new byte[200], cancellation.Token);
        await pair.InnerClient.WriteAsync(record.AsMemory(0, bytesOfTheRecordThatHaveCome));

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read.Soon());
        Assert.Equal(bytesOfTheRecordThatHaveCome == 0 ? 0 : 4096, pair.Server.HeldBytes);
        await pair.InnerClient.WriteAsync(record.AsMemory(bytesOfTheRecordThatHaveCome, length - bytesOfTheRecordThatHaveCome));

        var buffer = new byte[200];
        Assert.Equal(100, await pair.Server.ReadAsync(buffer).Soon());
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (byte)i), buffer.Take(100));
    }

    [Fact]
    public async Task A_cancelled_read_of_zero_bytes_loses_nothing()
    {
        await using var pair = await ConnectAsync();
        using var cancellation = new CancellationTokenSource();
        var read = pair.Server.ReadAsync(Memory<byte>.Empty, cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read.Soon());
        await pair.Client.WriteAsync(new byte[10]);
        Assert.Equal(10, await pair.Server.ReadAsync(new byte[20]).Soon());
    }

    [Fact]
    public async Task A_token_that_is_cancelled_already_does_nothing()
    {
        await using var pair = await ConnectAsync();
        await pair.Client.WriteAsync(new byte[10]);
        var cancelled = new CancellationToken(canceled: true);
        var writes = pair.InnerServer.Writes;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pair.Server.ReadAsync(new byte[20], cancelled).AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pair.Server.WriteAsync(new byte[20], cancelled).AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pair.Server.ShutdownAsync(cancelled));

        Assert.Equal(writes, pair.InnerServer.Writes);
        Assert.Equal(10, await pair.Server.ReadAsync(new byte[20]).Soon());
        await pair.Server.WriteAsync(new byte[7]);
        Assert.Equal(7, await pair.Client.ReadAsync(new byte[20]).Soon());
    }

    [Fact]
    public async Task A_write_that_is_cancelled_on_its_way_ends_the_writing_direction_but_not_the_reading_one()
    {
        await using var pair = await ConnectAsync(capacity: 1000);
        using var cancellation = new CancellationTokenSource();
        var write = pair.Client.WriteAsync(new byte[5000], cancellation.Token);
        Assert.False(write.IsCompleted);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write.Soon());
        await Assert.ThrowsAsync<IOException>(() => pair.Client.WriteAsync(new byte[1]).AsTask());
        Assert.Throws<IOException>(() => pair.Client.Write(new byte[1]));
        await Assert.ThrowsAsync<IOException>(() => pair.Client.ShutdownAsync());
        await pair.Server.WriteAsync(new byte[7]);
        Assert.Equal(7, await pair.Client.ReadAsync(new byte[20]).Soon());
    }

    [Fact]
    public async Task A_write_that_is_cancelled_while_it_waits_for_its_turn_has_done_nothing()
    {
        await using var pair = await ConnectAsync(capacity: 1000);
        using var cancellation = new CancellationTokenSource();
        var first = pair.Client.WriteAsync(new byte[5000]);
        var second = pair.Client.WriteAsync(new byte[100], cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.Soon());
        await pair.Server.ReadExactlyAsync(new byte[5000]).AsTask().Soon();
        await first.Soon();
        await pair.Client.WriteAsync(new byte[9]);
        Assert.Equal(9, await pair.Server.ReadAsync(new byte[100]).Soon());
    }

    [Fact]
    public async Task A_write_that_fails_ends_the_writing_direction()
    {
        await using var pair = await ConnectAsync();
        pair.InnerClient.WriteFailure = new IOException("Connection reset by peer");

        Assert.Same(pair.InnerClient.WriteFailure, await Assert.ThrowsAsync<IOException>(() => pair.Client.WriteAsync(new byte[1]).AsTask()));
        pair.InnerClient.WriteFailure = null;

        Assert.Contains("earlier", (await Assert.ThrowsAsync<IOException>(() => pair.Client.WriteAsync(new byte[1]).AsTask())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handshake_is_cancelled_while_it_waits_for_the_peer()
    {
        await using var pair = TlsPair.Create();
        using var cancellation = new CancellationTokenSource();
        var connect = pair.Client.AuthenticateAsClientAsync(Client(TimeProvider.System), TlsPair.Target, cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connect.Soon());
    }

    [Fact]
    public async Task A_handshake_is_cancelled_while_it_waits_to_send()
    {
        await using var pair = TlsPair.Create(capacity: 10);
        using var cancellation = new CancellationTokenSource();
        var connect = pair.Client.AuthenticateAsClientAsync(Client(TimeProvider.System), TlsPair.Target, cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connect.Soon());
    }

    [Fact]
    public async Task A_handshake_is_cancelled_while_it_waits_for_an_answer()
    {
        await using var pair = TlsPair.Create();
        using var cancellation = new CancellationTokenSource();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var accept = pair.Server.AuthenticateAsServerAsync(Server(TimeProvider.System));
        var client = Client(TimeProvider.System, options => options.ServerVerification = new CertificateVerificationOptions
        {
            CustomTrustRoots = TestPki.TrustedRoots,
            Callback = async (_, token) =>
            {
                asked.SetResult();
                await Task.Delay(Timeout.Infinite, token);
                return true;
            },
        });
        var connect = pair.Client.AuthenticateAsClientAsync(client, TlsPair.Target, cancellation.Token);
        await asked.Task.Soon();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connect.Soon());
        await pair.Client.DisposeAsync();
        await Assert.ThrowsAsync<TlsException>(() => accept.Soon());
    }
}

public sealed class TlsStreamCancellationTestsOver12() : TlsStreamCancellationTests(SslProtocols.Tls12);

public sealed class TlsStreamCancellationTestsOver13() : TlsStreamCancellationTests(SslProtocols.Tls13);
