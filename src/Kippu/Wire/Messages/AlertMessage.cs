using Kippu.Alerts;

namespace Kippu.Wire.Messages;

/// <summary>
/// An alert (RFC 5246 §7.2). It fills its record: alerts are neither joined nor cut.
/// <code>
/// enum { warning(1), fatal(2), (255) } AlertLevel;
/// struct {
///     AlertLevel level;
///     AlertDescription description;
/// } Alert;
/// </code>
/// </summary>
internal readonly struct AlertMessage(bool isFatal, AlertDescription description)
{
    private const byte Warning = 1;
    private const byte Fatal = 2;

    public bool IsFatal { get; } = isFatal;

    /// <summary>What it says, which may be a number that nobody has defined.</summary>
    public AlertDescription Description { get; } = description;

    /// <param name="fragment">The content of the record.</param>
    /// <param name="anyLevel">
    /// TLS 1.3. RFC 8446 §6: "The AlertLevel field ... can safely be ignored", and error alerts are such "regardless of the AlertLevel in the message".
    /// </param>
    public static AlertMessage Parse(ReadOnlySpan<byte> fragment, bool anyLevel = false)
    {
        var reader = new TlsReader(fragment);
        var level = reader.ReadUInt8("level");
        var description = (AlertDescription)reader.ReadUInt8("description");
        reader.ExpectEnd("Alert");
        return level is Warning or Fatal || anyLevel
            ? new AlertMessage(level != Warning, description)
            : throw new TlsFaultException(TlsFault.IllegalParameter, $"AlertLevel: {level} is neither warning nor fatal");
    }

    /// <summary>The two bytes.</summary>
    public byte[] ToArray() => [IsFatal ? Fatal : Warning, (byte)Description];
}
