using Kippu.Diagnostics;
using Kippu.Tests.Wire.Messages;
using Kippu.Wire;
using Kippu.Wire.Messages;
using Xunit;

namespace Kippu.Tests.Diagnostics;

public sealed class MessageFieldsTests
{
    [Fact]
    public void A_ClientHello_is_told_by_the_names_of_the_RFCs()
    {
        var fields = MessageFields.Describe(HandshakeType.ClientHello, SampleHellos.OpenSslClient);

        Assert.Equal("TLS 1.2", Value(fields, "client_version"));
        Assert.StartsWith("d6bad0ae358f509d", Value(fields, "random"), StringComparison.Ordinal);
        Assert.Equal("32 bytes: f170a20005be0cedea0101bb7cf8d19d3e2d5c0057837a1280b7321656a2cccc", Value(fields, "session_id"));
        Assert.StartsWith("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, TLS_ECDHE_RSA_", Value(fields, "cipher_suites"), StringComparison.Ordinal);
        Assert.EndsWith(", TLS_EMPTY_RENEGOTIATION_INFO_SCSV", Value(fields, "cipher_suites"), StringComparison.Ordinal);
        Assert.Equal("null", Value(fields, "compression_methods"));
        Assert.Equal("14 bytes: localhost", Value(fields, "extension server_name (0x0000)"));
        Assert.Equal("12 bytes: x25519, secp256r1, x448, secp521r1, secp384r1", Value(fields, "extension supported_groups (0x000a)"));
        Assert.Equal("14 bytes: h2, http/1.1", Value(fields, "extension application_layer_protocol_negotiation (0x0010)"));
        Assert.StartsWith("176 bytes: 1b355eef7c1beaeb31aff0cdd60e173a", Value(fields, "extension session_ticket (0x0023)"), StringComparison.Ordinal);
        Assert.EndsWith("...", Value(fields, "extension session_ticket (0x0023)"), StringComparison.Ordinal);
        Assert.Equal("empty", Value(fields, "extension encrypt_then_mac (0x0016)"));
        Assert.Equal(5 + 8, fields.Count);
    }

    [Fact]
    public void Empty_tickets_and_GREASE_are_told_as_what_they_are()
    {
        var fields = MessageFields.Describe(HandshakeType.ClientHello, SampleHellos.ClientWith((0x2A2A, "00"), (35, ""), (0xFF01, "00"), (0xEEEE, "0102")));

        Assert.Equal("empty", Value(fields, "session_id"));
        Assert.Equal("1 byte", Value(fields, "extension GREASE (0x2a2a)"));
        Assert.Equal("empty: asks for a ticket", Value(fields, "extension session_ticket (0x0023)"));
        Assert.Equal("1 byte: first handshake", Value(fields, "extension renegotiation_info (0xff01)"));
        Assert.Equal("2 bytes", Value(fields, "extension unknown (0xeeee)"));
    }

    [Fact]
    public void A_ServerHello_tells_what_was_chosen()
    {
        var fields = MessageFields.Describe(HandshakeType.ServerHello, MessageSample.Write(SampleHellos.Server));

        Assert.Equal("TLS 1.2", Value(fields, "server_version"));
        Assert.Equal("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", Value(fields, "cipher_suite"));
        Assert.Equal("null", Value(fields, "compression_method"));
        Assert.Equal("5 bytes: h2", Value(fields, "extension application_layer_protocol_negotiation (0x0010)"));
        Assert.Equal("empty: promises a ticket", Value(fields, "extension session_ticket (0x0023)"));
        Assert.Equal("empty", Value(fields, "extension extended_master_secret (0x0017)"));
        Assert.Equal("2 bytes: 16384 bytes", Value(fields, "extension record_size_limit (0x001c)"));
    }

    [Fact]
    public void Names_of_protocols_that_are_not_text_cannot_reach_a_terminal()
    {
        var fields = MessageFields.Describe(HandshakeType.ServerHello, SampleHellos.ServerWith((16, "0003" + "02" + "1B5B")));

        Assert.Equal("5 bytes: 0x1b5b", Value(fields, "extension application_layer_protocol_negotiation (0x0010)"));
    }

    [Fact]
    public void A_NewSessionTicket_tells_lifetime_and_length()
    {
        var fields = Of("NewSessionTicket");

        Assert.Equal("7200 s", Value(fields, "ticket_lifetime_hint"));
        Assert.StartsWith("192 bytes: 3838", Value(fields, "ticket"), StringComparison.Ordinal);

        fields = MessageFields.Describe(HandshakeType.NewSessionTicket, new byte[6]);
        Assert.Equal("0: unspecified", Value(fields, "ticket_lifetime_hint"));
        Assert.Equal("empty: no ticket after all", Value(fields, "ticket"));
    }

    [Fact]
    public void The_other_messages_tell_groups_schemes_and_lengths()
    {
        Assert.Equal("2: 300 bytes, 5 bytes", Value(Of("Certificate"), "certificate_list"));
        Assert.Equal("x25519", Value(Of("ServerKeyExchange"), "namedcurve"));
        Assert.Equal("ecdsa_secp256r1_sha256", Value(Of("ServerKeyExchange"), "algorithm"));
        Assert.StartsWith("71 bytes: ", Value(Of("ServerKeyExchange"), "signature"), StringComparison.Ordinal);
        Assert.Equal("rsa_sign, ecdsa_sign", Value(Of("CertificateRequest"), "certificate_types"));
        Assert.Equal("ecdsa_secp256r1_sha256, rsa_pss_rsae_sha256", Value(Of("CertificateRequest"), "supported_signature_algorithms"));
        Assert.Equal("2: 47 bytes in all", Value(Of("CertificateRequest"), "certificate_authorities"));
        Assert.StartsWith("65 bytes: ", Value(Of("ClientKeyExchange"), "ecdh_Yc"), StringComparison.Ordinal);
        Assert.Equal("ecdsa_secp256r1_sha256", Value(Of("CertificateVerify"), "algorithm"));
        Assert.Equal("393939393939393939393939", Value(Of("Finished"), "verify_data"));
        Assert.Equal("9 bytes: 333333333333333333", Value(Of("CertificateStatus"), "ocsp_response"));
        Assert.Empty(Of("ServerHelloDone"));
        Assert.Empty(Of("HelloRequest"));
    }

    [Fact]
    public void What_does_not_parse_is_said_to_be_malformed_and_why()
    {
        Assert.Equal("malformed: random: 32 bytes expected, 0 left (of 2 bytes)", Value(MessageFields.Describe(HandshakeType.ClientHello, new byte[2]), "body"));
        Assert.Equal("malformed: ServerHelloDone: 1 bytes too many (of 1 bytes)", Value(MessageFields.Describe(HandshakeType.ServerHelloDone, new byte[1]), "body"));
        Assert.Equal("3 bytes: 000000", Value(MessageFields.Describe((HandshakeType)99, new byte[3]), "body"));
    }

    private static IReadOnlyList<HandshakeField> Of(string sample) =>
        MessageFields.Describe(MessageSample.All[sample].Type, MessageSample.All[sample].Body);

    private static string Value(IReadOnlyList<HandshakeField> fields, string name) => Assert.Single(fields, field => field.Name == name).Value;
}
