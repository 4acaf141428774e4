using Kippu.Alerts;

namespace Kippu.Wire.Extensions;

/// <summary>
/// application_layer_protocol_negotiation (RFC 7301 §3.1): the client's list, in order of preference; the server's choice.
/// <code>
/// opaque ProtocolName&lt;1..2^8-1&gt;;
/// struct { ProtocolName protocol_name_list&lt;2..2^16-1&gt; } ProtocolNameList;
/// </code>
/// </summary>
internal static class ApplicationProtocolsExtension
{
    public static ProtocolNameList Read(ReadOnlyMemory<byte> data)
    {
        var reader = new MemoryReader(data);
        var names = ProtocolNameList.Parse(reader.ReadVector16("protocol_name_list", min: 2));
        reader.ExpectEnd("application_layer_protocol_negotiation");
        return names;
    }

    public static void Write(TlsWriter writer, ProtocolNameList names)
    {
        using (ExtensionFraming.Open(writer, ExtensionType.ApplicationLayerProtocolNegotiation))
        {
            writer.WriteVector16(names.Raw);
        }
    }

    /// <summary>The one name that the server chose.</summary>
    public static ReadOnlyMemory<byte> ReadChoice(ReadOnlyMemory<byte> data)
    {
        // RFC 7301 §3.1, of the server's extension: "the "ProtocolNameList" MUST contain exactly one "ProtocolName"."
        var names = Read(data);
        if (names.Count != 1)
        {
            throw new TlsFaultException(TlsFault.MalformedMessage, $"protocol_name_list: the server chose {names.Count} protocols, not one");
        }

        var first = names.GetEnumerator();
        first.MoveNext();
        return first.Current;
    }

    public static void WriteChoice(TlsWriter writer, ReadOnlyMemory<byte> name)
    {
        using (ExtensionFraming.Open(writer, ExtensionType.ApplicationLayerProtocolNegotiation))
        using (writer.Vector16())
        {
            writer.WriteVector8(name.Span);
        }
    }
}
