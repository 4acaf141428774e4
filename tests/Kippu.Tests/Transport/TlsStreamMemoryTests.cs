using System.Security.Authentication;
using Kippu.Tests.Handshake;
using Xunit;

namespace Kippu.Tests.Transport;

public abstract class TlsStreamMemoryTests(SslProtocols protocol) : TransportTests(protocol)
{
    [Fact]
    public async Task An_idle_stream_holds_no_buffer()
    {
        await using var pair = await ConnectAsync();
        Assert.Equal((0, 0), (pair.Client.HeldBytes, pair.Server.HeldBytes));

        await pair.Client.WriteAsync(new byte[100_000]);
        await pair.Server.ReadExactlyAsync(new byte[100_000]).AsTask().Soon();

        Assert.Equal((0, 0), (pair.Client.HeldBytes, pair.Server.HeldBytes));
    }

    [Theory]
    [InlineData(0, 4096)]
    [InlineData(100, 4096)]
    [InlineData(4000, 4096)]
    [InlineData(16_384, 0)]
    [InlineData(100_000, 0)]
    public async Task A_stream_that_waits_with_a_read_holds_four_kilobytes_at_most(int sentBefore, int held)
    {
        await using var pair = await ConnectAsync();
        await pair.Client.WriteAsync(new byte[sentBefore]);
        await pair.Server.ReadExactlyAsync(new byte[sentBefore]).AsTask().Soon();

        var read = pair.Server.ReadAsync(new byte[10]);

        Assert.Equal(held, pair.InnerServer.WaitingRead);
        Assert.Equal(held, pair.Server.HeldBytes);
        await pair.Client.WriteAsync(new byte[10]);
        Assert.Equal(10, await read.Soon());
    }

    [Fact]
    public async Task A_record_that_has_come_in_part_is_held_and_no_more()
    {
        await using var pair = await ConnectAsync();
        var record = new byte[pair.Client.Connection.GetWriteSize(16_384)];
        var length = pair.Client.Connection.Write(new byte[16_384], record).Written;
        var read = pair.Server.ReadAsync(new byte[16_384]);

        await pair.InnerClient.WriteAsync(record.AsMemory(0, 5000));
        Assert.Equal(32 * 1024, pair.Server.HeldBytes);
        await pair.InnerClient.WriteAsync(record.AsMemory(5000, length - 5000));

        Assert.Equal(16_384, await read.Soon());
        Assert.Equal(0, pair.Server.HeldBytes);
    }

    [Theory]
    [InlineData(64, 64)]
    [InlineData(1000, 100)]
    [InlineData(16_384, 16_384)]
    [InlineData(16_384, 1000)]
    [InlineData(100_000, 100_000)]
    public async Task Records_cost_no_allocation(int written, int read)
    {
        await using var pair = await ConnectAsync();
        var (data, buffer) = (new byte[written], new byte[read]);

        Allocation.AssertNone(() =>
        {
            Allocation.Now(pair.Client.WriteAsync(data));
            for (var left = written; left > 0;)
            {
                left -= Allocation.Now(pair.Server.ReadAsync(buffer));
            }
        });
    }

    [Fact]
    public async Task Reads_that_wait_cost_no_allocation()
    {
        await using var pair = await ConnectAsync();
        var (data, buffer) = (new byte[1000], new byte[1000]);

        Allocation.AssertNone(() =>
        {
            var waiting = pair.Server.ReadAsync(buffer);
            Allocation.Now(pair.Client.WriteAsync(data));
            Allocation.Now(waiting);
        });
    }

    [Fact]
    public async Task Blocking_writes_and_reads_of_what_is_there_cost_no_allocation_above_the_inner_stream()
    {
        await using var pair = await ConnectAsync();
        var (data, buffer) = (new byte[1000], new byte[1000]);
        var bare = new byte[1000];
        var (client, server) = MemoryTransport.CreateStreams();

        var inner = Allocation.PerRound(() =>
        {
            client.Write(bare, 0, bare.Length);
            _ = server.Read(bare, 0, bare.Length);
        });
        var all = Allocation.PerRound(() =>
        {
            pair.Client.Write(data);
            _ = pair.Server.Read(buffer);
        });

        // The base class's Read(Span) and Write(Span) of the test's own stream copy through a rented array.
        Assert.InRange(all, 0, inner + Allocation.Allowed);
    }
}

public sealed class TlsStreamMemoryTestsOver12() : TlsStreamMemoryTests(SslProtocols.Tls12);

public sealed class TlsStreamMemoryTestsOver13() : TlsStreamMemoryTests(SslProtocols.Tls13);
