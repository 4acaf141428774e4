using System.Text;
using Kippu.Tests.Wire.Messages;
using Kippu.Wire;
using Kippu.Wire.Extensions;
using Kippu.Wire.Messages;
using Xunit;

namespace Kippu.Tests.Wire.Extensions;

/// <summary>RFC 6066 §3.</summary>
public sealed class ServerNameExtensionTests
{
    [Theory]
    [InlineData("www.example.org")]
    [InlineData("localhost")]
    [InlineData("Example.ORG")] // kept as it was sent; comparing is another matter
    [InlineData("xn--bcher-kva.example")]
    [InlineData("a_b.example")]
    [InlineData("node1")]
    [InlineData("3com.com")]
    [InlineData("1.2.3.4.in-addr.arpa")]
    public void A_host_name_is_kept_exactly_as_it_was_sent(string name) => Assert.Equal(name, Read(List((0, name))));

    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("127.1")]
    [InlineData("::1")]
    [InlineData("2001:db8::53")]
    [InlineData("[2001:db8::53]")]
    [InlineData("www.example.org:443")]
    public void Literal_addresses_are_not_permitted(string name) => FaultAssert.Throws(TlsFault.IllegalParameter, () => Read(List((0, name))));

    [Theory]
    [InlineData("example.org.")]
    [InlineData(".")]
    public void There_is_no_trailing_dot(string name) => FaultAssert.Throws(TlsFault.IllegalParameter, () => Read(List((0, name))));

    [Theory]
    [InlineData("exa\0mple.org")]
    [InlineData("example.org\0")]
    [InlineData("exämple.org")]
    [InlineData("two names")]
    [InlineData("example.org\n")]
    [InlineData("\u001b[31mred")]
    public void A_host_name_is_printable_ASCII(string name) => FaultAssert.Throws(TlsFault.MalformedMessage, () => Read(List((0, name))));

    [Fact]
    public void A_host_name_is_no_longer_than_a_name_of_the_DNS()
    {
        Assert.Equal(255, Read(List((0, new string('a', 255))))!.Length);
        FaultAssert.Throws(TlsFault.IllegalParameter, () => Read(List((0, new string('a', 256)))));
    }

    [Fact]
    public void There_is_one_host_name_at_most() => FaultAssert.Throws(TlsFault.IllegalParameter, () => Read(List((0, "a.example"), (0, "a.example"))));

    [Fact]
    public void Names_of_other_types_are_stepped_over()
    {
        Assert.Equal("a.example", Read(List((7, "??"), (0, "a.example"), (9, ""))));
        Assert.Null(Read(List((7, "??"))));
    }

    [Theory]
    [InlineData("")] // no list
    [InlineData("0000")] // an empty list
    [InlineData("0003" + "00" + "0000")] // an empty name
    [InlineData("0004" + "00" + "0002" + "61")] // a truncated name
    [InlineData("0004" + "00" + "0001" + "61" + "00")] // a byte behind the list
    [InlineData("0005" + "00" + "0001" + "61" + "07")] // half a name behind the name
    public void A_list_that_does_not_add_up_is_malformed(string hex) =>
        FaultAssert.Throws(TlsFault.MalformedMessage, () => Read(Convert.FromHexString(hex)));

    [Fact]
    public void It_is_written_as_the_RFC_shows()
    {
        using var buffer = new WireBuffer();
        ServerNameExtension.Write(new TlsWriter(buffer), "localhost");

        Assert.Equal("0000" + "000E" + "000C" + "00" + "0009" + "6C6F63616C686F7374", Convert.ToHexString(buffer.Written));
    }

    [Fact]
    public void The_server_acknowledges_with_nothing()
    {
        Assert.True(ServerHello.Parse(SampleHellos.ServerWith((0, ""))).ServerName);
        FaultAssert.Throws(TlsFault.MalformedMessage, () => ServerHello.Parse(SampleHellos.ServerWith((0, "0000"))));
    }

    private static string? Read(byte[] data) => ServerNameExtension.Read(data);

    private static byte[] List(params (byte Type, string Name)[] names)
    {
        using var buffer = new WireBuffer();
        var writer = new TlsWriter(buffer);
        using (writer.Vector16())
        {
            foreach (var (type, name) in names)
            {
                writer.WriteUInt8(type);
                writer.WriteVector16(Encoding.Latin1.GetBytes(name));
            }
        }

        return buffer.Written.ToArray();
    }
}
