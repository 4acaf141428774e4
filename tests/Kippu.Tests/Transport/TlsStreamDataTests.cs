using System.Security.Authentication;
using System.Security.Cryptography;
using Kippu.Tests.Handshake;
using Xunit;

namespace Kippu.Tests.Transport;

public abstract class TlsStreamDataTests(SslProtocols protocol) : TransportTests(protocol)
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Both_directions_carry_data_of_random_sizes_at_once_blocking_or_not(bool clientBlocks, bool serverBlocks)
    {
        await using var pair = await ConnectAsync(capacity: 64 * 1024);
        var up = RandomNumberGenerator.GetBytes(700_000);
        var down = RandomNumberGenerator.GetBytes(500_000);

        var sendUp = SendAsync(pair.Client, up, new Random(1), clientBlocks);
        var sendDown = SendAsync(pair.Server, down, new Random(2), serverBlocks);
        var receiveUp = ReceiveAsync(pair.Server, new Random(3), serverBlocks);
        var receiveDown = ReceiveAsync(pair.Client, new Random(4), clientBlocks);
        await Task.WhenAll(sendUp, sendDown).Soon();

        Assert.Equal(up, await receiveUp.Soon());
        Assert.Equal(down, await receiveDown.Soon());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_small_buffer_gets_a_large_record_piece_by_piece(bool blocks)
    {
        await using var pair = await ConnectAsync();
        var data = RandomNumberGenerator.GetBytes(16 * 1024);
        await pair.Client.WriteAsync(data);

        var received = new byte[data.Length];
        for (var at = 0; at < data.Length; at += 1000)
        {
            var piece = received.AsMemory(at, Math.Min(1000, data.Length - at));
            Assert.Equal(piece.Length, blocks ? pair.Server.Read(piece.Span) : await pair.Server.ReadAsync(piece).Soon());
        }

        Assert.Equal(data, received);
        Assert.Equal(0, pair.Server.HeldBytes);
    }

    /// <summary>In TLS 1.3 only opening a record tells whether it has anything for the reader.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_small_buffer_gets_a_large_record_that_follows_a_smaller_one_without_data(bool blocks)
    {
        var server = TestServers.Server(TimeProvider.System, options => options.Protocols = SslProtocols.Tls13);
        await using var pair = await TlsPair.ConnectAsync(server, TestServers.Client(TimeProvider.System, options => options.Protocols = SslProtocols.Tls13));
        pair.Client.UpdateKeys();
        await pair.Client.WriteAsync(new byte[10_000]);

        var piece = new byte[1];
        Assert.Equal(1, blocks ? pair.Server.Read(piece.AsSpan()) : await pair.Server.ReadAsync(piece).Soon());
        Assert.Equal(9_999, await pair.Server.ReadAsync(new byte[10_000]).Soon());
    }

    [Fact]
    public async Task A_large_buffer_gets_the_records_that_are_there_at_once()
    {
        await using var pair = await ConnectAsync();
        for (var i = 0; i < 5; i++)
        {
            await pair.Client.WriteAsync(new byte[100]);
        }

        Assert.Equal(500, await pair.Server.ReadAsync(new byte[1000]).Soon());
    }

    [Fact]
    public async Task A_large_write_goes_out_in_few_writes_of_full_records()
    {
        await using var pair = await ConnectAsync();
        var before = pair.InnerClient.Writes;

        await pair.Client.WriteAsync(new byte[6 * 16 * 1024]);

        Assert.Equal(2, pair.InnerClient.Writes - before);
        var received = new byte[6 * 16 * 1024];
        await pair.Server.ReadExactlyAsync(received).AsTask().Soon();
    }

    [Fact]
    public async Task A_write_of_nothing_sends_nothing()
    {
        await using var pair = await ConnectAsync();
        var before = pair.InnerClient.Writes;

        await pair.Client.WriteAsync(ReadOnlyMemory<byte>.Empty);
        pair.Client.Write([]);

        Assert.Equal(before, pair.InnerClient.Writes);
    }

#pragma warning disable CA1835 // The overloads with arrays are what is tested.
    [Fact]
    public async Task Single_bytes_arrays_and_begin_and_end_work_too()
    {
        await using var pair = await ConnectAsync();
        pair.Client.WriteByte(1);
        pair.Client.Write([0, 2, 0], 1, 1);
        await pair.Client.WriteAsync([0, 3, 0], 1, 1);
        pair.Client.EndWrite(pair.Client.BeginWrite([4], 0, 1, null, null));
        await pair.Client.ShutdownAsync();

        var buffer = new byte[3];
        Assert.Equal(1, pair.Server.ReadByte());
        Assert.Equal(1, pair.Server.Read(buffer, 0, 1));
        Assert.Equal(1, await pair.Server.ReadAsync(buffer, 1, 1));
        Assert.Equal(1, pair.Server.EndRead(pair.Server.BeginRead(buffer, 2, 1, null, null)));
        Assert.Equal(-1, pair.Server.ReadByte());
        Assert.Equal([2, 3, 4], buffer);
    }
#pragma warning restore CA1835

    [Fact]
    public async Task A_stream_copies_to_its_end()
    {
        await using var pair = await ConnectAsync();
        var data = RandomNumberGenerator.GetBytes(100_000);
        await pair.Client.WriteAsync(data);
        await pair.Client.ShutdownAsync();

        var copy = new MemoryStream();
        await pair.Server.CopyToAsync(copy).Soon();

        Assert.Equal(data, copy.ToArray());
    }

    [Fact]
    public async Task It_is_a_stream_without_length_and_position()
    {
        await using var pair = await ConnectAsync();

        Assert.True(pair.Client.CanRead && pair.Client.CanWrite);
        Assert.False(pair.Client.CanSeek);
        Assert.Throws<NotSupportedException>(() => pair.Client.Length);
        Assert.Throws<NotSupportedException>(() => pair.Client.Position);
        Assert.Throws<NotSupportedException>(() => pair.Client.Position = 0);
        Assert.Throws<NotSupportedException>(() => pair.Client.Seek(0, SeekOrigin.Begin));
        Assert.Throws<NotSupportedException>(() => pair.Client.SetLength(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => pair.Client.Read(new byte[1], 0, 2));
        Assert.Throws<ArgumentNullException>(() => pair.Client.Write(null!, 0, 0));
    }

    [Fact]
    public async Task Timeouts_and_flushes_are_those_of_the_inner_stream()
    {
        await using var pair = await ConnectAsync();
        pair.InnerClient.HasTimeouts = true;
        var flushes = pair.InnerClient.Flushes;

        (pair.Client.ReadTimeout, pair.Client.WriteTimeout) = (5, 6);
        pair.Client.Flush();
        await pair.Client.FlushAsync();

        Assert.True(pair.Client.CanTimeout);
        Assert.Equal((5, 6), (pair.InnerClient.ReadTimeout, pair.InnerClient.WriteTimeout));
        Assert.Equal((5, 6), (pair.Client.ReadTimeout, pair.Client.WriteTimeout));
        Assert.Equal(flushes + 2, pair.InnerClient.Flushes);
    }

    [Fact]
    public async Task A_second_reader_is_refused_and_a_second_writer_waits()
    {
        await using var pair = await ConnectAsync(capacity: 16 * 1024);
        var read = pair.Server.ReadAsync(new byte[1]);
        await Assert.ThrowsAsync<InvalidOperationException>(() => pair.Server.ReadAsync(new byte[1]).AsTask());
        Assert.Throws<InvalidOperationException>(() => pair.Server.Read(new byte[1]));
        await pair.Client.WriteAsync(new byte[1]);
        await read.Soon();

        var first = pair.Client.WriteAsync(Enumerable.Repeat((byte)1, 50_000).ToArray());
        var second = pair.Client.WriteAsync(Enumerable.Repeat((byte)2, 50_000).ToArray());
        Assert.False(first.IsCompleted || second.IsCompleted);
        var received = new byte[100_000];
        await pair.Server.ReadExactlyAsync(received).AsTask().Soon();

        await first.Soon();
        await second.Soon();
        Assert.Equal(50_000, received.AsSpan().IndexOf((byte)2));
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task A_read_of_zero_bytes_waits_for_data_and_takes_none(bool blocks, bool innerWaits)
    {
        await using var pair = await ConnectAsync();
        pair.InnerServer.WaitsForZeroBytes = innerWaits;
        var read = blocks ? Task.Run(() => pair.Server.Read([])) : pair.Server.ReadAsync(Memory<byte>.Empty).AsTask();
        await pair.InnerServer.UntilReadWaitsAsync().Soon();
        Assert.False(read.IsCompleted);
        Assert.Equal(innerWaits ? 0 : 4096, pair.InnerServer.WaitingRead);
        Assert.Equal(innerWaits ? 0 : 4096, pair.Server.HeldBytes);

        await pair.Client.WriteAsync(new byte[10]);

        Assert.Equal(0, await read.Soon());
        Assert.Equal(0, await pair.Server.ReadAsync(Memory<byte>.Empty).Soon());
        Assert.Equal(10, await pair.Server.ReadAsync(new byte[100]).Soon());
    }

    [Fact]
    public async Task A_read_of_zero_bytes_is_not_satisfied_by_half_a_record()
    {
        await using var pair = await ConnectAsync();
        pair.InnerServer.MaxRead = 20;
        var read = pair.Server.ReadAsync(Memory<byte>.Empty);
        var record = new byte[pair.Client.Connection.GetWriteSize(100)];
        var length = pair.Client.Connection.Write(new byte[100], record).Written;

        await pair.InnerClient.WriteAsync(record.AsMemory(0, length - 1));
        Assert.False(read.IsCompleted);
        await pair.InnerClient.WriteAsync(record.AsMemory(length - 1, 1));

        Assert.Equal(0, await read.Soon());
    }

    private static Task SendAsync(TlsStream stream, byte[] data, Random random, bool blocks) => Task.Run(async () =>
    {
        for (var sent = 0; sent < data.Length;)
        {
            var piece = data.AsMemory(sent, Math.Min(NextSize(random), data.Length - sent));
            if (blocks)
            {
                stream.Write(piece.Span);
            }
            else
            {
                await stream.WriteAsync(piece);
            }

            sent += piece.Length;
        }

        if (blocks)
        {
            stream.Shutdown();
        }
        else
        {
            await stream.ShutdownAsync();
        }
    });

    private static Task<byte[]> ReceiveAsync(TlsStream stream, Random random, bool blocks) => Task.Run(async () =>
    {
        var received = new MemoryStream();
        while (true)
        {
            var buffer = new byte[NextSize(random)];
            var count = blocks ? stream.Read(buffer) : await stream.ReadAsync(buffer);
            if (count == 0)
            {
                return received.ToArray();
            }

            received.Write(buffer, 0, count);
        }
    });

    /// <summary>Mostly small, sometimes several records.</summary>
    private static int NextSize(Random random) => random.Next(4) switch
    {
        0 => random.Next(1, 10),
        1 => random.Next(1, 1_000),
        2 => random.Next(1, 20_000),
        _ => random.Next(1, 100_000),
    };
}

public sealed class TlsStreamDataTestsOver12() : TlsStreamDataTests(SslProtocols.Tls12);

public sealed class TlsStreamDataTestsOver13() : TlsStreamDataTests(SslProtocols.Tls13);
