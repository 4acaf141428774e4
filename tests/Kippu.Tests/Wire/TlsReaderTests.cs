using CsCheck;
using Kippu.Alerts;
using Kippu.Wire;
using Xunit;

namespace Kippu.Tests.Wire;

public sealed class TlsReaderTests
{
    [Fact]
    public void Numbers_are_big_endian()
    {
        var reader = new TlsReader([0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0A]);

        Assert.Equal(0x01, reader.ReadUInt8("a"));
        Assert.Equal(0x0203, reader.ReadUInt16("b"));
        Assert.Equal(0x040506, reader.ReadUInt24("c"));
        Assert.Equal(0x0708090Au, reader.ReadUInt32("d"));
        Assert.True(reader.IsEmpty);
        reader.ExpectEnd("all");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_vector_may_have_any_length_within_its_bounds_and_no_other(int width)
    {
        for (var length = 0; length < 8; length++)
        {
            var data = new byte[width + length];
            data[width - 1] = (byte)length;
            if (length is >= 2 and <= 5)
            {
                Assert.Equal(length, ReadVector(data, width, 2, 5));
            }
            else
            {
                var fault = Assert.Throws<TlsFaultException>(() => ReadVector(data, width, 2, 5));
                Assert.Equal(TlsFault.MalformedMessage, fault.Fault);
                Assert.Contains("session_id", fault.Message, StringComparison.Ordinal);
                Assert.Contains("2..5", fault.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_vector_that_claims_more_than_there_is_names_its_field()
    {
        var fault = Assert.Throws<TlsFaultException>(() => new TlsReader([0x00, 0x05, 1, 2, 3]).ReadVector16("ticket"));

        Assert.Equal(TlsFault.MalformedMessage, fault.Fault);
        Assert.Equal("ticket: 5 bytes expected, 3 left", fault.Message);
    }

    [Fact]
    public void Bytes_behind_the_end_are_a_fault()
    {
        var fault = Assert.Throws<TlsFaultException>(() => new TlsReader([1, 2]).ExpectEnd("Finished"));

        Assert.Equal(TlsFault.MalformedMessage, fault.Fault);
        Assert.Equal("Finished: 2 bytes too many", fault.Message);
    }

    [Fact]
    public void No_sequence_of_reads_runs_over_the_end() => Gen.Select(Gen.Byte.Array[0, 40], Gen.Int[0, 8].Array[1, 12]).Sample((data, reads) =>
    {
        var reader = new TlsReader(data);
        var taken = 0;
        try
        {
            foreach (var read in reads)
            {
                taken += Read(ref reader, read);
                Assert.Equal(data.Length, taken + reader.Remaining);
            }
        }
        catch (TlsFaultException fault)
        {
            Assert.Equal(TlsFault.MalformedMessage, fault.Fault);
        }
    });

    [Fact]
    public void Memory_and_span_are_read_alike() => Gen.Byte.Array[0, 40].Sample(data =>
    {
        var spans = new TlsReader(data);
        var memories = new MemoryReader(data);
        try
        {
            Assert.Equal(spans.ReadUInt16("a"), memories.ReadUInt16("a"));
            Assert.Equal(spans.ReadVector8("b").ToArray(), memories.ReadVector8("b").ToArray());
            Assert.Equal(spans.ReadBytes(3, "c").ToArray(), memories.ReadBytes(3, "c").ToArray());
            Assert.Equal(spans.ReadVector16("d", max: 9).ToArray(), memories.ReadVector16("d", max: 9).ToArray());
            Assert.Equal(data.Length - spans.Remaining, memories.Position);
            memories.ExpectEnd("e");
            Assert.True(spans.IsEmpty && memories.IsEmpty);
        }
        catch (TlsFaultException fault)
        {
            Assert.Equal(TlsFault.MalformedMessage, fault.Fault);
        }
    });

    private static int ReadVector(byte[] data, int width, int min, int max)
    {
        var reader = new TlsReader(data);
        var vector = width switch
        {
            1 => reader.ReadVector8("session_id", min, max),
            2 => reader.ReadVector16("session_id", min, max),
            _ => reader.ReadVector24("session_id", min, max),
        };
        reader.ExpectEnd("vector");
        return vector.Length;
    }

    private static int Read(ref TlsReader reader, int what)
    {
        var before = reader.Remaining;
        switch (what)
        {
            case 0: reader.ReadUInt8("f"); break;
            case 1: reader.ReadUInt16("f"); break;
            case 2: reader.ReadUInt24("f"); break;
            case 3: reader.ReadUInt32("f"); break;
            case 4: reader.ReadBytes(5, "f"); break;
            case 5: reader.ReadVector8("f"); break;
            case 6: reader.ReadVector16("f"); break;
            default: reader.ReadVector24("f"); break;
        }

        return before - reader.Remaining;
    }
}
