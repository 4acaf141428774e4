using Kippu.Wire;
using Kippu.Wire.Messages;

namespace Kippu.Diagnostics;

/// <summary>The part of <see cref="MessageFields"/> that TLS 1.3 has for itself.</summary>
internal static class MessageFields13
{
    /// <summary>The fields of a message that is no hello.</summary>
    /// <exception cref="Alerts.TlsFaultException">It does not parse.</exception>
    public static IReadOnlyList<HandshakeField> Describe(HandshakeType type, ReadOnlyMemory<byte> body) => type switch
    {
        HandshakeType.EncryptedExtensions => Describe(EncryptedExtensions.Parse(body)),
        HandshakeType.CertificateRequest => Describe(CertificateRequest13.Parse(body)),
        HandshakeType.Certificate => Describe(CertificateMessage13.Parse(body)),
        HandshakeType.CertificateVerify => MessageFields.Describe(CertificateVerify.Parse(body)),
        HandshakeType.Finished => [new("verify_data", FieldText.Hex(Finished.Parse(body, body.Length).VerifyData))],
        HandshakeType.NewSessionTicket => Describe(NewSessionTicket13.Parse(body)),
        HandshakeType.KeyUpdate => [new("request_update", KeyUpdate.Parse(body).IsRequested ? "update_requested" : "update_not_requested")],
        HandshakeType.EndOfEarlyData when EndOfEarlyData.Parse(body) is not null => [],
        _ => [new("body", FieldText.Bytes(body))],
    };

    public static IReadOnlyList<HandshakeField> Describe(HelloRetryRequest request)
    {
        List<HandshakeField> fields =
        [
            new("legacy_version", IanaNames.Version(request.LegacyVersion)),
            new("random", "that of a HelloRetryRequest"),
            new("legacy_session_id_echo", FieldText.Bytes(request.SessionId)),
            new("cipher_suite", IanaNames.CipherSuite(request.CipherSuite)),
        ];
        ExtensionFields.AddTo(fields, request.ExtensionBlock, type => type switch
        {
            ExtensionType.SupportedVersions => IanaNames.Version(request.SelectedVersion.GetValueOrDefault()),
            ExtensionType.KeyShare => $"asks for {IanaNames.Group(request.SelectedGroup.GetValueOrDefault())}",
            ExtensionType.Cookie => FieldText.Bytes(request.Cookie.GetValueOrDefault()),
            _ => null,
        });
        return fields;
    }

    private static List<HandshakeField> Describe(EncryptedExtensions message)
    {
        List<HandshakeField> fields = [];
        ExtensionFields.AddTo(fields, message.ExtensionBlock, type => type switch
        {
            ExtensionType.SupportedGroups => FieldText.List(message.SupportedGroups.GetValueOrDefault(), IanaNames.Group),
            ExtensionType.ApplicationLayerProtocolNegotiation => FieldText.Protocol(message.ApplicationProtocol.GetValueOrDefault()),
            ExtensionType.RecordSizeLimit => FieldText.Length(message.RecordSizeLimit.GetValueOrDefault()),
            ExtensionType.EarlyData => "takes the early data",
            ExtensionType.TicketRequest => $"{message.ExpectedTickets} to come",
            _ => null,
        });
        return fields;
    }

    private static List<HandshakeField> Describe(CertificateRequest13 message)
    {
        List<HandshakeField> fields = [new("certificate_request_context", FieldText.Bytes(message.Context))];
        ExtensionFields.AddTo(fields, message.ExtensionBlock, type => type switch
        {
            ExtensionType.SignatureAlgorithms => FieldText.List(message.SignatureAlgorithms, IanaNames.SignatureScheme),
            ExtensionType.SignatureAlgorithmsCert => FieldText.List(message.SignatureAlgorithmsCert.GetValueOrDefault(), IanaNames.SignatureScheme),
            ExtensionType.CertificateAuthorities => FieldText.Sum(message.CertificateAuthorities!),
            _ => null,
        });
        return fields;
    }

    private static List<HandshakeField> Describe(CertificateMessage13 message)
    {
        List<HandshakeField> fields = [new("certificate_request_context", FieldText.Bytes(message.Context))];
        if (message.Entries.Count == 0)
        {
            fields.Add(new("certificate_list", "empty: no certificate"));
        }

        foreach (var entry in message.Entries)
        {
            fields.Add(new("certificate", FieldText.Length(entry.Certificate.Length)));
            ExtensionFields.AddTo(fields, entry.ExtensionBlock, type => type switch
            {
                ExtensionType.StatusRequest => $"ocsp response of {FieldText.Length(entry.OcspResponse.GetValueOrDefault().Length)}",
                _ => null,
            });
        }

        return fields;
    }

    private static List<HandshakeField> Describe(NewSessionTicket13 message)
    {
        List<HandshakeField> fields =
        [
            new("ticket_lifetime", message.Lifetime == 0 ? "0: to be discarded" : $"{message.Lifetime} s"),
            new("ticket_age_add", $"0x{message.AgeAdd:x8}"),
            new("ticket_nonce", FieldText.Bytes(message.Nonce)),
            new("ticket", FieldText.Bytes(message.Ticket)),
        ];
        ExtensionFields.AddTo(
            fields,
            message.ExtensionBlock,
            type => type == ExtensionType.EarlyData ? $"up to {FieldText.Length(message.MaxEarlyData.GetValueOrDefault())}" : null);
        return fields;
    }
}
