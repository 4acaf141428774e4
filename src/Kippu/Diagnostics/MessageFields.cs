using Kippu.Alerts;

namespace Kippu.Wire.Messages;

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
    public static IReadOnlyList<(string Name, string Value)> Describe(HandshakeType type, ReadOnlyMemory<byte> body, TlsVersion version = TlsVersion.Tls12)
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
                HandshakeType.CertificateStatus => [("ocsp_response", FieldText.Bytes(CertificateStatus.Parse(body).OcspResponse))],
                HandshakeType.ServerKeyExchange => Describe(ServerKeyExchange.Parse(body)),
                HandshakeType.CertificateRequest => Describe(CertificateRequest12.Parse(body)),
                HandshakeType.ClientKeyExchange => [("ecdh_Yc", FieldText.Bytes(ClientKeyExchange.Parse(body).PublicKey))],
                HandshakeType.CertificateVerify => Describe(CertificateVerify.Parse(body)),
                HandshakeType.NewSessionTicket => Describe(NewSessionTicket12.Parse(body)),
                HandshakeType.Finished => [("verify_data", FieldText.Hex(Finished.Parse(body).VerifyData))],
                HandshakeType.HelloRequest when HelloRequest.Parse(body) is not null => [],
                HandshakeType.ServerHelloDone when ServerHelloDone.Parse(body) is not null => [],
                _ => [("body", FieldText.Bytes(body))],
            };
        }
        catch (TlsFaultException fault)
        {
            return [("body", $"malformed: {fault.Message} (of {body.Length} bytes)")];
        }
    }

    /// <summary>The same bytes in both versions.</summary>
    public static IReadOnlyList<(string Name, string Value)> Describe(CertificateVerify message) =>
    [
        ("algorithm", IanaNames.SignatureScheme(message.Scheme)),
        ("signature", FieldText.Bytes(message.Signature)),
    ];

    private static List<(string Name, string Value)> Describe(ClientHello hello)
    {
        List<(string Name, string Value)> fields =
        [
            ("client_version", IanaNames.Version(hello.LegacyVersion)),
            ("random", FieldText.Hex(hello.Random)),
            ("session_id", FieldText.Bytes(hello.SessionId)),
            ("cipher_suites", FieldText.List(hello.CipherSuites, IanaNames.CipherSuite)),
            ("compression_methods", FieldText.List(hello.CompressionMethods, IanaNames.CompressionMethod)),
        ];
        ExtensionFields.AddTo(fields, hello);
        return fields;
    }

    private static List<(string Name, string Value)> Describe(ServerHello hello)
    {
        List<(string Name, string Value)> fields =
        [
            ("server_version", IanaNames.Version(hello.Version)),
            ("random", FieldText.Hex(hello.Random)),
            ("session_id", FieldText.Bytes(hello.SessionId)),
            ("cipher_suite", IanaNames.CipherSuite(hello.CipherSuite)),
            ("compression_method", IanaNames.CompressionMethod(hello.CompressionMethod)),
        ];
        ExtensionFields.AddTo(fields, hello);
        return fields;
    }

    private static (string Name, string Value)[] Describe(CertificateMessage12 message)
    {
        if (message.Certificates.Count == 0)
        {
            return [("certificate_list", "empty: no certificate")];
        }

        var lengths = new List<string>();
        foreach (var certificate in message.Certificates)
        {
            lengths.Add(FieldText.Length(certificate.Length));
        }

        return [("certificate_list", $"{lengths.Count}: {string.Join(", ", lengths)}")];
    }

    private static (string Name, string Value)[] Describe(ServerKeyExchange message) =>
    [
        ("curve_type", "named_curve"),
        ("namedcurve", IanaNames.Group(message.Group)),
        ("public", FieldText.Bytes(message.PublicKey)),
        ("algorithm", IanaNames.SignatureScheme(message.Scheme)),
        ("signature", FieldText.Bytes(message.Signature)),
    ];

    private static (string Name, string Value)[] Describe(CertificateRequest12 message)
    {
        var authorities = message.CertificateAuthorities.Count == 0 ? "empty: any authority" : FieldText.Sum(message.CertificateAuthorities);
        return
        [
            ("certificate_types", FieldText.List(message.CertificateTypes, IanaNames.ClientCertificateType)),
            ("supported_signature_algorithms", FieldText.List(message.SignatureAlgorithms, IanaNames.SignatureScheme)),
            ("certificate_authorities", authorities),
        ];
    }

    private static (string Name, string Value)[] Describe(NewSessionTicket12 message) =>
    [
        ("ticket_lifetime_hint", message.LifetimeHint == 0 ? "0: unspecified" : $"{message.LifetimeHint} s"),
        ("ticket", message.Ticket.IsEmpty ? "empty: no ticket after all" : FieldText.Bytes(message.Ticket)),
    ];
}
