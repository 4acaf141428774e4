namespace Kippu.Wire.Extensions;

/// <summary>
/// supported_groups (RFC 8422 §5.1.1, where it is elliptic_curves; RFC 8446 §4.2.7), in the client's order of preference.
/// <code>
/// struct { NamedGroup named_group_list&lt;2..2^16-1&gt;; } NamedGroupList;
/// </code>
/// </summary>
internal static class SupportedGroupsExtension
{
    public static UInt16List Read(ReadOnlyMemory<byte> data)
    {
        var reader = new MemoryReader(data);
        var groups = UInt16List.Parse(reader.ReadVector16("named_group_list", min: 2), "named_group_list");
        reader.ExpectEnd("supported_groups");
        return groups;
    }

    public static void Write(TlsWriter writer, UInt16List groups)
    {
        using (ExtensionFraming.Open(writer, ExtensionType.SupportedGroups))
        {
            writer.WriteVector16(groups.Raw);
        }
    }
}
