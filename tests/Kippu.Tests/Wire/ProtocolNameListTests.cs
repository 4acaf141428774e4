using System.Net.Security;
using System.Text;
using CsCheck;
using Kippu.Alerts;
using Kippu.Wire;
using Xunit;

namespace Kippu.Tests.Wire;

public sealed class ProtocolNameListTests
{
    [Fact]
    public void It_holds_the_names_it_was_made_of_in_order() => Gen.Byte.Array[1, 255].Array[1, 8].Sample(names =>
    {
        var list = ProtocolNameList.Of(names.Select(name => new SslApplicationProtocol(name)));

        Assert.Equal(names.Length, list.Count);
        Assert.Equal(names, Names(list));
        Assert.Equal(names, Names(ProtocolNameList.Parse(list.Raw.ToArray())));
        Assert.All(names, name => Assert.True(list.Contains(name)));
    });

    [Fact]
    public void A_name_is_found_whole_and_with_its_case()
    {
        var list = ProtocolNameList.Of([SslApplicationProtocol.Http2, SslApplicationProtocol.Http11]);

        Assert.True(list.Contains("h2"u8));
        Assert.True(list.Contains("http/1.1"u8));
        Assert.False(list.Contains("H2"u8));
        Assert.False(list.Contains("http/1"u8));
        Assert.False(list.Contains(""u8));
    }

    [Fact]
    public void It_is_written_as_RFC_7301_shows() =>
        Assert.Equal("0268320868747470" + "2F312E31", Convert.ToHexString(ProtocolNameList.Of([SslApplicationProtocol.Http2, SslApplicationProtocol.Http11]).Raw));

    [Theory]
    [InlineData("")] // none
    [InlineData("00")] // an empty name
    [InlineData("0161" + "00" + "0162")] // an empty name between others
    [InlineData("0261")] // a truncated name
    [InlineData("0161" + "FF")] // a truncated second name
    public void Empty_and_truncated_names_are_malformed(string hex)
    {
        var fault = Assert.Throws<TlsFaultException>(() => ProtocolNameList.Parse(Convert.FromHexString(hex)));

        Assert.Equal(TlsFault.MalformedMessage, fault.Fault);
    }

    [Fact]
    public void We_offer_neither_nothing_nor_a_nameless_protocol()
    {
        Assert.Throws<ArgumentException>(() => ProtocolNameList.Of([]));
        Assert.Throws<ArgumentException>(() => ProtocolNameList.Of([default]));
    }

    [Fact]
    public void The_default_holds_nothing()
    {
        ProtocolNameList list = default;

        Assert.Equal(0, list.Count);
        Assert.Empty(Names(list));
        Assert.False(list.Contains(Encoding.ASCII.GetBytes("h2")));
    }

    private static List<byte[]> Names(ProtocolNameList list)
    {
        var names = new List<byte[]>();
        foreach (var name in list)
        {
            names.Add(name.ToArray());
        }

        return names;
    }
}
