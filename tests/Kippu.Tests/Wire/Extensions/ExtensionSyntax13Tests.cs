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
    [InlineData(45, "00", TlsFault.MalformedMessage)]
    [InlineData(45, "0201", TlsFault.MalformedMessage)]
    [InlineData(45, "010100", TlsFault.MalformedMessage)]
    // early_data
    [InlineData(42, "", null)]
    [InlineData(42, "00", TlsFault.MalformedMessage)]
    [InlineData(42, "00004000", TlsFault.MalformedMessage)] // that of a ticket
    // cookie
    [InlineData(44, "000163", null)]
    [InlineData(44, "0000", TlsFault.MalformedMessage)]
    [InlineData(44, "00026300", null)]
    [InlineData(44, "00016300", TlsFault.MalformedMessage)]
    // certificate_authorities
    [InlineData(47, "0003000130", null)]
    [InlineData(47, "00060001300001" + "31", null)]
    [InlineData(47, "0000", TlsFault.MalformedMessage)]
    [InlineData(47, "00020000", TlsFault.MalformedMessage)]
    [InlineData(47, "0003000230", TlsFault.MalformedMessage)]
    [InlineData(47, "000300013000", TlsFault.MalformedMessage)]
    // signed_certificate_timestamp
    [InlineData(18, "", null)]
    [InlineData(18, "00", TlsFault.MalformedMessage)]
    // ticket_request
    [InlineData(58, "0201", null)]
    [InlineData(58, "0000", null)]
    [InlineData(58, "02", TlsFault.MalformedMessage)]
    [InlineData(58, "020100", TlsFault.MalformedMessage)]
    public void Extension_data_is_what_the_RFC_says_or_a_fault(int type, string data, TlsFault? fault) =>
        FaultAssert.Throws(fault, () => ClientHello.Parse(SampleHellos.ClientWith((type, data))));

    [Theory]
    [InlineData("0001", null)]
    [InlineData("", TlsFault.MalformedMessage)]
    [InlineData("000100", TlsFault.MalformedMessage)]
    public void The_server_selects_one_identity(string data, TlsFault? fault) =>
        FaultAssert.Throws(fault, () => ServerHello.Parse(SampleHellos.ServerWith((43, "0304"), (41, data))));
}
