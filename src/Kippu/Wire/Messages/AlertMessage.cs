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

    public static AlertMessage Parse(ReadOnlySpan<byte> fragment)
    {
        var reader = new TlsReader(fragment);
        var level = reader.ReadUInt8("level");
        var description = (AlertDescription)reader.ReadUInt8("description");
        reader.ExpectEnd("Alert");
        return level is Warning or Fatal
            ? new AlertMessage(level == Fatal, description)
            : throw new TlsFaultException(TlsFault.IllegalParameter, $"AlertLevel: {level} is neither warning nor fatal");
    }

    /// <summary>The two bytes.</summary>
    public byte[] ToArray() => [IsFatal ? Fatal : Warning, (byte)Description];
}
