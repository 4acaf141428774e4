using Kippu.Alerts;

namespace Kippu.Wire.Extensions;

/// <summary>What all extensions have in common: type and length around the data, and the rule of those that have none.</summary>
internal static class ExtensionFraming
{
    /// <summary>Writes the type and opens extension_data, whose length is filled in when the scope ends.</summary>
    public static TlsWriter.VectorScope Open(TlsWriter writer, ExtensionType type)
    {
        writer.WriteUInt16((ushort)type);
        return writer.Vector16();
    }

    /// <summary>Writes an extension that says all by being there.</summary>
    public static void WriteEmpty(TlsWriter writer, ExtensionType type)
    {
        writer.WriteUInt16((ushort)type);
        writer.WriteUInt16(0);
    }

    /// <summary>Insists that an extension that says all by being there says nothing else.</summary>
    public static bool ReadEmpty(ReadOnlyMemory<byte> data, string name)
    {
        if (!data.IsEmpty)
        {
            throw new TlsFaultException(TlsFault.MalformedMessage, $"{name}: {data.Length} bytes where none belong");
        }

        return true;
    }
}
