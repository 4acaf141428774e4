using System.Buffers;
using System.IO.Pipelines;
using System.Security.Authentication;
using System.Security.Cryptography;
using Kippu.Tests.Handshake;
using Xunit;

namespace Kippu.Tests.Transport;

public abstract class TlsDuplexPipeTests(SslProtocols protocol) : TransportTests(protocol)
{
    [Theory]
    [InlineData(0)]
    [InlineData(10_000)]
    [InlineData(200_000)]
    public async Task Both_directions_carry_data_of_random_sizes_at_once(int capacity)
    {
        await using var pair = await ConnectPipesAsync(capacity: capacity);
        var up = RandomNumberGenerator.GetBytes(700_000);
        var down = RandomNumberGenerator.GetBytes(500_000);

        var receiveUp = PipePair.ReadAllAsync(pair.Server.Input);
        var receiveDown = PipePair.ReadAllAsync(pair.Client.Input);
        await Task.WhenAll(SendAsync(pair.Client.Output, up, new Random(1)), SendAsync(pair.Server.Output, down, new Random(2))).Soon();

        Assert.Equal(up, await receiveUp.Soon());
        Assert.Equal(down, await receiveDown.Soon());
    }

    [Fact]
    public async Task A_pipe_and_a_stream_understand_each_other_byte_by_byte()
    {
        var (clientEnd, serverEnd) = MemoryTransport.Create();
        await using var client = new TlsStream(new DuplexStream(clientEnd) { MaxRead = 1 });
        await using var server = new TlsDuplexPipe(serverEnd);
        var accept = server.AuthenticateAsServerAsync(Server(TimeProvider.System));
        await client.AuthenticateAsClientAsync(Client(TimeProvider.System), TlsPair.Target).Soon();
        await accept.Soon();

        await client.WriteAsync(new byte[50_000]);
        await client.ShutdownAsync();
        await server.Output.WriteAsync("hello"u8.ToArray());
        await server.Output.CompleteAsync();

        Assert.Equal(new byte[50_000], await PipePair.ReadAllAsync(server.Input).Soon());
        var buffer = new byte[10];
        Assert.Equal(5, await client.ReadAtLeastAsync(buffer, 10, throwOnEndOfStream: false).Soon());
        Assert.Equal(client.Info.CipherSuite, server.Info.CipherSuite);
    }

    [Fact]
    public async Task A_record_that_is_spread_over_many_segments_is_put_together()
    {
        var options = new PipeOptions(minimumSegmentSize: 16, readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline);
        var (up, down) = (new Pipe(options), new Pipe(options));
        await using var server = new TlsDuplexPipe(new MemoryEnd(up.Reader, down.Writer));
        await using var client = new TlsStream(new DuplexStream(new MemoryEnd(down.Reader, new FragmentingWriter(up.Writer, 7))));
        var accept = server.AuthenticateAsServerAsync(Server(TimeProvider.System));
        await client.AuthenticateAsClientAsync(Client(TimeProvider.System), TlsPair.Target).Soon();
        await accept.Soon();
        var data = RandomNumberGenerator.GetBytes(20_000);

        var receive = PipePair.ReadAllAsync(server.Input);
        await client.WriteAsync(data).Soon();
        await client.ShutdownAsync().Soon();

        Assert.Equal(data, await receive.Soon());
    }

    [Fact]
    public async Task What_was_not_examined_comes_at_once_and_what_was_not_consumed_comes_again()
    {
        await using var pair = await ConnectPipesAsync();
        await pair.Client.Output.WriteAsync("abc"u8.ToArray());

        var first = await pair.Server.Input.ReadAsync().Soon();
        pair.Server.Input.AdvanceTo(first.Buffer.GetPosition(1), first.Buffer.GetPosition(2));
        var second = await pair.Server.Input.ReadAsync().Soon();
        Assert.Equal("bc"u8.ToArray(), second.Buffer.ToArray());
        pair.Server.Input.AdvanceTo(second.Buffer.Start, second.Buffer.End);
        Assert.False(pair.Server.Input.TryRead(out _));
        var third = pair.Server.Input.ReadAsync();
        Assert.False(third.IsCompleted);
        await pair.Client.Output.WriteAsync("d"u8.ToArray());

        Assert.Equal("bcd"u8.ToArray(), (await third.Soon()).Buffer.ToArray());
    }

    [Fact]
    public async Task A_try_to_read_takes_what_has_come()
    {
        await using var pair = await ConnectPipesAsync();
        Assert.False(pair.Server.Input.TryRead(out _));
        await pair.Client.Output.WriteAsync("abc"u8.ToArray());

        Assert.True(pair.Server.Input.TryRead(out var result));

        Assert.Equal("abc"u8.ToArray(), result.Buffer.ToArray());
        pair.Server.Input.AdvanceTo(result.Buffer.End);
        await pair.Client.Output.CompleteAsync();
        Assert.True(pair.Server.Input.TryRead(out result));
        Assert.True(result.IsCompleted);
    }

    [Fact]
    public async Task The_transports_back_pressure_is_the_writers()
    {
        await using var pair = await ConnectPipesAsync(capacity: 1000);

        var flush = pair.Client.Output.WriteAsync(new byte[2000]);
        Assert.False(flush.IsCompleted);
        await PipePair.ReadAsync(pair.Server.Input);

        Assert.False((await flush.Soon()).IsCompleted);
    }

