using System.Collections.Concurrent;
using Kippu.Crypto;
using Xunit;

namespace Kippu.Tests.Crypto;

public sealed class PublicRandomTests
{
    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(500)]
    [InlineData(5000)]
    public void No_bytes_are_given_twice_whatever_the_lengths_and_threads(int length)
    {
        var seen = new ConcurrentDictionary<string, bool>();

        Parallel.For(0, 2000, i =>
        {
            _ = PublicRandom.GetBytes(i % 40); // so that the pieces are cut at many places
            Assert.True(seen.TryAdd(Convert.ToHexString(PublicRandom.GetBytes(length)), true));
        });
    }

    [Fact]
    public void All_bytes_are_filled_with_all_values()
    {
        var values = new HashSet<byte>[32];
        for (var i = 0; i < 8000; i++)
        {
            var bytes = PublicRandom.GetBytes(values.Length);
            for (var at = 0; at < bytes.Length; at++)
            {
                (values[at] ??= []).Add(bytes[at]);
            }
        }

        Assert.All(values, value => Assert.Equal(256, value.Count));
    }

    [Fact]
    public void No_bytes_can_be_asked_for() => Assert.Empty(PublicRandom.GetBytes(0));
}
