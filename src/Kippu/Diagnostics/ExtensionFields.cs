using Kippu.Wire;
using Kippu.Wire.Extensions;
using Kippu.Wire.Messages;

namespace Kippu.Diagnostics;

/// <summary>The extensions of a message for <see cref="MessageFields"/>: name, number, length, and what those that are known hold.</summary>
internal static class ExtensionFields
{
    public static void AddTo(List<HandshakeField> fields, ClientHello hello) => AddTo(fields, hello.ExtensionBlock, type => Content(hello, type));

    public static void AddTo(List<HandshakeField> fields, ServerHello hello) => AddTo(fields, hello.ExtensionBlock, type => Content(hello, type));

    /// <summary>All extensions of a block, with what the caller knows of their content.</summary>
    public static void AddTo(List<HandshakeField> fields, ReadOnlyMemory<byte> block, Func<ExtensionType, string?> content)
    {
        var reader = new ExtensionReader(block, stackalloc ushort[ExtensionTypeSet.ScratchLength]);
        while (reader.TryNext(out var type, out var data))
        {
            Add(fields, type, data, content(type));
        }
    }

    private static void Add(List<HandshakeField> fields, ExtensionType type, ReadOnlyMemory<byte> data, string? content)
    {
        var length = data.IsEmpty ? "empty" : FieldText.Length(data.Length);
        fields.Add(new($"extension {IanaNames.Extension((ushort)type)} (0x{(ushort)type:x4})", content is null ? length : $"{length}: {content}"));
    }

    private static string? Content(ClientHello hello, ExtensionType type) => type switch
    {
        ExtensionType.ServerName => hello.ServerName,
        ExtensionType.StatusRequest => hello.StatusRequest ? "ocsp" : null,
        ExtensionType.SupportedGroups => FieldText.List(hello.SupportedGroups.GetValueOrDefault(), IanaNames.Group),
        ExtensionType.EcPointFormats => FieldText.List(hello.EcPointFormats.GetValueOrDefault(), IanaNames.PointFormat),
        ExtensionType.SignatureAlgorithms => FieldText.List(hello.SignatureAlgorithms.GetValueOrDefault(), IanaNames.SignatureScheme),
        ExtensionType.SignatureAlgorithmsCert => FieldText.List(hello.SignatureAlgorithmsCert.GetValueOrDefault(), IanaNames.SignatureScheme),
        ExtensionType.ApplicationLayerProtocolNegotiation => FieldText.List(hello.ApplicationProtocols.GetValueOrDefault()),
        ExtensionType.RecordSizeLimit => FieldText.Length(hello.RecordSizeLimit.GetValueOrDefault()),
        ExtensionType.SessionTicket => Ticket(hello.SessionTicket.GetValueOrDefault()),
        ExtensionType.SupportedVersions => FieldText.List(hello.SupportedVersions.GetValueOrDefault(), IanaNames.Version),
        ExtensionType.RenegotiationInfo => Renegotiation(hello.RenegotiationInfo.GetValueOrDefault()),
        ExtensionType.KeyShare => Shares(hello.KeyShares.GetValueOrDefault()),
        ExtensionType.PskKeyExchangeModes => FieldText.List(hello.PskKeyExchangeModes.GetValueOrDefault(), IanaNames.PskKeyExchangeMode),
        ExtensionType.PreSharedKey => Offer(hello.PreSharedKeys.GetValueOrDefault()),
        ExtensionType.Cookie => FieldText.Bytes(hello.Cookie.GetValueOrDefault()),
        ExtensionType.CertificateAuthorities => FieldText.Sum(hello.CertificateAuthorities!),
        ExtensionType.TicketRequest => Wish(hello.TicketRequest.GetValueOrDefault()),
        _ => null,
    };

    private static string? Content(ServerHello hello, ExtensionType type) => type switch
    {
        ExtensionType.EcPointFormats => FieldText.List(hello.EcPointFormats.GetValueOrDefault(), IanaNames.PointFormat),
        ExtensionType.ApplicationLayerProtocolNegotiation => FieldText.Protocol(hello.ApplicationProtocol.GetValueOrDefault()),
        ExtensionType.RecordSizeLimit => FieldText.Length(hello.RecordSizeLimit.GetValueOrDefault()),
        ExtensionType.SessionTicket => "promises a ticket",
        ExtensionType.SupportedVersions => IanaNames.Version(hello.SelectedVersion.GetValueOrDefault()),
        ExtensionType.RenegotiationInfo => Renegotiation(hello.RenegotiationInfo.GetValueOrDefault()),
        ExtensionType.KeyShare => Share(hello.KeyShare.GetValueOrDefault()),
        ExtensionType.PreSharedKey => $"takes identity {hello.SelectedIdentity.GetValueOrDefault()}",
        _ => null,
    };

    private static string Wish(TicketRequest request) => $"{request.NewSessionCount} new, {request.ResumptionCount} on resumption";

    private static string Shares(KeyShareList shares)
    {
        var texts = new List<string>(shares.Count);
        foreach (var share in shares)
        {
            texts.Add(Share(share));
        }

        return texts.Count == 0 ? "none: asks for a HelloRetryRequest" : string.Join(", ", texts);
    }

    private static string Share(KeyShareEntry share) => $"{IanaNames.Group(share.Group)} ({FieldText.Length(share.KeyExchange.Length)})";

    /// <summary>The first identity and its binder; further ones are only counted.</summary>
    private static string Offer(OfferedPsks offer)
    {
        var first = offer.Identity(0);
        var more = offer.Count == 1 ? "" : $"; {offer.Count - 1} more";
        return $"identity of {FieldText.Bytes(first.Identity)}, obfuscated age {first.ObfuscatedTicketAge}, binder of {FieldText.Bytes(offer.Binder(0))}{more}";
    }

    private static string Ticket(ReadOnlyMemory<byte> ticket) => ticket.IsEmpty ? "asks for a ticket" : FieldText.Shown(ticket);

    private static string Renegotiation(ReadOnlyMemory<byte> connection) => connection.IsEmpty ? "first handshake" : FieldText.Shown(connection);
}
