using Kippu.Tests.Wire.Messages;
using Kippu.Wire;
using Kippu.Wire.Messages;
using Xunit;

namespace Kippu.Tests.Wire;

public sealed class KeyShareListTests
{
    [Theory]
    [InlineData("0000", null)] // empty: asks for a HelloRetryRequest
    [InlineData("0005" + "001D" + "0001" + "AA", null)]
    [InlineData("0004" + "001D" + "0000", TlsFault.MalformedMessage)] // key_exchange<1..>
    [InlineData("0005" + "001D" + "0002" + "AA", TlsFault.MalformedMessage)]
    [InlineData("0006" + "001D" + "0001" + "AA" + "00", TlsFault.MalformedMessage)]
    [InlineData("0000" + "00", TlsFault.MalformedMessage)]
    [InlineData("", TlsFault.MalformedMessage)]
    public void RFC_8446_4_2_8_a_share_is_a_group_and_a_key(string data, TlsFault? fault) =>
        FaultAssert.Throws(fault, () => ClientHello.Parse(SampleHellos.ClientWith((51, data))));

    [Theory]
    [InlineData("001D" + "0001" + "AA", null)]
    [InlineData("001D" + "0000", TlsFault.MalformedMessage)]
    [InlineData("001D", TlsFault.MalformedMessage)] // that of a HelloRetryRequest
    [InlineData("001D" + "0001" + "AA" + "00", TlsFault.MalformedMessage)]
    public void RFC_8446_4_2_8_the_server_sends_one_share(string data, TlsFault? fault) =>
        FaultAssert.Throws(fault, () => ServerHello.Parse(SampleHellos.ServerWith((43, "0304"), (51, data))));

    [Fact]
    public void Shares_are_walked_in_order_and_found_by_group()
    {
        var list = KeyShareList.Of(
            new KeyShareEntry(29, SampleHellos.Counting(32)), new KeyShareEntry(23, SampleHellos.Counting(65)), new KeyShareEntry(29, new byte[1]));
        var groups = new List<ushort>();
        foreach (var share in list)
        {
            groups.Add(share.Group);
        }

        Assert.Equal([29, 23, 29], groups);
        Assert.Equal(3, list.Count);
        Assert.True(list.TryFind(29, out var first));
        Assert.Equal(32, first.KeyExchange.Length);
        Assert.True(list.TryFind(23, out var second));
        Assert.Equal(65, second.KeyExchange.Length);
        Assert.False(list.TryFind(24, out _));
        Assert.Equal(0, KeyShareList.Of().Count);
        Assert.False(default(KeyShareList).TryFind(0, out _));
    }
}
