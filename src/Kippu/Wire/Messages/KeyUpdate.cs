using Kippu.Alerts;

namespace Kippu.Wire.Messages;

/// <summary>
/// KeyUpdate (RFC 8446 §4.6.3): what the sender says from here on is under its next key.
/// <code>
/// enum { update_not_requested(0), update_requested(1), (255) } KeyUpdateRequest;
/// struct {
///     KeyUpdateRequest request_update;
/// } KeyUpdate;
/// </code>
/// </summary>
internal sealed class KeyUpdate : IHandshakeBody<KeyUpdate>
{
    public static HandshakeType Type => HandshakeType.KeyUpdate;

    /// <summary>Whether the receiver shall update its own key too.</summary>
    public required bool IsRequested { get; init; }

    public static KeyUpdate Parse(ReadOnlyMemory<byte> body)
    {
        var reader = new TlsReader(body.Span);
        var request = reader.ReadUInt8("request_update");
        reader.ExpectEnd("KeyUpdate");

        // "If an implementation receives any other value, it MUST terminate the connection with an "illegal_parameter" alert."
        return request <= 1
            ? new KeyUpdate { IsRequested = request == 1 }
            : throw new TlsFaultException(TlsFault.IllegalParameter, $"request_update: {request} is neither update_not_requested nor update_requested");
    }

    public void Write(TlsWriter writer) => writer.WriteUInt8(IsRequested ? (byte)1 : (byte)0);
}
