using CsCheck;
using Kippu.Wire;
using Xunit;

namespace Kippu.Tests.Wire;

public sealed class TlsWriterTests
{
    [Fact]
    public void Numbers_are_big_endian()
    {
        using var buffer = new WireBuffer();
        var writer = new TlsWriter(buffer);
        writer.WriteUInt8(0x01);
        writer.WriteUInt16(0x0203);
        writer.WriteUInt32(0x0708090A);
        writer.WriteUInt64(0xF1F2F3F4F5F6F7F8);

        Assert.Equal("0102030708090AF1F2F3F4F5F6F7F8", Convert.ToHexString(buffer.Written));
    }

    [Fact]
    public void A_vector_that_is_still_open_reads_as_the_longest_there_is()
    {
        using var buffer = new WireBuffer();
        var writer = new TlsWriter(buffer);
        using (writer.Vector24())
        using (writer.Vector16())
        using (writer.Vector8())
        {
            writer.WriteUInt8(7);
            Assert.Equal("FFFFFFFFFFFF07", Convert.ToHexString(buffer.Written));
        }

        Assert.Equal("00000400020107", Convert.ToHexString(buffer.Written));
    }

    [Theory]
    [InlineData(1, 0xFF)]
    [InlineData(2, 0xFFFF)]
    [InlineData(3, 0xFFFFFF)]
    public void A_vector_holds_as_much_as_its_length_can_say_and_no_byte_more(int width, int max)
    {
        Assert.Equal(max + width, Write(width, max));
        Assert.Throws<InvalidOperationException>(() => Write(width, max + 1));
    }

    [Fact]
    public void An_overflowing_vector_is_never_mistaken_for_a_whole_one()
    {
        using var buffer = new WireBuffer();

        Assert.Throws<InvalidOperationException>(() => new TlsWriter(buffer).WriteVector8(new byte[256]));
        Assert.Equal(0xFF, buffer.Written[0]);
    }

    [Fact]
    public void What_was_written_can_be_taken_back()
    {
        using var buffer = new WireBuffer();
        var writer = new TlsWriter(buffer);
        writer.WriteUInt8(1);
        var position = writer.Position;
        writer.WriteUInt16(0);
        writer.Truncate(position);

        Assert.Equal([1], buffer.Written.ToArray());
    }

    [Fact]
    public void The_reader_reads_what_the_writer_wrote() =>
        Gen.Select(Gen.Byte, Gen.UShort, Gen.UInt, Gen.ULong, Gen.Byte.Array[0, 255], Gen.Byte.Array[0, 300], Gen.Byte.Array[0, 300])
            .Sample((u8, u16, u32, u64, v8, v16, v24) =>
            {
                using var buffer = new WireBuffer(1);
                var writer = new TlsWriter(buffer);
                writer.WriteUInt8(u8);
                writer.WriteVector8(v8);
                writer.WriteUInt16(u16);
                writer.WriteVector16(v16);
                writer.WriteVector24(v24);
                writer.WriteUInt32(u32);
                writer.WriteUInt64(u64);

                var reader = new TlsReader(buffer.Written);
                Assert.Equal(u8, reader.ReadUInt8("u8"));
                Assert.Equal(v8, reader.ReadVector8("v8").ToArray());
                Assert.Equal(u16, reader.ReadUInt16("u16"));
                Assert.Equal(v16, reader.ReadVector16("v16").ToArray());
                Assert.Equal(v24, reader.ReadVector24("v24").ToArray());
                Assert.Equal(u32, reader.ReadUInt32("u32"));
                Assert.Equal(u64, ((ulong)reader.ReadUInt32("u64, high") << 32) | reader.ReadUInt32("u64, low"));
                reader.ExpectEnd("all");
            });

    private static int Write(int width, int length)
    {
        using var buffer = new WireBuffer();
        var writer = new TlsWriter(buffer);
        var content = new byte[length];
        switch (width)
        {
            case 1: writer.WriteVector8(content); break;
            case 2: writer.WriteVector16(content); break;
            default: writer.WriteVector24(content); break;
        }

        return buffer.Length;
    }
}
