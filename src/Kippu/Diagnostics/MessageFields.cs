using Kippu.Alerts;
using Kippu.Wire;
using Kippu.Wire.Messages;

namespace Kippu.Diagnostics;

/// <summary>
/// What stands in a handshake message, field by field, under the names of the RFCs, for traces that people read. It costs what it costs: nobody asks for it but
/// a listening observer. It never throws: what does not parse is said to be malformed, with the reason that the handshake would give.
/// </summary>
internal static class MessageFields
{
    /// <summary>The fields of a message in the order of the wire.</summary>
    /// <param name="type">What kind of message it is.</param>
    /// <param name="body">Everything behind the header of four bytes.</param>
    /// <param name="version">What was negotiated; of no matter for the hellos.</param>
    public static IReadOnlyList<HandshakeField> Describe(HandshakeType type, ReadOnlyMemory<byte> body, TlsVersion version = TlsVersion.Tls12)
    {
        try
        {
            return type switch
            {
                HandshakeType.ClientHello => Describe(ClientHello.Parse(body)),
                HandshakeType.ServerHello when HelloRetryRequest.IsIn(body) => MessageFields13.Describe(HelloRetryRequest.Parse(body)),
                HandshakeType.ServerHello => Describe(ServerHello.Parse(body)),
                _ when version == TlsVersion.Tls13 => MessageFields13.Describe(type, body),
                HandshakeType.Certificate => Describe(CertificateMessage12.Parse(body)),
                HandshakeType.CertificateStatus => [new("ocsp_response", FieldText.Bytes(CertificateStatus.Parse(body).OcspResponse))],
                HandshakeType.ServerKeyExchange => Describe(ServerKeyExchange.Parse(body)),
                HandshakeType.CertificateRequest => Describe(CertificateRequest12.Parse(body)),
                HandshakeType.ClientKeyExchange => [new("ecdh_Yc", FieldText.Bytes(ClientKeyExchange.Parse(body).PublicKey))],
                HandshakeType.CertificateVerify => Describe(CertificateVerify.Parse(body)),
                HandshakeType.NewSessionTicket => Describe(NewSessionTicket12.Parse(body)),
                HandshakeType.Finished => [new("verify_data", FieldText.Hex(Finished.Parse(body).VerifyData))],
                HandshakeType.HelloRequest when HelloRequest.Parse(body) is not null => [],
                HandshakeType.ServerHelloDone when ServerHelloDone.Parse(body) is not null => [],
                _ => [new("body", FieldText.Bytes(body))],
            };
        }
        catch (TlsFaultException fault)
        {
            return [new("body", $"malformed: {fault.Message} (of {body.Length} bytes)")];
        }
    }

    /// <summary>The same bytes in both versions.</summary>
    public static IReadOnlyList<HandshakeField> Describe(CertificateVerify message) =>
    [
        new("algorithm", IanaNames.SignatureScheme(message.Scheme)),
        new("signature", FieldText.Bytes(message.Signature)),
    ];

    private static List<HandshakeField> Describe(ClientHello hello)
    {
        List<HandshakeField> fields =
        [
            new("client_version", IanaNames.Version(hello.LegacyVersion)),
            new("random", FieldText.Hex(hello.Random)),
            new("session_id", FieldText.Bytes(hello.SessionId)),
            new("cipher_suites", FieldText.List(hello.CipherSuites, IanaNames.CipherSuite)),
            new("compression_methods", FieldText.List(hello.CompressionMethods, IanaNames.CompressionMethod)),
        ];
        ExtensionFields.AddTo(fields, hello);
        return fields;
    }

    private static List<HandshakeField> Describe(ServerHello hello)
    {
        List<HandshakeField> fields =
        [
            new("server_version", IanaNames.Version(hello.Version)),
            new("random", FieldText.Hex(hello.Random)),
            new("session_id", FieldText.Bytes(hello.SessionId)),
            new("cipher_suite", IanaNames.CipherSuite(hello.CipherSuite)),
            new("compression_method", IanaNames.CompressionMethod(hello.CompressionMethod)),
        ];
        ExtensionFields.AddTo(fields, hello);
        return fields;
    }

    private static HandshakeField[] Describe(CertificateMessage12 message)
    {
        if (message.Certificates.Count == 0)
        {
            return [new("certificate_list", "empty: no certificate")];
        }

        var lengths = new List<string>();
        foreach (var certificate in message.Certificates)
        {
            lengths.Add(FieldText.Length(certificate.Length));
        }

        return [new("certificate_list", $"{lengths.Count}: {string.Join(", ", lengths)}")];
    }

    private static HandshakeField[] Describe(ServerKeyExchange message) =>
    [
        new("curve_type", "named_curve"),
        new("namedcurve", IanaNames.Group(message.Group)),
        new("public", FieldText.Bytes(message.PublicKey)),
        new("algorithm", IanaNames.SignatureScheme(message.Scheme)),
        new("signature", FieldText.Bytes(message.Signature)),
    ];

    private static HandshakeField[] Describe(CertificateRequest12 message)
    {
        var authorities = message.CertificateAuthorities.Count == 0 ? "empty: any authority" : FieldText.Sum(message.CertificateAuthorities);
        return
        [
            new("certificate_types", FieldText.List(message.CertificateTypes, IanaNames.ClientCertificateType)),
            new("supported_signature_algorithms", FieldText.List(message.SignatureAlgorithms, IanaNames.SignatureScheme)),
            new("certificate_authorities", authorities),
        ];
    }

    private static HandshakeField[] Describe(NewSessionTicket12 message) =>
    [
        new("ticket_lifetime_hint", message.LifetimeHint == 0 ? "0: unspecified" : $"{message.LifetimeHint} s"),
        new("ticket", message.Ticket.IsEmpty ? "empty: no ticket after all" : FieldText.Bytes(message.Ticket)),
    ];
}
