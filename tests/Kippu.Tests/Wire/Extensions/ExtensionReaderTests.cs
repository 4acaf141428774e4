using System.Diagnostics;
using CsCheck;
using Kippu.Tests.Wire.Messages;
using Kippu.Wire.Extensions;
using Kippu.Wire.Messages;
using Xunit;

namespace Kippu.Tests.Wire.Extensions;

public sealed class ExtensionReaderTests
{
    [Theory]
    [InlineData(23, "")] // known, in the low numbers
    [InlineData(0xFF01, "00")] // known, outside them
    [InlineData(22, "")] // unknown, in the low numbers
    [InlineData(64, "")]
    [InlineData(17513, "00")] // unknown, outside them
    [InlineData(0x3A3A, "")] // GREASE: RFC 8701 §5 asks who sends it not to repeat a type
    [InlineData(0xFFFF, "")]
    public void An_extension_that_comes_twice_is_a_fault_in_either_hello(int type, string data)
    {
        FaultAssert.Throws(TlsFault.DuplicateExtension, () => ClientHello.Parse(SampleHellos.ClientWith((type, data), (type, data))));
        FaultAssert.Throws(TlsFault.DuplicateExtension, () => ClientHello.Parse(SampleHellos.ClientWith((type, data), (0xABCD, ""), (type, data))));
        FaultAssert.Throws(TlsFault.DuplicateExtension, () => ServerHello.Parse(SampleHellos.ServerWith((type, data), (0xABCD, ""), (type, data))));
    }

    [Fact]
    public void Every_extension_that_we_know_may_come_once_only() => Assert.All(
        ClientHello.Parse(MessageSample.Write(SampleHellos.Client)).ExtensionTypes.Raw.ToArray().Chunk(2).Select(pair => (pair[0] << 8) | pair[1]),
        type =>
        {
            var block = ClientHello.Parse(MessageSample.Write(SampleHellos.Client)).ExtensionBlock;
            byte[] again = [.. block.Span, (byte)(type >> 8), (byte)type, 0, 0];
            FaultAssert.Throws(TlsFault.DuplicateExtension, () => ExtensionReader.TypesIn(again));
        });

    [Fact]
    public void A_set_of_types_knows_what_it_has_seen() =>
        Gen.OneOf(Gen.Int[0, 80], Gen.Int[0, 0xFFFF]).Array[0, 60].Sample(types =>
        {
            var expected = new HashSet<int>();
            var set = new ExtensionTypeSet(stackalloc ushort[ExtensionTypeSet.ScratchLength]);
            foreach (var type in types)
            {
                Assert.Equal(expected.Add(type), set.TryAdd((ushort)type));
            }
        });

    [Fact]
    public void A_hello_of_sixteen_thousand_extensions_costs_no_more_than_its_length()
    {
        var types = Enumerable.Range(0, 16_000).Select(i => (i + 1000, "")).ToArray();
        var body = SampleHellos.ClientWith(types);
        var bodyWithDuplicate = SampleHellos.ClientWith([.. types, (1000, "")]);
        var started = Stopwatch.GetTimestamp();

        Assert.Equal(16_000, ClientHello.Parse(body).ExtensionTypes.Count);
        FaultAssert.Throws(TlsFault.DuplicateExtension, () => ClientHello.Parse(bodyWithDuplicate));
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData("00")] // half a type
    [InlineData("0017")] // no length
    [InlineData("001700")] // half a length
    [InlineData("0017" + "0001")] // no data
    [InlineData("0017" + "0000" + "FF")] // something behind
    public void A_block_that_does_not_add_up_is_malformed(string hex) =>
        FaultAssert.Throws(TlsFault.MalformedMessage, () => ExtensionReader.TypesIn(Convert.FromHexString(hex)));
}
