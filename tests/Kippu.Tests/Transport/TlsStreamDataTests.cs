using System.Security.Cryptography;
using Xunit;

namespace Kippu.Tests.Transport;

public sealed class TlsStreamDataTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Both_directions_carry_data_of_random_sizes_at_once_blocking_or_not(bool clientBlocks, bool serverBlocks)
    {
        await using var pair = await TlsPair.ConnectAsync(capacity: 64 * 1024);
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
