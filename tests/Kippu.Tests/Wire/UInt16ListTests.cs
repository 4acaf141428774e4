using CsCheck;
using Kippu.Alerts;
using Kippu.Wire;
using Xunit;

namespace Kippu.Tests.Wire;

public sealed class UInt16ListTests
{
    [Fact]
    public void It_holds_what_it_was_made_of_in_order() => Gen.UShort.Array[0, 40].Sample(values =>
    {
        var list = UInt16List.Of(values);

        Assert.Equal(values.Length, list.Count);
        Assert.Equal(values.Length == 0, list.IsEmpty);
        Assert.Equal(values.Length * 2, list.Raw.Length);
        Assert.Equal(values, Values(list));
        Assert.Equal(values, Enumerable.Range(0, list.Count).Select(i => list[i]));
        Assert.Equal(values, Values(new UInt16List(list.Raw.ToArray())));
    });

    [Fact]
    public void It_contains_its_values_and_no_others() => Gen.Select(Gen.UShort[0, 50].Array[0, 20], Gen.UShort[0, 50]).Sample((values, value) =>
        Assert.Equal(values.Contains(value), UInt16List.Of(values).Contains(value)));

    [Fact]
    public void A_value_is_found_only_on_its_own_boundary() => Assert.False(UInt16List.Of(0x0102, 0x0304).Contains(0x0203));

    [Fact]
    public void The_default_is_empty()
    {
        UInt16List list = default;

        Assert.True(list.IsEmpty);
        Assert.Empty(Values(list));
        Assert.False(list.Contains(0));
    }

    [Fact]
    public void An_odd_length_from_a_peer_is_a_fault_and_from_us_a_mistake()
    {
        var fault = Assert.Throws<TlsFaultException>(() => UInt16List.Parse(new byte[3], "cipher_suites"));

        Assert.Equal(TlsFault.MalformedMessage, fault.Fault);
        Assert.Contains("cipher_suites", fault.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new UInt16List(new byte[3]));
    }

    [Fact]
    public void There_is_no_value_outside()
    {
        var list = UInt16List.Of(1, 2);

        Assert.ThrowsAny<ArgumentException>(() => list[2]);
        Assert.ThrowsAny<ArgumentException>(() => list[-1]);
    }

    private static List<ushort> Values(UInt16List list)
    {
        var values = new List<ushort>();
        foreach (var value in list)
        {
            values.Add(value);
        }

        return values;
    }
}
