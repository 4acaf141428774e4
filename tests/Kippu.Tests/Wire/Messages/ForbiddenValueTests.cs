using Kippu.Wire.Messages;
using Xunit;

namespace Kippu.Tests.Wire.Messages;

/// <summary>Values of well-formed messages that their fields may not have.</summary>
public sealed class ForbiddenValueTests
{
    [Theory]
    [InlineData("01")] // explicit_prime
    [InlineData("02")] // explicit_char2
    [InlineData("00")]
    [InlineData("F8")]
    public void RFC_8422_5_4_a_curve_is_named(string curveType) =>
        FaultAssert.Throws(TlsFault.IllegalParameter, () => ServerKeyExchange.Parse(Convert.FromHexString(curveType + "001D" + "0109" + "0403" + "000105")));

    [Fact]
    public void A_key_exchange_brings_a_key()
    {
        FaultAssert.Throws(TlsFault.MalformedMessage, () => ServerKeyExchange.Parse(Convert.FromHexString("03" + "001D" + "00" + "0403" + "000105")));
        FaultAssert.Throws(TlsFault.MalformedMessage, () => ClientKeyExchange.Parse(Convert.FromHexString("00")));
    }

    [Theory]
    [InlineData("00")]
    [InlineData("02")]
    public void RFC_6066_8_a_status_is_OCSP(string type) =>
        FaultAssert.Throws(TlsFault.IllegalParameter, () => CertificateStatus.Parse(Convert.FromHexString(type + "000001" + "30")));

    [Fact]
    public void RFC_6066_8_an_OCSP_response_is_not_empty() =>
        FaultAssert.Throws(TlsFault.MalformedMessage, () => CertificateStatus.Parse(Convert.FromHexString("01" + "000000")));

    [Fact]
    public void RFC_5246_7_4_6_a_client_may_have_no_certificate_but_no_certificate_is_empty()
    {
        Assert.Empty(CertificateMessage12.Parse(Convert.FromHexString("000000")).Certificates);
        FaultAssert.Throws(TlsFault.MalformedMessage, () => CertificateMessage12.Parse(Convert.FromHexString("000003" + "000000")));
        FaultAssert.Throws(TlsFault.MalformedMessage, () => CertificateMessage12.Parse(Convert.FromHexString("000007" + "00000130" + "000000")));
    }

    [Theory]
    [InlineData("00" + "00020403" + "0000")] // no types
    [InlineData("0101" + "0000" + "0000")] // no schemes
    [InlineData("0101" + "0003040304" + "0000")] // half a scheme
    [InlineData("0101" + "00020403" + "00020000")] // a nameless authority
    public void RFC_5246_7_4_4_a_request_says_what_it_wants(string hex) =>
        FaultAssert.Throws(TlsFault.MalformedMessage, () => CertificateRequest12.Parse(Convert.FromHexString(hex)));

    [Fact]
    public void RFC_5077_3_3_a_ticket_may_be_empty_and_its_lifetime_unspecified()
    {
        var message = NewSessionTicket12.Parse(Convert.FromHexString("00000000" + "0000"));

        Assert.Equal(0u, message.LifetimeHint);
        Assert.True(message.Ticket.IsEmpty);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    [InlineData(13)]
    [InlineData(36)]
    public void RFC_5246_7_4_9_verify_data_is_12_bytes(int length) => FaultAssert.Throws(TlsFault.MalformedMessage, () => Finished.Parse(new byte[length]));

    [Theory]
    [InlineData("0100", null)]
    [InlineData("0228", null)]
    [InlineData("02FF", null)] // a description that nobody has defined is for the connection to judge
    [InlineData("", TlsFault.MalformedMessage)]
    [InlineData("02", TlsFault.MalformedMessage)]
    [InlineData("010001", TlsFault.MalformedMessage)]
    [InlineData("01000100", TlsFault.MalformedMessage)]
    [InlineData("0028", TlsFault.IllegalParameter)]
    [InlineData("0328", TlsFault.IllegalParameter)]
    public void An_alert_is_a_level_and_a_description(string hex, TlsFault? fault) =>
        FaultAssert.Throws(fault, () => AlertMessage.Parse(Convert.FromHexString(hex)));

    [Theory]
    [InlineData("01", null)]
    [InlineData("", TlsFault.MalformedMessage)]
    [InlineData("0101", TlsFault.MalformedMessage)]
    [InlineData("00", TlsFault.IllegalParameter)]
    [InlineData("02", TlsFault.IllegalParameter)]
    public void ChangeCipherSpec_is_one_byte(string hex, TlsFault? fault) =>
        FaultAssert.Throws(fault, () => ChangeCipherSpec.Parse(Convert.FromHexString(hex)));

    [Fact]
    public void Ours_is_that_byte() => ChangeCipherSpec.Parse(ChangeCipherSpec.Bytes);
}
