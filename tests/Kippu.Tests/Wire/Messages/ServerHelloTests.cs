using Kippu.Wire.Messages;
using Xunit;

namespace Kippu.Tests.Wire.Messages;

public sealed class ServerHelloTests
{
    [Fact]
    public void The_answer_of_OpenSSL_is_understood()
    {
        var hello = ServerHello.Parse(SampleHellos.OpenSslServer);

        Assert.Equal(0x0303, hello.Version);
        Assert.StartsWith("17EF022D", Convert.ToHexString(hello.Random.Span), StringComparison.Ordinal);
        Assert.Equal(32, hello.SessionId.Length);
        Assert.Equal(0xC02C, hello.CipherSuite);
        Assert.Equal(0, hello.CompressionMethod);
        Assert.Equal(0, hello.RenegotiationInfo!.Value.Length);
        Assert.True(hello.ExtendedMasterSecret);
        Assert.False(hello.SessionTicket);
        Assert.False(hello.ServerName);
        Assert.Null(hello.ApplicationProtocol);
        Assert.Equal("FF010017", Convert.ToHexString(hello.ExtensionTypes.Raw));
    }

    [Fact]
    public void Without_extensions_there_is_no_vector_of_them() => Assert.Equal(2 + 32 + 1 + 2 + 1, MessageSample.Write(SampleHellos.BareServer).Length);

    [Fact]
    public void Extensions_that_nobody_asked_for_are_left_to_the_handshake_to_see()
    {
        var hello = ServerHello.Parse(SampleHellos.ServerWith((0x0A0A, "01"), (51, "001D0000")));

        Assert.Equal("0A0A0033", Convert.ToHexString(hello.ExtensionTypes.Raw));
    }

    [Fact]
    public void RFC_5077_3_2_the_promise_of_a_ticket_is_empty()
    {
        Assert.True(ServerHello.Parse(SampleHellos.ServerWith((35, ""))).SessionTicket);
        FaultAssert.Throws(TlsFault.MalformedMessage, () => ServerHello.Parse(SampleHellos.ServerWith((35, "00"))));
    }

    [Theory]
    [InlineData(0)] // server_name
    [InlineData(5)] // status_request
    [InlineData(23)] // extended_master_secret
    public void Acknowledgements_are_empty(int type)
    {
        FaultAssert.Throws(null, () => ServerHello.Parse(SampleHellos.ServerWith((type, ""))));
        FaultAssert.Throws(TlsFault.MalformedMessage, () => ServerHello.Parse(SampleHellos.ServerWith((type, "00"))));
    }

    [Theory]
    [InlineData("0003" + "026832", true)]
    [InlineData("0006" + "026832" + "026833", false)]
    [InlineData("0001" + "00", false)]
    [InlineData("0000", false)]
    [InlineData("", false)]
    [InlineData("0003" + "026832" + "00", false)]
    public void RFC_7301_3_1_the_server_chooses_exactly_one_protocol(string data, bool legal) =>
        FaultAssert.Throws(legal ? null : TlsFault.MalformedMessage, () => ServerHello.Parse(SampleHellos.ServerWith((16, data))));

    [Fact]
    public void Only_the_compression_method_that_we_offer_can_be_chosen()
    {
        var body = MessageSample.Write(SampleHellos.BareServer);
        body[^1] = 1;

        FaultAssert.Throws(TlsFault.IllegalParameter, () => ServerHello.Parse(body));
    }

    [Theory]
    [InlineData("0100", null)]
    [InlineData("020100", null)]
    [InlineData("0101", TlsFault.IllegalParameter)]
    [InlineData("00", TlsFault.MalformedMessage)]
    public void RFC_8422_5_2_uncompressed_is_among_the_point_formats(string data, TlsFault? fault) =>
        FaultAssert.Throws(fault, () => ServerHello.Parse(SampleHellos.ServerWith((11, data))));

    [Fact]
    public void A_session_ID_has_at_most_32_bytes()
    {
        var bare = MessageSample.Write(SampleHellos.BareServer);
        byte[] body = [.. bare[..34], 33, .. new byte[33], .. bare[35..]];

        FaultAssert.Throws(TlsFault.MalformedMessage, () => ServerHello.Parse(body));
    }
}
