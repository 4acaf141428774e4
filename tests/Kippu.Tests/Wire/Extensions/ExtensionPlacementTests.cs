using Kippu.Tests.Wire.Messages;
using Kippu.Wire;
using Kippu.Wire.Extensions;
using Kippu.Wire.Messages;
using Xunit;

namespace Kippu.Tests.Wire.Extensions;

/// <summary>The table of RFC 8446 §4.2, written down a second time, against what the parsers of the messages do.</summary>
public sealed class ExtensionPlacementTests
{
    /// <summary>The abbreviations are those of the RFC; S12 is a ServerHello of TLS 1.2.</summary>
    private static readonly Dictionary<int, string> s_table = new()
    {
        [0] = "CH EE S12", // server_name
        [5] = "CH CR CT S12", // status_request
        [10] = "CH EE S12", // supported_groups
        [11] = "CH S12", // ec_point_formats
        [13] = "CH CR", // signature_algorithms
        [16] = "CH EE S12", // application_layer_protocol_negotiation
        [18] = "CH CR CT S12", // signed_certificate_timestamp
        [21] = "CH", // padding
        [23] = "CH S12", // extended_master_secret
        [28] = "CH EE S12", // record_size_limit
        [35] = "CH S12", // session_ticket
        [41] = "CH SH", // pre_shared_key
        [42] = "CH EE NST", // early_data
        [43] = "CH SH HRR", // supported_versions
        [44] = "CH HRR", // cookie
        [45] = "CH", // psk_key_exchange_modes
        [47] = "CH CR", // certificate_authorities
        [50] = "CH CR", // signature_algorithms_cert
        [51] = "CH SH HRR", // key_share
        [58] = "CH EE", // ticket_request
        [0xFF01] = "CH S12", // renegotiation_info
    };

    public static TheoryData<int> Types => [.. Enum.GetValues<ExtensionType>().Select(type => (int)type), 0xABCD];

    [Theory]
    [MemberData(nameof(Types))]
    public void An_extension_out_of_place_is_illegal(int type)
    {
        var places = type == 0xABCD ? "CH SH HRR EE CR CT NST S12" : s_table[type];
        Check(places, "SH", () => ServerHello.Parse(SampleHellos.ServerWith(Beside((43, "0304"), type))));
        Check(places, "HRR", () => HelloRetryRequest.Parse(SampleHellos.RetryWith((0xFAFA, "00000000"), (type, ""))));
        Check(places, "EE", () => EncryptedExtensions.Parse(SampleHellos.With([], [(type, "")])));
        Check(places, "CR", () => CertificateRequest13.Parse(SampleHellos.With([0], Beside((13, "00020403"), type))));
        Check(places, "CT", () => CertificateMessage13.Parse(InEntry(type)));
        Check(places, "NST", () => NewSessionTicket13.Parse(SampleHellos.With([0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0x54], [(type, "")])));
        Check(places, "S12", () => ExtensionPlacement.Insist((ExtensionType)type, ExtensionPlaces.ServerHello12));
    }

    [Fact]
    public void Every_type_that_is_known_has_a_place() =>
        Assert.Equal(Enum.GetValues<ExtensionType>().Select(type => (int)type).Order(), s_table.Keys.Order());

    [Fact]
    public void What_was_not_asked_for_is_unsolicited()
    {
        var block = SampleHellos.With([], [(16, "0003026832"), (0xABCD, "")]).AsMemory(2);

        FaultAssert.Throws(null, () => ExtensionReader.InsistOnOffered(block, UInt16List.Of(0xABCD, 0, 16)));
        FaultAssert.Throws(TlsFault.UnsolicitedExtension, () => ExtensionReader.InsistOnOffered(block, UInt16List.Of(0xABCD)));
        FaultAssert.Throws(TlsFault.UnsolicitedExtension, () => ExtensionReader.InsistOnOffered(block, UInt16List.Of(16)));
    }

    /// <summary>At its place the extension may still be malformed, since its data are empty here.</summary>
    private static void Check(string places, string place, Action parse)
    {
        var fault = (Record.Exception(parse) as Kippu.Alerts.TlsFaultException)?.Fault;
        if (places.Split(' ').Contains(place))
        {
            Assert.True(fault is null or TlsFault.MalformedMessage, $"{place}: {fault}");
        }
        else
        {
            Assert.True(fault == TlsFault.IllegalParameter, $"{place}: {fault?.ToString() ?? "no fault"}");
        }
    }

    private static (int Type, string Data)[] Beside((int Type, string Data) other, int type) => type == other.Type ? [other] : [other, (type, "")];

    private static byte[] InEntry(int type)
    {
        var entry = SampleHellos.With([0, 0, 1, 0x30], [(type, "")]);
        return [0, 0, 0, (byte)entry.Length, .. entry];
    }
}
