using Kippu.Tests.Wire.Messages;
using Kippu.Wire.Messages;
using Xunit;

namespace Kippu.Tests.Wire.Extensions;

/// <summary>What the data of each extension in a ClientHello may be, and what not.</summary>
public sealed class ExtensionSyntaxTests
{
    [Theory]
    // supported_groups
    [InlineData(10, "0002001D", null)]
    [InlineData(10, "0000", TlsFault.MalformedMessage)]
    [InlineData(10, "", TlsFault.MalformedMessage)]
    [InlineData(10, "0003001D00", TlsFault.MalformedMessage)]
    [InlineData(10, "0002001D00", TlsFault.MalformedMessage)]
    [InlineData(10, "0004001D", TlsFault.MalformedMessage)]
    // ec_point_formats
    [InlineData(11, "0100", null)]
    [InlineData(11, "00", TlsFault.MalformedMessage)]
    [InlineData(11, "010000", TlsFault.MalformedMessage)]
    // signature_algorithms and signature_algorithms_cert
    [InlineData(13, "00020403", null)]
    [InlineData(13, "0000", TlsFault.MalformedMessage)]
    [InlineData(13, "0003040305", TlsFault.MalformedMessage)]
    [InlineData(13, "0002040305", TlsFault.MalformedMessage)]
    [InlineData(50, "00020403", null)]
    [InlineData(50, "0000", TlsFault.MalformedMessage)]
    [InlineData(50, "0003040305", TlsFault.MalformedMessage)]
    // application_layer_protocol_negotiation
    [InlineData(16, "0003026832", null)]
    [InlineData(16, "0000", TlsFault.MalformedMessage)]
    [InlineData(16, "000100", TlsFault.MalformedMessage)]
    [InlineData(16, "000400026832", TlsFault.MalformedMessage)]
    [InlineData(16, "0003036832", TlsFault.MalformedMessage)]
    [InlineData(16, "000302683200", TlsFault.MalformedMessage)]
    // extended_master_secret
    [InlineData(23, "", null)]
    [InlineData(23, "00", TlsFault.MalformedMessage)]
    // record_size_limit: RFC 8449 §4 lets a server refuse small values, never large ones
    [InlineData(28, "0040", null)]
    [InlineData(28, "FFFF", null)]
    [InlineData(28, "003F", TlsFault.IllegalParameter)]
    [InlineData(28, "0000", TlsFault.IllegalParameter)]
    [InlineData(28, "40", TlsFault.MalformedMessage)]
    [InlineData(28, "004000", TlsFault.MalformedMessage)]
    // supported_versions
    [InlineData(43, "020303", null)]
    [InlineData(43, "00", TlsFault.MalformedMessage)]
    [InlineData(43, "03030304", TlsFault.MalformedMessage)]
    [InlineData(43, "02030304", TlsFault.MalformedMessage)]
    // renegotiation_info: its content is for the handshake to judge
    [InlineData(0xFF01, "00", null)]
    [InlineData(0xFF01, "0102", null)]
    [InlineData(0xFF01, "", TlsFault.MalformedMessage)]
    [InlineData(0xFF01, "01", TlsFault.MalformedMessage)]
    [InlineData(0xFF01, "0000", TlsFault.MalformedMessage)]
    // status_request
    [InlineData(5, "0100000000", null)]
    [InlineData(5, "01" + "0003000130" + "000130", null)]
    [InlineData(5, "02FF", null)]
    [InlineData(5, "", TlsFault.MalformedMessage)]
    [InlineData(5, "01", TlsFault.MalformedMessage)]
    [InlineData(5, "01" + "00020000" + "0000", TlsFault.MalformedMessage)]
    [InlineData(5, "010000000000", TlsFault.MalformedMessage)]
    // session_ticket: anything may be a ticket
    [InlineData(35, "", null)]
    [InlineData(35, "00", null)]
    public void Extension_data_is_what_the_RFC_says_or_a_fault(int type, string data, TlsFault? fault) =>
        FaultAssert.Throws(fault, () => ClientHello.Parse(SampleHellos.ClientWith((type, data))));

    [Theory]
    [InlineData("0100000000", true)]
    [InlineData("02FF", false)] // a type of status that nobody has defined asks for nothing
    public void RFC_6066_8_only_OCSP_is_a_request(string data, bool asked) =>
        Assert.Equal(asked, ClientHello.Parse(SampleHellos.ClientWith((5, data))).StatusRequest);

    [Theory]
    [InlineData("0304", null)]
    [InlineData("03", TlsFault.MalformedMessage)]
    [InlineData("020304", TlsFault.MalformedMessage)]
    public void The_server_selects_one_version(string data, TlsFault? fault) =>
        FaultAssert.Throws(fault, () => ServerHello.Parse(SampleHellos.ServerWith((43, data))));
}
