using Kippu.Alerts;

namespace Kippu.Wire.Messages;

/// <summary>
/// ChangeCipherSpec (RFC 5246 §7.1). It is no handshake message: it has a content type of its own and is in no transcript.
/// <code>
/// struct {
///     enum { change_cipher_spec(1), (255) } type;
/// } ChangeCipherSpec;
/// </code>
/// </summary>
internal static class ChangeCipherSpec
{
    private const byte Type = 1;

    /// <summary>The whole message.</summary>
    public static ReadOnlySpan<byte> Bytes => [Type];

    /// <summary>Insists that <paramref name="fragment"/> is the message and nothing else.</summary>
    public static void Parse(ReadOnlySpan<byte> fragment)
    {
        var reader = new TlsReader(fragment);
        var type = reader.ReadUInt8("ChangeCipherSpec");
        reader.ExpectEnd("ChangeCipherSpec");
        if (type != Type)
        {
            throw new TlsFaultException(TlsFault.IllegalParameter, $"ChangeCipherSpec: {type} is not change_cipher_spec");
        }
    }
}
