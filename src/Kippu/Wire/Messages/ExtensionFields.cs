using Kippu.Wire.Extensions;

namespace Kippu.Wire.Messages;

/// <summary>The extensions of a hello for <see cref="MessageFields"/>: name, number, length, and what those that are known hold.</summary>
internal static class ExtensionFields
{
    public static void AddTo(List<(string Name, string Value)> fields, ClientHello hello)
    {
        var reader = new ExtensionReader(hello.ExtensionBlock, stackalloc ushort[ExtensionTypeSet.ScratchLength]);
        while (reader.TryNext(out var type, out var data))
        {
            Add(fields, type, data, Content(hello, type));
        }
    }

    public static void AddTo(List<(string Name, string Value)> fields, ServerHello hello)
    {
        var reader = new ExtensionReader(hello.ExtensionBlock, stackalloc ushort[ExtensionTypeSet.ScratchLength]);
        while (reader.TryNext(out var type, out var data))
        {
            Add(fields, type, data, Content(hello, type));
        }
    }

    private static void Add(List<(string Name, string Value)> fields, ExtensionType type, ReadOnlyMemory<byte> data, string? content)
    {
        var length = data.IsEmpty ? "empty" : FieldText.Length(data.Length);
        fields.Add(($"extension {IanaNames.Extension((ushort)type)} (0x{(ushort)type:x4})", content is null ? length : $"{length}: {content}"));
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
        _ => null,
    };

    private static string Ticket(ReadOnlyMemory<byte> ticket) => ticket.IsEmpty ? "asks for a ticket" : FieldText.Shown(ticket);

    private static string Renegotiation(ReadOnlyMemory<byte> connection) => connection.IsEmpty ? "first handshake" : FieldText.Shown(connection);
}