    [Fact]
    public async Task Nothing_is_taken_from_the_transport_before_somebody_reads()
    {
        await using var pair = await ConnectPipesAsync(capacity: 100_000);
        var flush = pair.Client.Output.WriteAsync(new byte[99_000]);
        var blocked = pair.Client.Output.WriteAsync(new byte[99_000]);
        Assert.True(flush.IsCompleted);
        Assert.False(blocked.IsCompleted);

        // One read takes a bounded part, and leaves the rest to push back.
        var result = await pair.Server.Input.ReadAsync().Soon();

        Assert.InRange(result.Buffer.Length, 64 * 1024, 80 * 1024);
        pair.Server.Input.AdvanceTo(result.Buffer.Start);
        while (!blocked.IsCompleted)
        {
            await PipePair.ReadAsync(pair.Server.Input);
        }
    }

    [Fact]
    public async Task A_large_flush_is_pushed_back_in_between()
    {
        await using var pair = await ConnectPipesAsync(capacity: 1000);
        var flush = pair.Client.Output.WriteAsync(new byte[500_000]);
        Assert.False(flush.IsCompleted);

        Assert.InRange(pair.Client.Output.UnflushedBytes, 0, 500_000);
        var received = 0;
        while (received < 500_000)
        {
            received += (await PipePair.ReadAsync(pair.Server.Input)).Length;
        }

        await flush.Soon();
    }

    [Fact]
    public async Task Unflushed_bytes_are_counted_and_not_sent()
    {
        await using var pair = await ConnectPipesAsync();
        var output = pair.Client.Output;
        "abc"u8.CopyTo(output.GetSpan(3));
        output.Advance(3);

        Assert.True(output.CanGetUnflushedBytes);
        Assert.Equal(3, output.UnflushedBytes);
        Assert.False(pair.Server.Input.TryRead(out _));
        await output.FlushAsync();
        Assert.Equal(0, output.UnflushedBytes);
        Assert.Equal("abc"u8.ToArray(), await PipePair.ReadAsync(pair.Server.Input));
    }

    [Fact]
    public async Task A_waiting_read_is_cancelled_by_its_token_and_loses_nothing()
    {
        await using var pair = await ConnectPipesAsync();
        using var cancellation = new CancellationTokenSource();
        var read = pair.Server.Input.ReadAsync(cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read.Soon());
        await pair.Client.Output.WriteAsync("abc"u8.ToArray());
        Assert.Equal("abc"u8.ToArray(), await PipePair.ReadAsync(pair.Server.Input));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_pending_read_is_cancelled_once(bool before)
    {
        await using var pair = await ConnectPipesAsync();
        if (before)
        {
            pair.Server.Input.CancelPendingRead();
        }

        var read = pair.Server.Input.ReadAsync();
        if (!before)
        {
            pair.Server.Input.CancelPendingRead();
        }

        var result = await read.Soon();
        Assert.True(result.IsCanceled);
        Assert.True(result.Buffer.IsEmpty);
        pair.Server.Input.AdvanceTo(result.Buffer.End);
        var next = pair.Server.Input.ReadAsync();
        Assert.False(next.IsCompleted);
        await pair.Client.Output.WriteAsync("abc"u8.ToArray());
        Assert.Equal("abc"u8.ToArray(), (await next.Soon()).Buffer.ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cancelled_flush_loses_nothing(bool byToken)
    {
        await using var pair = await ConnectPipesAsync(capacity: 1000);
        var data = RandomNumberGenerator.GetBytes(200_000);
        using var cancellation = new CancellationTokenSource();
        pair.Client.Output.Write(data);
        var flush = pair.Client.Output.FlushAsync(cancellation.Token);
        Assert.False(flush.IsCompleted);

        if (byToken)
        {
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => flush.Soon());
        }
        else
        {
            pair.Client.Output.CancelPendingFlush();
            Assert.True((await flush.Soon()).IsCanceled);
        }

        var receive = PipePair.ReadAllAsync(pair.Server.Input);
        await pair.Client.Output.FlushAsync().Soon();
        await pair.Client.Output.CompleteAsync();
        Assert.Equal(data, await receive.Soon());
    }

    [Theory]
    [InlineData(64)]
    [InlineData(16_384)]
    [InlineData(100_000)]
    public async Task Records_cost_no_allocation(int size)
    {
        await using var pair = await ConnectPipesAsync();
        var data = new byte[size];

        Allocation.AssertNone(() =>
        {
            Allocation.Now(pair.Client.Output.WriteAsync(data));
            for (var left = data.Length; left > 0;)
            {
                var result = Allocation.Now(pair.Server.Input.ReadAsync());
                left -= (int)result.Buffer.Length;
                pair.Server.Input.AdvanceTo(result.Buffer.End);
            }
        });
    }

    private static async Task SendAsync(PipeWriter writer, byte[] data, Random random)
    {
        for (var sent = 0; sent < data.Length;)
        {
            var size = Math.Min(random.Next(1, random.Next(2) == 0 ? 100 : 70_000), data.Length - sent);
            writer.Write(data.AsSpan(sent, size));
            sent += size;
            if (random.Next(2) == 0)
            {
                await writer.FlushAsync();
            }
        }

        await writer.CompleteAsync();
    }
}

public sealed class TlsDuplexPipeTestsOver12() : TlsDuplexPipeTests(SslProtocols.Tls12);

public sealed class TlsDuplexPipeTestsOver13() : TlsDuplexPipeTests(SslProtocols.Tls13);
