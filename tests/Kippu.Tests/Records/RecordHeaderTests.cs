using System.Text;
using Kippu.Alerts;
using Kippu.Records;
using Kippu.Wire;
using Xunit;

namespace Kippu.Tests.Records;

public sealed class RecordHeaderTests
{
    [Fact]
    public void Five_bytes_are_type_version_and_length()
    {
        Assert.True(RecordHeader.TryParse([22, 3, 1, 0x12, 0x34, 0xFF], out var header));

        Assert.Equal(ContentType.Handshake, header.Type);
        Assert.Equal(0x0301, header.Version);
        Assert.Equal(0x1234, header.Length);
    }

    [Fact]
    public void Fewer_bytes_are_no_header_yet()
    {
        for (var length = 0; length < 5; length++)
        {
            Assert.False(RecordHeader.TryParse(new byte[] { 22, 3, 3, 0, 1 }.AsSpan(0, length), out _));
        }
    }

    [Fact]
    public void What_was_written_is_parsed()
    {
        var bytes = new byte[5];
        foreach (var type in Enum.GetValues<ContentType>())
        {
            new RecordHeader(type, 0x0303, RecordLimits.MaxCiphertext12).Write(bytes);
            Assert.True(RecordHeader.TryParse(bytes, out var header));
            Assert.Equal((type, (ushort)0x0303, RecordLimits.MaxCiphertext12), (header.Type, header.Version, header.Length));
        }
    }

    [Fact]
    public void The_longest_fragment_has_2_to_the_14_and_2048_bytes()
    {
        Assert.True(RecordHeader.TryParse([23, 3, 3, 0x48, 0x00], out var header));
        Assert.Equal(RecordLimits.MaxCiphertext12, header.Length);
        AssertFault(TlsFault.RecordOverflow, [23, 3, 3, 0x48, 0x01]);
        AssertFault(TlsFault.RecordOverflow, [23, 3, 3, 0xFF, 0xFF]);
    }

    [Fact]
    public void Only_four_types_are_known()
    {
        for (var type = 0; type < 256; type++)
        {
            byte[] bytes = [(byte)type, 3, 3, 0, 1];
            if (type is >= 20 and <= 23)
            {
                Assert.True(RecordHeader.TryParse(bytes, out _));
            }
            else
            {
                AssertFault(TlsFault.UnexpectedRecord, bytes);
            }
        }
    }

    [Theory]
    [InlineData(2, 3)]
    [InlineData(4, 0)]
    [InlineData(0, 3)]
    [InlineData(254, 253)]
    public void The_version_is_three_point_something(byte major, byte minor) => AssertFault(TlsFault.RecordVersion, [22, major, minor, 0, 1]);

    [Theory]
    [InlineData("GET / HTTP/1.1", "HTTP request")]
    [InlineData("POST /x", "HTTP request")]
    [InlineData("HEAD /", "HTTP request")]
    [InlineData("PUT /x", "HTTP request")]
    [InlineData("DELETE /x", "HTTP request")]
    [InlineData("OPTIONS *", "HTTP request")]
    [InlineData("PATCH /", "HTTP request")]
    [InlineData("TRACE /", "HTTP request")]
    [InlineData("CONNECT a:1", "proxy request")]
    [InlineData("PRI * HTTP/2.0", "HTTP/2")]
    [InlineData("HTTP/1.1 400", "HTTP response")]
    [InlineData("PROXY TCP4", "PROXY protocol")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n", "PROXY protocol")]
    [InlineData("SSH-2.0-x", "SSH")]
    [InlineData("220 mail ESMTP", "SMTP")]
    public void What_is_not_TLS_is_called_by_its_name(string text, string name)
    {
        var fault = AssertFault(TlsFault.NotTls, Encoding.ASCII.GetBytes(text));

        Assert.Contains(name, fault.Message, StringComparison.Ordinal);
        Assert.Contains("TLS on this port", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_SSLv2_hello_is_called_by_its_name() =>
        Assert.Contains("SSLv2", AssertFault(TlsFault.NotTls, [0x80, 0x2E, 1, 3, 1]).Message, StringComparison.Ordinal);

    private static TlsFaultException AssertFault(TlsFault fault, byte[] bytes)
    {
        var thrown = Assert.Throws<TlsFaultException>(() => RecordHeader.TryParse(bytes, out _));
        Assert.Equal(fault, thrown.Fault);
        return thrown;
    }
}
