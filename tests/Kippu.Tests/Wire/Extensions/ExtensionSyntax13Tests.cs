using Kippu.Tests.Wire.Messages;
using Kippu.Wire.Messages;
using Xunit;

namespace Kippu.Tests.Wire.Extensions;

/// <summary>What the data of each extension of TLS 1.3 in a ClientHello may be, and what not.</summary>
public sealed class ExtensionSyntax13Tests
{
    [Theory]
    // psk_key_exchange_modes
    [InlineData(45, "0101", null)]
    [InlineData(45, "020001", null)]
    [InlineData(45, "00", PeerFault.MalformedMessage)]
    [InlineData(45, "0201", PeerFault.MalformedMessage)]
    [InlineData(45, "010100", PeerFault.MalformedMessage)]
    // early_data
    [InlineData(42, "", null)]
    [InlineData(42, "00", PeerFault.MalformedMessage)]
    [InlineData(42, "00004000", PeerFault.MalformedMessage)] // that of a ticket
    // cookie
    [InlineData(44, "000163", null)]
    [InlineData(44, "0000", PeerFault.MalformedMessage)]
    [InlineData(44, "00026300", null)]
    [InlineData(44, "00016300", PeerFault.MalformedMessage)]
    // certificate_authorities
    [InlineData(47, "0003000130", null)]
    [InlineData(47, "00060001300001" + "31", null)]
    [InlineData(47, "0000", PeerFault.MalformedMessage)]
    [InlineData(47, "00020000", PeerFault.MalformedMessage)]
    [InlineData(47, "0003000230", PeerFault.MalformedMessage)]
    [InlineData(47, "000300013000", PeerFault.MalformedMessage)]
    // signed_certificate_timestamp
    [InlineData(18, "", null)]
    [InlineData(18, "00", PeerFault.MalformedMessage)]
    // ticket_request
    [InlineData(58, "0201", null)]
    [InlineData(58, "0000", null)]
    [InlineData(58, "02", PeerFault.MalformedMessage)]
    [InlineData(58, "020100", PeerFault.MalformedMessage)]
    public void Extension_data_is_what_the_RFC_says_or_a_fault(int type, string data, PeerFault? fault) =>
        FaultAssert.Throws(fault, () => ClientHello.Parse(SampleHellos.ClientWith((type, data))));

    [Theory]
    [InlineData("0001", null)]
    [InlineData("", PeerFault.MalformedMessage)]
    [InlineData("000100", PeerFault.MalformedMessage)]
    public void The_server_selects_one_identity(string data, PeerFault? fault) =>
        FaultAssert.Throws(fault, () => ServerHello.Parse(SampleHellos.ServerWith((43, "0304"), (41, data))));
}
