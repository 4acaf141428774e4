using Kippu.Wire.Messages;
using Xunit;

namespace Kippu.Tests.Wire.Messages;

/// <summary>Values of well-formed messages of TLS 1.3 that their fields may not have.</summary>
public sealed class ForbiddenValue13Tests
{
    private const string Scheme = "000D0004" + "00020403";

    [Theory]
    [InlineData("00", null)]
    [InlineData("01", null)]
    [InlineData("02", TlsFault.IllegalParameter)]
    [InlineData("FF", TlsFault.IllegalParameter)]
    [InlineData("", TlsFault.MalformedMessage)]
    [InlineData("0000", TlsFault.MalformedMessage)]
    public void RFC_8446_4_6_3_a_key_update_is_requested_or_not(string hex, TlsFault? fault) => FaultAssert.Throws(fault, () => KeyUpdate.Parse(Bytes(hex)));

    [Theory]
    [InlineData("", null)]
    [InlineData("00", TlsFault.MalformedMessage)]
    public void RFC_8446_4_5_EndOfEarlyData_is_empty(string hex, TlsFault? fault) => FaultAssert.Throws(fault, () => EndOfEarlyData.Parse(Bytes(hex)));

    [Theory]
    [InlineData("00" + "0008" + Scheme, null)]
    [InlineData("02ABCD" + "0008" + Scheme, null)]
    [InlineData("00" + "0000", TlsFault.MalformedMessage)] // extensions<2..>
    [InlineData("00" + "0004" + "0A0A0000", TlsFault.MissingExtension)]
    [InlineData("00" + "000C" + "0A0A0000" + Scheme, null)] // "Clients MUST ignore unrecognized extensions."
    [InlineData("00" + "0010" + Scheme + Scheme, TlsFault.DuplicateExtension)]
    [InlineData("00" + "000D" + "00050001" + "01" + Scheme, TlsFault.MalformedMessage)] // an empty status_request only
    public void RFC_8446_4_3_2_a_request_names_signature_schemes(string hex, TlsFault? fault) =>
        FaultAssert.Throws(fault, () => CertificateRequest13.Parse(Bytes(hex)));

    [Theory]
    [InlineData("00" + "000000", null)]
    [InlineData("00" + "000006" + "000001" + "30" + "0000", null)]
    [InlineData("00" + "000005" + "000000" + "0000", TlsFault.MalformedMessage)] // cert_data<1..>
    [InlineData("00" + "000004" + "000001" + "30", TlsFault.MalformedMessage)] // no extensions
    [InlineData("00" + "00000A" + "000001" + "30" + "0004" + "0A0A0000", null)] // judged by the handshake
    [InlineData("00" + "00000F" + "000001" + "30" + "0009" + "00050005" + "0100000130", null)]
    [InlineData("00" + "00000F" + "000001" + "30" + "0009" + "00050005" + "0200000130", TlsFault.IllegalParameter)] // not OCSP
    [InlineData("00" + "00000E" + "000001" + "30" + "0008" + "00050004" + "01000000", TlsFault.MalformedMessage)] // an empty response
    [InlineData("00" + "00000A" + "000001" + "30" + "0004" + "00120000", TlsFault.MalformedMessage)] // timestamps without a list
    [InlineData("00" + "00000C" + "000001" + "30" + "0006" + "00120002" + "0000", TlsFault.MalformedMessage)] // an empty list
    [InlineData("00" + "00000E" + "000001" + "30" + "0008" + "00120004" + "00020000", TlsFault.MalformedMessage)] // an empty timestamp
    [InlineData("00" + "00000F" + "000001" + "30" + "0009" + "00120005" + "0003000130", null)]
    [InlineData("00" + "00000E" + "000001" + "30" + "0008" + "0A0A0000" + "0A0A0000", TlsFault.DuplicateExtension)]
    public void RFC_8446_4_4_2_a_certificate_has_its_extensions_beside_it(string hex, TlsFault? fault) =>
        FaultAssert.Throws(fault, () => CertificateMessage13.Parse(Bytes(hex)));

    [Theory]
    [InlineData("00000000" + "00000000" + "00" + "0001" + "54" + "0000", null)] // to be discarded at once, but well formed
    [InlineData("FFFFFFFF" + "00000000" + "00" + "0001" + "54" + "0000", null)] // more than a week: the client caps it
    [InlineData("00000001" + "00000000" + "00" + "0000" + "0000", TlsFault.MalformedMessage)] // ticket<1..>
    [InlineData("00000001" + "00000000" + "00" + "0001" + "54" + "0008" + "002A0004" + "00004000", null)]
    [InlineData("00000001" + "00000000" + "00" + "0001" + "54" + "0004" + "002A0000", TlsFault.MalformedMessage)] // no max_early_data_size
    [InlineData("00000001" + "00000000" + "00" + "0001" + "54" + "0004" + "0A0A0000", null)] // "Clients MUST ignore unrecognized extensions."
    [InlineData("00000001" + "00000000" + "00" + "0001" + "54" + "0008" + "0A0A0000" + "0A0A0000", TlsFault.DuplicateExtension)]
    public void RFC_8446_4_6_1_a_ticket_is_not_empty(string hex, TlsFault? fault) => FaultAssert.Throws(fault, () => NewSessionTicket13.Parse(Bytes(hex)));

    [Theory]
    [InlineData("0000", null)]
    [InlineData("0008" + "0A0A0000" + "0A0A0000", TlsFault.DuplicateExtension)]
    [InlineData("0005" + "00000001" + "00", TlsFault.MalformedMessage)] // server_name is acknowledged with nothing
    [InlineData("0006" + "001C0002" + "003F", TlsFault.IllegalParameter)] // record_size_limit below 64
    [InlineData("0005" + "003A0001" + "02", null)]
    [InlineData("0006" + "003A0002" + "0201", TlsFault.MalformedMessage)] // ticket_request has one count here
    [InlineData("000D" + "00100009" + "0007" + "026832" + "03616263", TlsFault.MalformedMessage)] // two protocols
    [InlineData("0005" + "002A0001" + "00", TlsFault.MalformedMessage)]
    public void RFC_8446_4_3_1_the_encrypted_extensions_are_those_of_the_RFCs(string hex, TlsFault? fault) =>
        FaultAssert.Throws(fault, () => EncryptedExtensions.Parse(Bytes(hex)));

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex);
}
