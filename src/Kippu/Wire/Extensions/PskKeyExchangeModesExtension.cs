namespace Kippu.Wire.Extensions;

/// <summary>
/// psk_key_exchange_modes (RFC 8446 §4.2.9), the client's only.
/// <code>
/// enum { psk_ke(0), psk_dhe_ke(1), (255) } PskKeyExchangeMode;
/// struct { PskKeyExchangeMode ke_modes&lt;1..255&gt;; } PskKeyExchangeModes;
/// </code>
/// </summary>
internal static class PskKeyExchangeModesExtension
{
    /// <summary>The key follows from the PSK alone, without forward secrecy. Not spoken here.</summary>
    public const byte PskKe = 0;

    public const byte PskDheKe = 1;

    public static ReadOnlyMemory<byte> Read(ReadOnlyMemory<byte> data)
    {
        var reader = new MemoryReader(data);
        var modes = reader.ReadVector8("ke_modes", min: 1);
        reader.ExpectEnd("psk_key_exchange_modes");
        return modes;
    }

    public static void Write(TlsWriter writer, ReadOnlyMemory<byte> modes)
    {
        using (ExtensionFraming.Open(writer, ExtensionType.PskKeyExchangeModes))
        {
            writer.WriteVector8(modes.Span);
        }
    }
}
