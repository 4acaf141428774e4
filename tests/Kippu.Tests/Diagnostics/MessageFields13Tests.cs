using Kippu.Diagnostics;
using Kippu.Tests.Wire.Messages;
using Kippu.Wire;
using Kippu.Wire.Messages;
using Xunit;

namespace Kippu.Tests.Diagnostics;

public sealed class MessageFields13Tests
{
    [Fact]
    public void A_ClientHello_tells_shares_tickets_and_wishes()
    {
        var fields = MessageFields.Describe(HandshakeType.ClientHello, MessageSample.Write(SampleHellos.Client), TlsVersion.Tls13);

        Assert.Equal("107 bytes: x25519 (32 bytes), secp256r1 (65 bytes)", Value(fields, "extension key_share (0x0033)"));
        Assert.Equal("2 bytes: psk_dhe_ke", Value(fields, "extension psk_key_exchange_modes (0x002d)"));
        Assert.Equal("empty", Value(fields, "extension early_data (0x002a)"));
        Assert.Equal("2 bytes: 2 new, 1 on resumption", Value(fields, "extension ticket_request (0x003a)"));
        Assert.Equal("53 bytes: 2: 47 bytes in all", Value(fields, "extension certificate_authorities (0x002f)"));
        Assert.EndsWith("20 bytes: 0102030405060708090a0b0c0d0e0f1011121314", Value(fields, "extension cookie (0x002c)"), StringComparison.Ordinal);
        var offer = Value(fields, "extension pre_shared_key (0x0029)");
        Assert.StartsWith("206 bytes: identity of 100 bytes: 0102030405", offer, StringComparison.Ordinal);
        Assert.Contains(", obfuscated age 16909060, binder of 32 bytes: 0000", offer, StringComparison.Ordinal);
        Assert.EndsWith("; 1 more", offer, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hello_without_shares_says_what_it_wants()
    {
        var fields = MessageFields.Describe(HandshakeType.ClientHello, SampleHellos.ClientWith((51, "0000")));

        Assert.Equal("2 bytes: none: asks for a HelloRetryRequest", Value(fields, "extension key_share (0x0033)"));
    }

    [Fact]
    public void A_ServerHello_tells_its_share_and_the_identity_it_takes()
    {
        var fields = MessageFields.Describe(HandshakeType.ServerHello, MessageSample.Write(SampleHellos.Server13));

        Assert.Equal("2 bytes: TLS 1.3", Value(fields, "extension supported_versions (0x002b)"));
        Assert.Equal("36 bytes: x25519 (32 bytes)", Value(fields, "extension key_share (0x0033)"));
        Assert.Equal("2 bytes: takes identity 1", Value(fields, "extension pre_shared_key (0x0029)"));
    }

    [Fact]
    public void A_HelloRetryRequest_is_told_from_a_ServerHello()
    {
        var fields = MessageFields.Describe(HandshakeType.ServerHello, MessageSample.Write(SampleHellos.Retry));

        Assert.Equal("that of a HelloRetryRequest", Value(fields, "random"));
        Assert.Equal("TLS_AES_128_GCM_SHA256", Value(fields, "cipher_suite"));
        Assert.Equal("2 bytes: asks for secp256r1", Value(fields, "extension key_share (0x0033)"));
        Assert.StartsWith("22 bytes: 20 bytes: 0102", Value(fields, "extension cookie (0x002c)"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_messages_that_were_encrypted_are_told_too()
    {
        Assert.Equal("5 bytes: h2", Value(Of("EncryptedExtensions"), "extension application_layer_protocol_negotiation (0x0010)"));
        Assert.Equal("empty: takes the early data", Value(Of("EncryptedExtensions"), "extension early_data (0x002a)"));
        Assert.Equal("1 byte: 2 to come", Value(Of("EncryptedExtensions"), "extension ticket_request (0x003a)"));
        Assert.EndsWith("x25519, secp256r1", Value(Of("EncryptedExtensions"), "extension supported_groups (0x000a)"), StringComparison.Ordinal);
        Assert.Equal("5 bytes: 0102030405", Value(Of("CertificateRequest, TLS 1.3"), "certificate_request_context"));
        Assert.Equal(
            "6 bytes: ecdsa_secp256r1_sha256, rsa_pss_rsae_sha256", Value(Of("CertificateRequest, TLS 1.3"), "extension signature_algorithms (0x000d)"));
        Assert.Equal(["200 bytes", "100 bytes"], Of("Certificate, TLS 1.3").Where(field => field.Name == "certificate").Select(field => field.Value));
        Assert.EndsWith("ocsp response of 30 bytes", Value(Of("Certificate, TLS 1.3"), "extension status_request (0x0005)"), StringComparison.Ordinal);
        Assert.Equal("update_requested", Value(Of("KeyUpdate"), "request_update"));
        Assert.Empty(Of("EndOfEarlyData"));
        Assert.Equal("empty: no certificate", Value(MessageFields.Describe(HandshakeType.Certificate, new byte[4], TlsVersion.Tls13), "certificate_list"));
        Assert.Equal(64, Value(MessageFields.Describe(HandshakeType.Finished, new byte[32], TlsVersion.Tls13), "verify_data").Length);
        Assert.Equal("3 bytes: 000000", Value(MessageFields.Describe(HandshakeType.ServerHelloDone, new byte[3], TlsVersion.Tls13), "body"));
    }

    [Fact]
    public void A_ticket_is_told_field_by_field()
    {
        var fields = Of("NewSessionTicket, TLS 1.3");

        Assert.Equal("7200 s", Value(fields, "ticket_lifetime"));
        Assert.Equal("0xfadebead", Value(fields, "ticket_age_add"));
        Assert.Equal("2 bytes: 0102", Value(fields, "ticket_nonce"));
        Assert.StartsWith("192 bytes: 0102", Value(fields, "ticket"), StringComparison.Ordinal);
        Assert.Equal("4 bytes: up to 16384 bytes", Value(fields, "extension early_data (0x002a)"));
    }

    [Fact]
    public void What_does_not_parse_is_said_to_be_malformed_and_why() =>
        Assert.Equal(
            "malformed: request_update: 7 is neither update_not_requested nor update_requested (of 1 bytes)",
            Value(MessageFields.Describe(HandshakeType.KeyUpdate, new byte[] { 7 }, TlsVersion.Tls13), "body"));

    private static IReadOnlyList<HandshakeField> Of(string sample) =>
        MessageFields.Describe(MessageSample.All[sample].Type, MessageSample.All[sample].Body, TlsVersion.Tls13);

    private static string Value(IReadOnlyList<HandshakeField> fields, string name) => Assert.Single(fields, field => field.Name == name).Value;
}
