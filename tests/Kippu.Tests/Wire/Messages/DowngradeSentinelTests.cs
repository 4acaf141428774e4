using Kippu.Wire.Messages;
using Xunit;

namespace Kippu.Tests.Wire.Messages;

public sealed class DowngradeSentinelTests
{
    [Fact]
    public void RFC_8446_4_1_3_it_is_the_end_of_the_random()
    {
        var random = SampleHellos.Counting(32);
        DowngradeSentinel.Set(random);

        Assert.Equal(SampleHellos.Counting(24), random[..24]);
        Assert.Equal("444F574E47524401", Convert.ToHexString(random[24..]));
    }

    [Theory]
    [InlineData("444F574E47524401", true)]
    [InlineData("444F574E47524400", true)]
    [InlineData("444F574E47524402", false)]
    [InlineData("444F574E47525401", false)]
    [InlineData("0000000000000000", false)]
    public void Both_values_are_looked_for(string end, bool found) =>
        Assert.Equal(found, DowngradeSentinel.IsIn([.. new byte[24], .. Convert.FromHexString(end)]));

    [Fact]
    public void It_counts_at_the_end_only() => Assert.False(DowngradeSentinel.IsIn([.. Convert.FromHexString("444F574E47524401"), .. new byte[24]]));
}
