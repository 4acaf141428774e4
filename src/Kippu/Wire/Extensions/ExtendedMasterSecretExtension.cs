namespace Kippu.Wire.Extensions;

/// <summary>extended_master_secret (RFC 7627 §5.1): "The "extension_data" field of this extension is empty", in both hellos.</summary>
internal static class ExtendedMasterSecretExtension
{
    public static bool Read(ReadOnlyMemory<byte> data) => ExtensionFraming.ReadEmpty(data, "extended_master_secret");

    public static void Write(TlsWriter writer) => ExtensionFraming.WriteEmpty(writer, ExtensionType.ExtendedMasterSecret);
}
